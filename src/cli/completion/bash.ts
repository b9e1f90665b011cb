/** The script for bash: from 3.2 on, which macOS has; bash-completion need not be installed. */
import { typeOf, valuesByCompleted, type CompletedCommand } from './words.ts';

export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).filter((name) => name !== '');
  const isCommand = names.join('|');
  return `# Completes imesde's words in bash: eval "$(imesde completion bash)" in ~/.bashrc

# What begins as the word does. It is compared, never expanded.
_imesde_words() {
  local word
  for word in "$@"; do
    [[ $word == "$current"* ]] && COMPREPLY+=("$word")
  done
}

# Left to readline, which quotes what it finds.
_imesde_files() {
  compopt -o default 2> /dev/null
}

_imesde_folders() {
  compopt -o dirnames 2> /dev/null
}

_imesde_programs() {
  COMPREPLY=($(compgen -c -- "$current"))
}

_imesde_instances() {
  local path
  while IFS= read -r path; do
    [[ $path == "$current"* ]] && COMPREPLY+=("$path")
  done < <(command imesde completion --instances 2> /dev/null)
  compopt -o filenames 2> /dev/null
  [[ \${#COMPREPLY[@]} -gt 0 ]] || _imesde_files
}

_imesde() {
  local current=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD - 1]} command=
  local options valued phrase_options= operands=nothing words= index=1 count=0
  COMPREPLY=()
  # The shell takes --option=value for three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $option == = ]]; then
    option=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD > 1)); then
    case \${COMP_WORDS[1]} in
      ${isCommand})
        command=\${COMP_WORDS[1]}
        index=2
        ;;
    esac
  fi

  case $command in
${commands.map(commandCase).join('\n')}
  esac

  # Operands before this one, and whether the first of them is a phrase.
  for ((; index < COMP_CWORD; index += 1)); do
    case \${COMP_WORDS[index]} in
      --)
        options=
        ((count += COMP_CWORD - index - 1))
        break
        ;;
      -?*)
        [[ " $phrase_options " == *" \${COMP_WORDS[index]} "* ]] && phrase_options=
        if [[ " $valued " == *" \${COMP_WORDS[index]} "* ]]; then
          [[ \${COMP_WORDS[index + 1]} == = ]] && ((index += 1))
          ((index += 1))
        fi
        ;;
      *) ((count += 1)) ;;
    esac
  done

  if [[ $current == -* ]]; then
    _imesde_words $options
  elif [[ -z $command && $COMP_CWORD -eq 1 ]]; then
    _imesde_words ${names.join(' ')}
  elif [[ -z $phrase_options || $count -gt 0 ]]; then
    case $operands in
      files) _imesde_files ;;
      words) _imesde_words $words ;;
    esac
  fi
}

complete -F _imesde imesde
`;
}

function commandCase(command: CompletedCommand): string {
  const { name, options, operands, phraseOptions } = command;
  const valued = options.filter(({ value }) => value !== undefined);
  const lines = [
    `options='${namesOf(options)}'`,
    `valued='${namesOf(valued)}'`,
    ...(phraseOptions === undefined ? [] : [`phrase_options='${phraseOptions.join(' ')}'`]),
    ...(operands === 'nothing' ? [] : [`operands=${typeOf(operands)}`]),
    ...(typeof operands === 'object' ? [`words='${operands.words.join(' ')}'`] : []),
  ];
  if (valued.length > 0) {
    lines.push('case $option in');
    for (const [completed, those] of valuesByCompleted(valued)) {
      const type = typeOf(completed);
      const words = typeof completed === 'object' ? ` ${completed.words.join(' ')}` : '';
      const call = type === 'nothing' ? 'return' : `_imesde_${type}${words}; return`;
      lines.push(`  ${namesOf(those, '|')}) ${call} ;;`);
    }
    lines.push('esac');
  }
  return [`    '${name}')`, ...lines.map((line) => `      ${line}`), '      ;;'].join('\n');
}

function namesOf(options: CompletedCommand['options'], separator = ' '): string {
  return options.flatMap(({ names }) => names).join(separator);
}
