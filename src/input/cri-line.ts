/** Lines as container runtimes write them (CRI): `<time> stdout F text`; `P` where more follows. */
const form = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) )([PF])(:\S*)? /;

export interface CriLine {
  /** stdout or stderr. */
  readonly stream: string;
  readonly isPartial: boolean;
  /** The time and the stream, with the blank behind them. */
  readonly prefix: string;
  readonly content: string;
}

export function criLineOf(text: string): CriLine | undefined {
  if (text.charCodeAt(10) !== 0x54 || !text.startsWith(' std', text.indexOf(' '))) return undefined;
  const found = form.exec(text.slice(0, 96));
  if (found === null) return undefined;
  const [all, prefix = '', flag] = found;
  return {
    stream: prefix.slice(-7, -1),
    isPartial: flag === 'P',
    prefix,
    content: text.slice(all.length),
  };
}

const space = 0x20;
const timeCharsMin = 20;
const timeCharsMax = 36;

/** Whether it is a part, of a line in a stream that is known to be of this kind. */
export function isCriPart(text: string): boolean {
  if (text.charCodeAt(10) !== 0x54) return false;
  let i = timeCharsMin;
  while (i < timeCharsMax && text.charCodeAt(i) !== space) i += 1;
  const flag = text.charCodeAt(i + 8);
  return flag === 0x50 && criLineOf(text)?.isPartial === true;
}
