import { describe, expect, it } from 'vitest';
import { patternOf, shownCommands } from './helpers/readme.ts';
import { logsFolder, repository, runInTerminal, runShell } from './helpers/run-imesde.ts';

/** A terminal alone is told the nearest miss; a fleet needs a server: test/control/nats/readme.test.ts. */
const onTerminal = /penguins/;
const elsewhere = /--fleet/;

describe('what README shows', () => {
  const shown = shownCommands().filter(
    ({ command }) => command.startsWith('imesde ') && !elsewhere.test(command),
  );

  it('is many commands', () => {
    expect(shown.length).toBeGreaterThan(8);
  });

  it.each(shown.filter(({ command }) => !onTerminal.test(command)))(
    'is what it prints: $command',
    async ({ command, printed }) => {
      const isInLogs = !command.includes('test/fixtures');
      const { stdout } = await runShell(`${command} 2>&1`, {
        cwd: isInLogs ? logsFolder : repository,
        env: { COLUMNS: undefined },
      });
      expect(stdout).toMatch(patternOf(printed));
    },
  );

  it.each(shown.filter(({ command }) => onTerminal.test(command)))(
    'is what it tells a terminal: $command',
    async ({ command, printed }) => {
      const inTerminal = command.replace(/^imesde/, '"$NODE" "$IMESDE"');
      const { stdout } = await runInTerminal(`stty cols 200; ${inTerminal} < /dev/tty`, {
        env: { NO_COLOR: '1' },
      });
      expect(stdout).toMatch(patternOf(printed));
    },
  );
});
