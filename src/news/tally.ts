/** How many lines each group has: before, where a baseline was read, and now. */

/** Groups counted; then those that were met first are dropped. */
const groupsMax = 65_536;

/** How many lines a group has. */
export interface GroupCount {
  readonly group: number;
  /** Lines of the baseline. */
  before: number;
  /** Lines since. */
  now: number;
  /** Of its first line. */
  readonly line: number;
  readonly time: number;
  readonly text: string;
}

export class Tally {
  /** Lines of all groups. */
  before = 0;
  now = 0;
  readonly #groups = new Map<number, GroupCount>();

  /** @param first - is asked for a group's first line, when it is met */
  count(
    group: number,
    isBaseline: boolean,
    first: () => Pick<GroupCount, 'line' | 'time' | 'text'>,
  ): void {
    let counted = this.#groups.get(group);
    if (counted === undefined) {
      counted = { group, before: 0, now: 0, ...first() };
      this.#groups.set(group, counted);
      if (this.#groups.size > groupsMax) this.#dropFirst();
    }
    if (isBaseline) {
      counted.before += 1;
      this.before += 1;
    } else {
      counted.now += 1;
      this.now += 1;
    }
  }

  get(group: number): GroupCount | undefined {
    return this.#groups.get(group);
  }

  all(): IterableIterator<GroupCount> {
    return this.#groups.values();
  }

  #dropFirst(): void {
    for (const group of this.#groups.keys()) {
      this.#groups.delete(group);
      return;
    }
  }
}
