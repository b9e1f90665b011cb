/** The forms of lines, each by itself: what begins a record, what belongs to a stack trace. */

/** Dates and times as logs write them, with what may stand before: <34>1, a bracket, a quote. */
const time = new RegExp(
  `^(?:<\\d{1,3}>(?:1 )?)?[[("']?(?:${[
    String.raw`\d{4}[-/.]\d\d?[-/.]\d\d?(?:[T ,_:]|$)`,
    String.raw`\d\d?[-/. ](?:\d\d|[A-Z][a-z]{2})[-/. ]\d{2,4}[ :T,]`,
    String.raw`\d\d[-/]\d\d[ T]\d\d:\d\d`,
    String.raw`\d\d?:\d\d:\d\d(?![\w:])`,
    String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d`,
    String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{2} [ \d]\d|\d\d? [A-Z][a-z]{2}) `,
    String.raw`\d{10}(?:\d{3})?(?:\.\d+)?[ \]:,\t]`,
    String.raw`\d{6} \d{6} `,
    String.raw` *\d+\.\d{6}\] `,
  ].join('|')})`,
);
const level =
  /^[[(<]?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRITICAL|CRIT|FATAL|SEVERE|ALERT|EMERG|PANIC|VERBOSE|FINE|FINER|FINEST)(?:\d?[\])>:|]|\d? |$)/;
/** Heads that only count where nothing stands before them. */
const head = new RegExp(
  `^(?:${[
    String.raw`[IWEF]\d{4} \d\d:\d\d`, // glog
    String.raw`[DIWEFA], \[\d`, // Ruby's logger
    String.raw`(?:trce|dbug|info|warn|fail|crit): `, // .NET's console
    String.raw`[VDIWEF]/[\w.]+ *[(:]`, // logcat
    String.raw`\[(?:trace|debug|info|notice|warn|warning|error|err|crit|critical|fatal)\]`,
    String.raw`(?:time|ts|level|lvl|timestamp)=`,
    String.raw`\{"`, // A line of JSON.
    String.raw`(?:\d{1,3}\.){3}\d{1,3} `,
    String.raw`[\w.-]+ +\| `, // docker compose
    String.raw`\[(?:pod|container)?/?[\w.-]+/[\w./-]+\] `,
    String.raw`- \d{10} `,
  ].join('|')})`,
);
const levelIndentMax = 4;

/** Where the text begins behind blanks and tabs. */
export function indentOf(text: string): number {
  let i = 0;
  for (let code = text.charCodeAt(0); code === 0x20 || code === 0x09; code = text.charCodeAt(i)) {
    i += 1;
  }
  return i;
}

const colours = /^(?:\x1b\[[\d;]*m)+/;

/** A line without the colours that it begins with. */
export function withoutColours(text: string): string {
  return text.startsWith('\x1b') ? text.replace(colours, '') : text;
}

/** A line that begins so always starts anew. Levels may be padded: ` INFO`. */
export function startsRecord(line: string): boolean {
  const text = withoutColours(line);
  const indent = indentOf(text);
  if (indent === 0) return time.test(text) || level.test(text) || head.test(text);
  const rest = text.slice(indent, indent + 48);
  return time.test(rest) || (indent <= levelIndentMax && text[0] === ' ' && level.test(rest));
}

const headCharsMax = 2_048;
const trouble =
  /\b(?:err(?:or)?|fatal|crit(?:ical)?|severe|alert|emerg|panic|warn(?:ing)?|fail(?:ed|ure|s)?|uncaught|unhandled|unexpected|traceback|abort(?:ed)?|crash(?:ed)?)\b|^[EF][\d/,]|exception|[a-z](?:Error|Exception)\b/i;

/** Behind a line that tells of trouble a trace may follow. */
export function tellsTrouble(text: string): boolean {
  return trouble.test(text.slice(0, headCharsMax));
}

/** java.lang.IllegalStateException: message; a name with dots, and of what is thrown. */
const dottedException =
  /^[A-Za-z_$][\w$]*(?:\.[\w$]+)+(?:Exception|Error|Throwable|Failure|Fault|Timeout|Interrupt|Warning|Exit)\b[\w$]*(?: \([^)]*\))?(?::|$)/;
/** Error: message, TypeError [ERR_X]: message, [UnhandledPromiseRejection: … */
const plainException =
  /^(?:Uncaught |\[)?(?:[A-Za-z_]\w*)?(?:Error|Exception|Rejection|Warning|Interrupt)(?: \[\w+\])?(?: \([^)]*\))?:/;
const announcedException =
  /^(?:Exception in thread "|Unhandled exception|Uncaught |panic: |fatal error: |thread '.*' (?:\(\d+\) )?panicked at|PHP (?:Fatal|Parse) error: |\(node:\d+\) |\S+:\d+:in [`'])/;

export function isDottedException(text: string): boolean {
  return dottedException.test(text.slice(0, headCharsMax));
}

/** The first line of a trace: what was thrown, and perhaps by what. */
export function isExceptionHead(text: string): boolean {
  const start = text.slice(0, headCharsMax);
  return (
    dottedException.test(start) || plainException.test(start) || announcedException.test(start)
  );
}

/** /app/server.js:12, before the code where Node threw; src/a.c:12:5: error: of compilers. */
export const nodeLocation = /^(?:file:\/\/|node:)?[^\s:]+:\d+$/;
const place = /^[^\s:]+\.\w+:\d+(?::\d+)?:/;

export function isPlace(text: string): boolean {
  return nodeLocation.test(text) || place.test(text);
}

/** A frame of a stack, as the runtimes write them, behind blanks or not. */
const frame = new RegExp(
  `^\\s*(?:${[
    String.raw`at (?:async )?[\w$.<>/\[\]~@ -]+\(.*\)`, // Java, Node, .NET
    String.raw`at (?:file:|node:|/)\S+:\d+`,
    String.raw`File ".*", line \d+`,
    String.raw`(?:\d+: )?from \S+:\d+:in `,
    String.raw`\S+:\d+:in [\`'].*'$`,
    String.raw`\.\.\. \d+ (?:more|common frames omitted)`,
    String.raw`#\d+:? .*(?:[({]|0x[\da-f]{4})`,
    String.raw`\d+: +(?:0x[\da-f]+ - )?[\w<$][\w$<>{}:*&' ,#.\[\]=-]*::`, // Rust
    String.raw`--- End of (?:inner exception )?stack trace`,
  ].join('|')})`,
);

export function isFrame(text: string): boolean {
  return frame.test(text.slice(0, headCharsMax));
}

/** Go: a call without its blanks, where it was started, a register. */
export const goFrame =
  /^(?:[\w./*()·{}\-%[\]@~:]+\(.*\)|created by \S+.*|\.{3}(?:additional|\d+) frames elided\.{3}|exit status \d+|[a-z]\w{1,5} +0x[\da-f]+|\[originating from goroutine \d+\]:?)$/;
export const goroutine = /^goroutine \d+ .*\[.*\]:$/;

export const pythonFrame = /^\s+File ".*", line \d+/;
export const tracebackStart = 'Traceback (most recent call last):';
export const tracebackLink =
  /^(?:During handling of the above exception, another exception occurred:|The above exception was the direct cause of the following exception:)$/;

export const pemBegin = /^-----BEGIN [A-Z0-9 ]+-----$/;
export const pemBody = /^(?:[A-Za-z0-9+/]{1,76}={0,2}|[A-Z][\w-]+: .{1,200})$/;

/** The end of a block that a line above opened: }, ], ) and what may follow them. */
export const closer = /^[}\])]+(?:[,;.]?|.{0,80}[{[(])$/;
export const opensBlock = /[{[(]$/;
/** A line that says that more belongs to it. */
export const goesOn = /[:,{[(\\]$/;

/** Other bytes than of text: what looks like a form there is chance. */
const control = /[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]/;

export function isBinary(text: string): boolean {
  return control.test(text.slice(0, headCharsMax));
}

/** A sentence ends; and words alone, as prose has them. */
const sentenceEnd = /[.!?…]["'”’»)]*$/;
const prose = /^\s*[^\d:=/\\()[\]{}<>_@#$%&*|^~+]*$/;
const proseWordsMin = 3;

export function endsSentence(text: string): boolean {
  return sentenceEnd.test(text.slice(-8));
}

export function isProse(text: string): boolean {
  const start = text.slice(0, headCharsMax);
  return prose.test(start) && start.trim().split(/\s+/).length >= proseWordsMin;
}
