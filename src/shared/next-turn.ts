/** Resolves when other work of the thread has had its turn: between two slices of a long task. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
