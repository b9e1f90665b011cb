/** `imesde completion bash|zsh|fish`: a script for the shell, made from what is declared. */
import { Argument, Command, Option } from 'commander';
import { ImesdeError } from '../../shared/errors.ts';
import { shells, type Shell } from './shells.ts';

export function completionCommand(onExit: (code: number) => void): Command {
  const command = new Command('completion');
  return command
    .summary('a script for bash, zsh or fish that completes words')
    .description(
      'Prints a script with which the shell completes commands, options, their values, files, and ' +
        'the FIFOs of the instances that run.',
    )
    .usage(shells.join('|'))
    .addArgument(new Argument('[shell]', 'whose script').choices(shells))
    .addOption(new Option('--instances', 'what the scripts ask: the FIFOs of those that run'))
    .addHelpText(
      'after',
      `
Examples:
  eval "$(imesde completion bash)"          in ~/.bashrc
  eval "$(imesde completion zsh)"           in ~/.zshrc, behind compinit
  imesde completion fish > ~/.config/fish/completions/imesde.fish`,
    )
    .action(async (shell: Shell | undefined, { instances }: { readonly instances?: boolean }) => {
      if (shell === undefined && instances !== true) {
        throw new ImesdeError(
          'ERR_IMESDE_USAGE',
          `which shell: imesde completion ${shells.join(', or imesde completion ')}`,
        );
      }
      const { printInstances, printScript } = await import('./run.ts');
      onExit(await (shell === undefined ? printInstances() : printScript(shell, command.parent)));
    });
}
