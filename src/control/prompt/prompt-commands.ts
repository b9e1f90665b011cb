/** What is typed at the prompt → what is asked for. */
import { topMax } from '../../shared/limits.ts';
import type { Operation } from '../request.ts';

export type Typed =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'top'; readonly top: number }
  /** Beside what was searched last. */
  | { readonly kind: 'mark'; readonly mark: 'like' | 'unlike'; readonly text: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'mistake'; readonly message: string };

export const promptHelp = `PHRASE           search what the window holds now
/search PHRASE   the same, also for a phrase that begins with a slash
/like TEXT       the last search again, with this line as an example of what is meant
/unlike PHRASE   the last search again, without what is nearer to this
/top N           matches for each search from now on
/watch PHRASE    print each new line that means this
/unwatch PHRASE  no longer; without a phrase, all of them
/status          how this instance is doing
/help            this list
/quit            end, as /exit and Ctrl-D do
`;

const names = '/search /like /unlike /top /watch /unwatch /status /help /quit /exit'.split(' ');

export function parseTyped(line: string): Typed {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  const [, name = '', rest = ''] = /^(\/\S*)\s*(.*)$/s.exec(text) ?? [];
  switch (name) {
    case '':
      return operation({ op: 'query', phrase: text });
    case '/search':
      return rest === '' ? needsPhrase(name) : operation({ op: 'query', phrase: rest });
    case '/like':
      return rest === '' ? needsPhrase(name) : { kind: 'mark', mark: 'like', text: rest };
    case '/unlike':
      return rest === '' ? needsPhrase(name) : { kind: 'mark', mark: 'unlike', text: rest };
    case '/watch':
      return rest === '' ? needsPhrase(name) : operation({ op: 'watch', phrase: rest });
    case '/unwatch':
      return operation(rest === '' ? { op: 'unwatch' } : { op: 'unwatch', phrase: rest });
    case '/top':
      return parseTop(rest);
    case '/status':
      return operation({ op: 'status' });
    case '/help':
      return { kind: 'help' };
    case '/quit':
    case '/exit':
      return operation({ op: 'quit' });
    default:
      return {
        kind: 'mistake',
        message: `${name} is no command: see /help, or search with /search ${text}`,
      };
  }
}

/** For the tab key: the commands that begin so, and what they complete. */
export function completeTyped(line: string): [completions: string[], of: string] {
  const fitting = line.startsWith('/') ? names.filter((name) => name.startsWith(line)) : [];
  return [fitting.map((name) => `${name} `), line];
}

function operation(value: Operation): Typed {
  return { kind: 'operation', operation: value };
}

function needsPhrase(name: string): Typed {
  return { kind: 'mistake', message: `${name} needs a phrase, like ${name} disk full` };
}

function parseTop(text: string): Typed {
  const top = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (top >= 1 && top <= topMax) return { kind: 'top', top };
  return { kind: 'mistake', message: `/top needs a whole number from 1 to ${topMax}` };
}
