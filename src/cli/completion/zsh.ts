/** The script for zsh: sourced after compinit, or as the file _imesde in a folder of fpath. */
import type { Completed, CompletedCommand, CompletedOption } from './words.ts';

const actions = {
  nothing: ' ',
  files: '_files',
  folders: '_files -/',
  programs: '_command_names -e',
  instances: '_imesde_instances',
} as const;

export function zshScript([live, ...commands]: readonly CompletedCommand[]): string {
  const named = commands.map(({ name, summary }) => quoted(`${name}:${summary}`));
  return `#compdef imesde
# Completes imesde's words in zsh: eval "$(imesde completion zsh)" in ~/.zshrc, behind compinit

_imesde_instances() {
  local -a paths
  paths=(\${(f)"$(command imesde completion --instances 2> /dev/null)"})
  ((\${#paths})) && compadd -a paths && return
  _files
}

_imesde() {
  local -a names specs
  names=(
${named.map((name) => `    ${name}`).join('\n')}
  )
  if ((CURRENT == 2)) && [[ \${words[2]} != -* ]]; then
    _describe -t commands command names
    return
  fi
  case \${words[2]} in
${commands.map(commandCase).join('\n')}
    *)
      specs=(
${live === undefined ? '' : specLines(live)}
      )
      _arguments -s -S : $specs
      return
      ;;
  esac
  # As if the command were a program of its own.
  shift words
  ((CURRENT -= 1))
  _arguments -s -S : $specs
}

if [[ \${funcstack[1]} == _imesde ]]; then
  _imesde "$@"
else
  compdef _imesde imesde
fi
`;
}

function commandCase(command: CompletedCommand): string {
  const { name, phraseOptions } = command;
  const withoutPhrase = phraseOptions?.map((option) =>
    option.startsWith('--') ? `${option}(|=*)` : `${option}*`,
  );
  return `    ${name})
      specs=(
${specLines(command)}
      )${
        withoutPhrase === undefined
          ? ''
          : `
      [[ \${words[CURRENT]} == -* || -n \${(M)words:#(${withoutPhrase.join('|')})} ]] || specs+=('1:phrase: ')`
      }
      ;;`;
}

function specLines({ options, operands }: CompletedCommand): string {
  const specs = options.flatMap(specsOf);
  if (operands !== 'nothing') specs.push(`*:operand:${actionOf(operands)}`);
  return specs.map((spec) => `        ${quoted(spec)}`).join('\n');
}

/** One for each of its names. One that is given rules out the other, unless it may be repeated. */
function specsOf({ names, description, isRepeatable, value }: CompletedOption): string[] {
  const before = isRepeatable ? '*' : names.length > 1 ? `(${names.join(' ')})` : '';
  const text = `[${description.replaceAll(/[[\]\\]/g, '\\$&')}]`;
  return names.map((name) => {
    if (value === undefined) return `${before}${name}${text}`;
    const own = name.startsWith('--') ? '=' : '+';
    const message = value.name.replaceAll(':', '\\:');
    return `${before}${name}${own}${text}:${message}:${actionOf(value.completed)}`;
  });
}

function actionOf(completed: Completed): string {
  return typeof completed === 'object' ? `(${completed.words.join(' ')})` : actions[completed];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
