/** Words that hold a sentence together, and stand-ins for what is looked for: they find nothing. */
export const functionWords: ReadonlySet<string> = new Set(
  (
    'the a an of to in on for is was be by at and or from with it its this that as are were has ' +
    'have had been being do does did will would can could should may than then so if when while ' +
    'which who what there their they we you i he she him her someone somebody anyone anybody ' +
    'everyone everybody something anything everything things thing try tries tried trying happen ' +
    'happens happened happening'
  ).split(' '),
);
