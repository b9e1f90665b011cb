/** `imesde help TOPIC`: one screen each, 24 lines of at most 80 columns. */
import type { TopicName } from './topic-names.ts';

export const topics: Readonly<Record<TopicName, string>> = {
  scoring: `\
What a score is, and the five words that help and README use

  shape      what a line says, its values (numbers, times, addresses, ids)
             masked: "login from 10.0.0.7" and "login from 10.0.0.9" are one
  event      shapes that differ only in words which this stream has shown to
             vary (names, hosts): told once, and counted; --all tells every line
  score      the chance, 0 to 1, that a line answers the phrase
  window     the newest lines, held in memory: what a question sees (--window)
  threshold  the least score that answers: -s sets it, the exit code goes by it

  A watch prints from 0.5 on, a question is answered from 0.35 on. Below that
  -k N prints the N nearest all the same; the exit code still says 1.

  imesde query --scores "db failure" app.log       the score before each line
  imesde query -k 5 "db failure" app.log           the five nearest
  imesde query -s 0.6 "db failure" app.log         only what is rather sure
  imesde scores "db failure" app.log               how all scores lie
  imesde query --explain "db failure" app.log      which words met which

  A number in the phrase means that number. "disk full or out of memory" asks
  for either. --rank cosine compares whole texts, -1 to 1. --exact masks nothing
  at all: each line that differs is a shape.
`,
  scripting: `\
Scripts: exit codes, output and signals

  0  something answers      2      an error: a line on stderr says what to do
  1  nothing does           128+n  stopped by signal n (130 after Ctrl-C)

  if imesde query -q "disk about to fail" kern.log; then echo "look"; fi
  imesde query "db failure" app.log --json | jq -r .text
  imesde query -c "out of memory" *.log            how many lines, file by file
  imesde query -l "out of memory" *.log            only the names of the files
  tail -f app.log | imesde -w "db failure" -m 1    ends after one line

  Text goes out as it came in. With --json each match is an object on a line:
  query, rank, score, count, first, line, time, text, and what is asked for
  beside them. A key's meaning never changes; new ones may come.

  Off a terminal, stderr only tells what is wrong. -q ends at the first answer,
  while input is still open. | head -1 ends imesde quietly.
  kill -USR1 PID: a line of status on stderr. --stats: a summary at the end.
  An option's variable is IMESDE_ and its name (IMESDE_WINDOW); a flag wins.
`,
  cron: `\
Cron jobs: quiet where nothing is found, one mail where something is

  */10 * * * *  imesde query "disk full" /var/log/app.log --state /var/tmp/app

  --state keeps where reading ended: the next run reads what came since, also
  across rotation. cron mails what is printed: matches on stdout, errors on
  stderr, nothing else. It starts jobs with a short PATH: write imesde's out.

  By the times that the lines themselves carry:
    imesde query "break-in attempt" --since 10m /var/log/auth.log
  Several files; those that gzip has packed are read too:
    imesde query -e "out of memory" -e "disk full" /var/log/app.log*
  A file of phrases, one a line, which ps does not show:
    imesde query -f phrases /var/log/app.log
  Ask an instance that runs already, which costs a tenth of a second:
    imesde ask "db failure" --timeout 2s

  Exit code 1 is no failure: nothing answers. 2 is one. Under set -e:
    imesde query "db failure" app.log || [ $? -eq 1 ]
`,
  alerts: `\
Alerts: do something at each line that answers

  imesde -F app.log -w "db failure" --every 10m --exec "mail -s db ops"

  --exec runs a program, without a shell: the line is on its standard input, and
  IMESDE_LABEL, IMESDE_PHRASE, IMESDE_SCORE and IMESDE_COUNT are in its
  environment. --every runs it once for each event in that time; the rest is
  counted. It never holds the stream back. In a script of your own:
    imesde -F app.log -w "db failure" --json | while read -r match; do …; done

  Each line is printed as it comes, and flushed at once. One that answers
  several phrases is printed once and names all. --label names them:
    imesde -w "db failure" --label db -w "disk full" --label disk

  How often it fires: try the phrase on an old log, imesde -w "…" < old.log
  -s 0.7 prints fewer lines, and more of them are right; -s 0.4 misses less.

  A stream that comes faster than it can be read is held back; --on-overload
  screen lets lines pass unread, the least promising first, and counts them.

  --fifo PATH lets imesde ask reach it as it runs. All options: imesde help live
`,
  fleet: `\
A fleet: many instances asked at once, and streams that several share, on NATS

  export NATS_URL=nats1:4222       the server; or the nats CLI's context
  tail -F app.log | imesde --fleet --group web &        on each host
  imesde ask "disk full" --fleet                        all hosts, one answer
  imesde ask "disk full" --fleet --group web --expect 9 --timeout 2s
  imesde status --fleet                                 a line for each

  An answer has the best lines of all, each with its host in front ("host" in
  JSON); an event that several have is told once, with "hosts". Who died, is
  silent or busy, or has another model is named on stderr, and the code is 2.
  With --expect N it is 2 only where fewer than N answered: for cron, and to
  notice that a whole site is cut off, which no list tells. -q with a match: 0.

  Lines and phrases pass through the server: let it speak TLS, and say who may
  ask (imesde.v1.>). NATS_CREDS, NATS_NKEY, NATS_CA … are as for the nats CLI.

  imesde --stream LOGS --consumer imesde -w "db failure"   in place of stdin
  A message is acknowledged once its lines are judged and printed: what a
  process had when it died goes to another. 100 lines a message cost a tenth.
`,
};
