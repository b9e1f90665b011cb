import { describe, expect, it } from 'vitest';
import { Masker } from '../../src/shape/masker.ts';

const masker = new Masker({ exact: false });

describe('what is no text leaves nothing behind', () => {
  it.each([
    ['a colour', '\u001b[1;31mpump\u001b[0m failed'],
    ['a title that ends in BEL', '\u001b]0;all is well\u0007pump failed'],
    ['a title that ends in ST', '\u001b]2;all is well\u001b\\pump failed'],
    ["a link's target", '\u001b]8;;https://example.org/a\u001b\\pump\u001b]8;;\u001b\\ failed'],
    ['a character set', '\u001b(Bpump\u001b)0 failed'],
    ['sequences of two characters', '\u001b7pump\u001b8 \u001b=failed'],
    ["a device's string", '\u001bP1$r0m\u001b\\pump failed'],
    ['the one-character CSI', '\u009b31mpump\u009b0m failed'],
    ['escapes as rsyslog writes them', '#033[31mpump#033[0m#011failed'],
    ['escapes as cat -v writes them', '^[[31mpump^[[0m failed'],
    ['escapes in hexadecimal', '\\x1b[31mpump\\x1B[0m failed'],
    ['escapes in octal', '\\033[31mpump\\033[0m failed'],
    ['escapes of the shell', '\\e[31mpump\\e[0m failed'],
    ['escapes of JavaScript', '\\u001b[31mpump\\u001B[0m failed'],
    ['a title that is written out', '#033]0;root@web#007pump failed'],
    ['invisible characters', 'pu\u200bmp\u200e fa\u00adil\ufe0fed\ufeff'],
    ['full-width letters', 'ｐｕｍｐ　ＦＡＩＬＥＤ'],
    ['mathematical letters', '𝐩𝐮𝐦𝐩 failed'],
    ['pictures', '🔥pump🚨failed'],
    ['what was overwritten', 'pump 10%\rpump 90%\rpump failed\r'],
    ['what a cleared line was overwritten with', 'connecting\r\u001b[Kpump failed'],
    ['blanks that overwrite', 'pump failed\r   '],
  ])('%s', (_, line) => {
    expect(masker.key(line)).toBe('pump failed');
  });

  it('a line of a thousand words that was overwritten', () => {
    expect(masker.key(`${'some words '.repeat(700)}\rpump failed`)).toBe('pump failed');
  });
});

describe('what is text stays', () => {
  it.each([
    ['an unfinished title', '\u001b]0;pump failed', 'pump failed'],
    ['a pattern', 'no match for ^[[a-z] here', 'no match for a z here'],
    ['a path of Windows', 'cannot read C:\\example\\notes', 'cannot read c example notes'],
    ['a percent sign', 'disk 91% used, 50% free', 'disk used free'],
    ['encoded bytes', 'GET /a?q=caf%C3%A9%20open', 'get a q café open'],
    ['bytes encoded twice', 'GET /a?q=drop%2520table', 'get a q drop table'],
    ['accents on their own', 'e\u0301cole ferme\u0301e', 'école fermée'],
    ['capitals of other scripts', 'ÉCOLE FERMÉE ОШИБКА', 'école fermée ошибка'],
    ['plural acronyms', 'CEOs sell URLs and VMs', 'ceos sell urls and vms'],
    ['initials', 'U.S.-China talks, the U.K. agrees', 'us china talks the uk agrees'],
    ['US after a number', '3 US banks took 5 us', 'us banks took'],
    ['May after a date', '2020-01-02 May to resign, 02/May/2020', 'may to resign'],
    ['what is no name after user', 'user growth by region', 'user growth by region'],
    [
      'names with digits',
      'EXT4 on TLSv1.3 and Http2Server, 2FA, 5G, x86_64',
      'ext4 on tlsv1 3 and http2 server 2fa 5g x86 64',
    ],
    ['the word of an id', 'order12345 and session4711', 'order and session'],
  ])('%s', (_, line, key) => {
    expect(masker.key(line)).toBe(key);
  });
});

describe('a code keeps its number and says what it means', () => {
  it.each([
    ['nginx', '192.0.2.1 - - [04/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 503 12 "-" "x"'],
    ['without a version', 'GET /a/b 503 12.1 ms - 812'],
    ['HTTP/2', '"POST /a HTTP/2.0" 503 17'],
    ['gin', '[GIN] 2026/03/04 - 10:00:00 | 503 |  1.25ms | 192.0.2.1 | GET "/a"'],
    [
      'W3C columns',
      '2026-03-04 10:00:00 192.0.2.1 GET /a x=1 443 - 192.0.2.7 Agent/1.0 - 503 0 64 31',
    ],
    [
      'HAProxy',
      '192.0.2.1:42 [04/Mar/2026:10:00:00.1] web~ app/s 0/0/1/12/13 503 212 - - ---- "GET / HTTP/1.1"',
    ],
    ['a balancer', '0.000 0.001 0.000 503 503 34 366 "GET http://example.org:80/ HTTP/1.1"'],
    ['squid', '120 192.0.2.1 TCP_MISS/503 4321 GET http://example.org/ -'],
    ['a sentence', 'upstream returned 503'],
    ...[
      'status',
      'statusCode',
      'status_code',
      'http.status',
      'http_status_code',
      'response_code',
      'sc-status',
      'responseCode',
    ].map((name) => [`JSON, ${name}`, `{"msg":"done","${name}":503}`]),
    ['logfmt', 'msg=done status_code=503'],
  ])('%s', (_, line) => {
    expect(masker.key(line)).toContain('503 service unavailable');
    expect(masker.key(line.replaceAll('503', '200'))).not.toContain('unavailable');
  });

  it.each([
    ['exited with code 137', 'exited with code 137'],
    ['exit status 2', 'exit status 2'],
    ['exited (139)', 'exited 139'],
    ['exitCode=1', 'exit code 1'],
    ['exit_code: 1', 'exit code 1'],
    ['returncode=-9', 'returncode 9'],
    ['errno 28', 'errno 28'],
    ['killed by signal 11', 'killed by signal 11'],
    ['process exited with code 3221225477', 'process exited with code 3221225477'],
    ['{"ExitCode":1}', 'exit code 1'],
  ])('%s', (line, key) => {
    expect(masker.key(line)).toBe(key);
  });

  it('is none where a value stands between', () => {
    expect(masker.key('GET /a 502 took 12.4 ms - 512')).not.toContain('512');
    expect(masker.key('status of item 4821 512 404')).toBe('status of item');
  });
});

describe('what a tool put before a line', () => {
  it.each([
    ['syslog', 'Mar  4 05:06:07 web pumpd[12]: valve is stuck', 'valve is stuck web pumpd'],
    [
      'syslog with ISO time',
      '2026-03-04T05:06:07+00:00 web pumpd[12]: valve is stuck',
      'valve is stuck web pumpd',
    ],
    [
      'RFC 5424',
      '<34>1 2026-03-04T05:06:07Z web pumpd 12 - - valve is stuck',
      'valve is stuck web pumpd',
    ],
    [
      'a container runtime',
      '2026-03-04T05:06:07.1Z stderr F valve is stuck',
      'valve is stuck stderr f',
    ],
    ['compose', 'pump-1  | valve is stuck', 'valve is stuck pump'],
    ['kubectl', '[pod/pump-x/main] valve is stuck', 'valve is stuck pump x main'],
    [
      'GitHub Actions',
      'build\tTest it\t2026-03-04T05:06:07.1Z valve is stuck',
      'valve is stuck build test it',
    ],
    ['nothing: a level', '2026-03-04T05:06:07Z ERROR valve: is stuck', 'error valve is stuck'],
  ])('is read behind it: %s', (_, line, key) => {
    expect(masker.key(line)).toBe(key);
  });
});
