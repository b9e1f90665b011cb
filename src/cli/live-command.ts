/** `imesde -w PHRASE…`: prints each line that answers a phrase as it arrives. */
import { Option, type Command } from 'commander';
import type { WatchedLine } from '../engine.ts';
import { formatMatch } from '../output/match-format.ts';
import type { OverloadPolicy } from '../window/committer.ts';
import {
  addEngineOptions,
  addMatchOptions,
  addOutputOptions,
  type EngineFlags,
  type MatchOptions,
  type OutputOptions,
} from './common-options.ts';
import { assertInput, hintAtPhrases } from './hints.ts';
import { phrases } from './option-values.ts';
import { Run } from './run.ts';

interface LiveOptions extends EngineFlags, MatchOptions, OutputOptions {
  readonly watch?: readonly string[];
  readonly onOverload: OverloadPolicy;
}

/** Makes the program itself, without a subcommand, the live command. */
export function addLiveCommand(program: Command, onExit: (code: number) => void): Command {
  program
    .optionsGroup('Matching:')
    .addOption(
      new Option('-w, --watch <phrase>', 'print lines that mean this (repeatable)').argParser(
        phrases,
      ),
    );
  addEngineOptions(addOutputOptions(addMatchOptions(program))).addOption(
    new Option('--on-overload <how>', 'hold standard input back, or drop lines that wait, counted')
      .choices(['block', 'drop-oldest'])
      .default('block'),
  );
  return program.action(async (options: LiveOptions) => {
    onExit(await runLive(options));
  });
}

async function runLive(options: LiveOptions): Promise<number> {
  assertInput('-w PHRASE');
  const watched = options.watch ?? [];
  hintAtPhrases(watched, options);
  const run = new Run(options, options);
  try {
    const engine = await run.open({ keep: 'lines', onOverload: options.onOverload });
    await Promise.all(watched.map((phrase) => engine.addWatch(phrase, options.minScore)));
    const max = options.quiet === true ? 1 : (options.maxCount ?? Infinity);
    let matched = 0;
    engine.onMatch((line) => {
      if (matched === max || run.writer.readerLeft) return;
      matched += 1;
      run.noteMatch();
      if (options.quiet !== true) run.writer.write(formatLine(line, run));
      if (matched === max) run.stop.request();
    });
    await run.ingest(engine);
    await run.finish();
    if (run.stop.exitCode !== undefined) return run.stop.exitCode;
    return run.writer.readerLeft || matched > 0 || watched.length === 0 ? 0 : 1;
  } finally {
    await run.dispose();
  }
}

function formatLine({ hits, line, time, text }: WatchedLine, run: Run): string {
  const [best] = hits;
  return formatMatch(
    { query: best?.watch.phrase ?? '', score: best?.score ?? 0, line, time, text },
    run.format,
  );
}
