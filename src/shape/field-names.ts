/**
 * What a field of a JSON line is for, by its name however it is spelled: statusCode, status_code
 * and http.status.code are one name. The vocabulary of log formats, envelopes and feeds.
 */
import { characterKinds, lower, upper } from './characters.ts';
import { hashStart, hashStep } from '../shared/fnv.ts';
import { wordTable } from './word-kinds.ts';

/** In the order in which they are read. */
export const messageField = 0;
export const secondMessageField = 1;
export const thirdMessageField = 2;
/** Text of several words under a name that says nothing. */
export const proseField = 3;
/** status, code, exit: what a number means. */
export const codeField = 4;
/** What every line has and that is short: its value is read, its name is not. */
export const levelField = 5;
/** All others: name and value. */
export const plainField = 6;
/** Numbers, truth values, URLs: mostly only their name says something. */
export const valueField = 7;
/** The program that speaks. */
export const originField = 8;
/** What a collector wraps around each event: where it came from, when and by which way. */
export const envelopeField = 9;
export const fieldKinds = 10;

/** The table has bits, 0 is for names that are not in it. */
const bit = (kind: number): number => 1 << kind;

const kindBitsOf = wordTable([
  [
    bit(messageField),
    'msg message messages shortmessage fullmessage errormessage errmsg errormsg logmessage ' +
      'textpayload rawmessage log logline messagetext msgtext statusmessage payloadtext',
  ],
  [
    bit(secondMessageField),
    'event eventname title comment text body summary description desc headline subject content ' +
      'note details detail alert annotation tweet fulltext snippet question answer',
  ],
  [
    bit(thirdMessageField),
    'error err reason exception cause errordescription failure problem warning stacktrace stack ' +
      'errordetail errordetails exceptionmessage line data',
  ],
  [
    bit(codeField),
    'status statuscode httpstatus httpstatuscode responsecode respcode responsestatus respstatus ' +
      'resstatus scstatus code errorcode errcode errno exit exitcode exitstatus returncode retcode ' +
      'rc signal httpcode originstatus edgeresponsestatus downstreamstatus',
  ],
  [bit(levelField), 'level lvl severity loglevel levelname severitytext sev'],
  [
    bit(originField),
    'service servicename app appname application component module logger loggername subsystem ' +
      'program syslogidentifier containername unit',
  ],
  [
    bit(envelopeField),
    'time ts timestamp date datetime dt at eventtime thread threadname pid tid ' +
      'ppid host hostname caller file filename function func lineno pathname ' +
      'processname process source sourcelocation stream tag tags input agent ecs cloud container ' +
      'containerid docker kubernetes kube labels label resource namespace ' +
      'namespacename pod podname node nodename cluster clustername region zone location projectid ' +
      'project insertid logname receivetimestamp trace traceid span spanid traceflags ' +
      'meta metadata schema version v beat offset prospector fields facility priority transport ' +
      'syslogidentifier syslogfacility hostip machineid bootid cursor monotonictimestamp ' +
      'realtimetimestamp uri url link links guid uuid id requestid correlationid sessionid ' +
      'servername domain topic partition ' +
      'useragent agentid logstream loggroup owner messagetype subscriptionfilters eventid ' +
      'accountid tenant tenantid env environment instance instanceid ' +
      'dataset type indexname index score ingest elasticagent filename job stackid lang locale ' +
      'image thumbnail',
  ],
]);

const underscore = 0x5f;
const dot = 0x2e;

/** @returns the kind of field that the name from start to end stands for */
export function fieldKindOf(codes: Uint16Array, start: number, end: number): number {
  let hash = hashStart;
  for (let i = start; i < end; i += 1) {
    const code = codes[i]!;
    const kind = characterKinds[code]!;
    if (kind === upper || kind === lower) hash = hashStep(hash, code < 0x80 ? code | 0x20 : code);
    else if (code === dot && i + 1 < end) hash = hashStart;
  }
  const bits = kindBitsOf(hash);
  if (bits !== 0) return 31 - Math.clz32(bits & -bits);
  if (codes[start] === underscore || isReference(codes, start, end)) return envelopeField;
  return endsAsMessage(codes, start, end) ? messageField : plainField;
}

/** errorMessage, log_msg: whatever stands before. */
function endsAsMessage(codes: Uint16Array, start: number, end: number): boolean {
  return endsWith(codes, start, end, 'message') || endsWith(codes, start, end, 'msg');
}

/** Whether the small letters of a name end so. */
export function endsWith(codes: Uint16Array, start: number, end: number, letters: string): boolean {
  const from = end - letters.length;
  if (from < start) return false;
  for (let i = 0; i < letters.length; i += 1) {
    if ((codes[from + i]! | 0x20) !== letters.charCodeAt(i)) return false;
  }
  return true;
}

/** page_url, requestId. */
function isReference(codes: Uint16Array, start: number, end: number): boolean {
  if (endsWith(codes, start, end, 'url') || endsWith(codes, start, end, 'uri')) return true;
  const before = codes[end - 3]!;
  const isOwnWord = before === underscore || characterKinds[codes[end - 2]!] === upper;
  return end - start > 2 && isOwnWord && endsWith(codes, start, end, 'id');
}
