/** When a line came, in milliseconds since 1970. @param arrived - when it was read */
export function timeOfLine(_text: string, arrived: number): number {
  return arrived;
}
