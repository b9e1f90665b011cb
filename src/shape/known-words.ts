/**
 * The few words that the masking rules know. They are the vocabulary of log formats, units and
 * calendars, not of any system's messages.
 */
import { wordTable } from './word-kinds.ts';

/** A key of logfmt that names a part of every line: it says nothing about this one. */
export const structural = 1;
/** What stands before a number that has a meaning: status=503, exit code 137, errno 28. */
export const code = 2;
/** Months and days, as dates have them. */
export const calendar = 4;
/** After a number. */
export const unit = 8;
/** A name after "user" that says more than who it was. */
export const keptUser = 16;
/** The key of what a line has to say. */
export const message = 32;
/** After an HTTP method comes, sooner or later, its status. */
export const method = 256;
/** What may stand before the number of an HTTP error. */
export const answer = 512;
/** Of the end of a program: the number may have any length. */
export const exit = 1_024;
/** Glued to a number: 12px, 3rd, 50fps. */
export const suffix = 2_048;
/** Names with more digits than a name has. */
export const name = 4_096;
/** How grave a line is. */
export const level = 8_192;

/** The kinds of a word, added up; 0 for all others. */
export const kindsOfWord = wordTable([
  [
    structural,
    'level lvl severity loglevel msg message text log time ts timestamp date datetime logger ' +
      'thread pid tid host hostname service caller',
  ],
  [
    code,
    'status code signal errno exit exited rc statuscode httpstatus httpcode responsecode ' +
      'returncode exitcode exitstatus errorcode errcode retcode sc http',
  ],
  [exit, 'exit exited exitcode exitstatus returncode retcode errno rc hresult'],
  [calendar, 'jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun'],
  [unit, 'b kb mb gb tb kib mib gib ms us µs μs ns s sec secs am pm utc gmt'],
  [
    suffix,
    'b kb mb gb tb pb eb kib mib gib tib pib kbit mbit gbit bit bits byte bytes kbps mbps gbps bps ' +
      'ns us µs μs ms s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day ' +
      'days w wk wks week weeks mo month months y yr yrs year years am pm utc gmt px em rem pt dpi ' +
      'fps rpm hz khz mhz ghz w kw mw kwh v kv mv ma mah db dbm nm mm cm km ft in mi kg mg lb lbs oz ' +
      'ml cl mph kph st nd rd th k mn mln bn tn pct ppm bp usd eur gbp x',
  ],
  [level, 'emerg alert critical crit fatal severe error err warning warn notice info debug trace'],
  [keptUser, 'root admin administrator'],
  [
    message,
    'msg message shortmessage errormessage fullmessage logmessage textpayload event title comment ' +
      'summary description headline error err reason exception',
  ],
  [method, 'get post put delete head patch options connect trace'],
  [answer, 'http response returned returning returns responded respond error'],
  [name, 'ed25519 ed448 curve25519 x25519 poly1305 secp256k1 h264 h265 x264 x265 utf8mb4'],
]);
