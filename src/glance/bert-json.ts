/**
 * Reads the tokenizer.json of an uncased BERT, the only kind that wordpieces.ts knows. All other
 * kinds, and whatever is set otherwise in it, are left to the library.
 */
import { isUtf8, type Buffer } from 'node:buffer';
import { readVocabulary } from './read-vocabulary.ts';
import { wordCharsMax, type Vocabulary } from './vocabulary.ts';

export interface BertJson {
  readonly vocabulary: Vocabulary;
  /** The id of [UNK]. */
  readonly unknown: number;
  /** Ids before and after every text. */
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
}

/** What is read of tokenizer.json besides the vocabulary; nothing is sure of it. */
interface Settings {
  readonly added_tokens?: readonly { readonly id?: unknown; readonly content?: unknown }[];
  readonly normalizer?: Readonly<Record<string, unknown>>;
  readonly pre_tokenizer?: Readonly<Record<string, unknown>>;
  readonly post_processor?: { readonly type?: unknown; readonly single?: readonly TemplateItem[] };
  readonly model?: Readonly<Record<string, unknown>>;
}
interface TemplateItem {
  readonly SpecialToken?: { readonly id?: unknown };
  readonly Sequence?: { readonly id?: unknown };
}

const vocabularyKey = '"vocab":';
/** In a template, the place of the text. */
const textPlace = -1;

/**
 * @param json - the bytes of a tokenizer.json
 * @returns undefined where it is of another kind
 * @throws {SyntaxError} where it is no JSON
 */
export function readBertJson(json: Buffer): BertJson | undefined {
  const key = json.indexOf(vocabularyKey);
  if (key === -1 || !json.includes('"BertNormalizer"') || !isUtf8(json)) return undefined;
  const read = readVocabulary(json, key + vocabularyKey.length);
  if (read === undefined) return undefined;
  const { vocabulary, open, close } = read;
  // The null is looked for where the vocabulary belongs: nothing else was taken for it.
  const rest = `${json.toString('utf8', 0, open)}null${json.toString('utf8', close + 1)}`;
  const settings = JSON.parse(rest) as Settings | null;
  if (settings === null || !isUncasedBert(settings)) return undefined;
  const specials = specialTokens(settings, vocabulary);
  const unknown = specials?.get('[UNK]');
  const around = specials && idsAround(settings, specials);
  if (unknown === undefined || around === undefined) return undefined;
  return { vocabulary, unknown, ...around };
}

function isUncasedBert({ normalizer, pre_tokenizer: preTokenizer, model }: Settings): boolean {
  return (
    normalizer?.['type'] === 'BertNormalizer' &&
    normalizer['clean_text'] === true &&
    normalizer['handle_chinese_chars'] === true &&
    normalizer['lowercase'] === true &&
    normalizer['strip_accents'] !== false &&
    preTokenizer?.['type'] === 'BertPreTokenizer' &&
    model?.['type'] === 'WordPiece' &&
    model['vocab'] === null &&
    model['unk_token'] === '[UNK]' &&
    model['continuing_subword_prefix'] === '##' &&
    model['max_input_chars_per_word'] === wordCharsMax &&
    (model['fuse_unk'] ?? false) === false
  );
}

/** @returns undefined where one could be found in text that was cut at brackets */
function specialTokens(
  { added_tokens: tokens }: Settings,
  vocabulary: Vocabulary,
): Map<string, number> | undefined {
  const ids = new Map<string, number>();
  if (!Array.isArray(tokens)) return undefined;
  for (const { id, content } of tokens as NonNullable<Settings['added_tokens']>) {
    if (typeof id !== 'number' || typeof content !== 'string') return undefined;
    if (!/^\[.+\]$/.test(content) || vocabulary.token(id) !== content) return undefined;
    ids.set(content, id);
  }
  return ids;
}

/** @returns undefined where the template is more than a text between special tokens */
function idsAround(
  { post_processor: template }: Settings,
  specials: ReadonlyMap<unknown, number>,
): Pick<BertJson, 'prefix' | 'suffix'> | undefined {
  if (template?.type !== 'TemplateProcessing' || template.single === undefined) return undefined;
  const ids = template.single.map((item) =>
    item.Sequence?.id === 'A' ? textPlace : specials.get(item.SpecialToken?.id),
  );
  const at = ids.indexOf(textPlace);
  const around = ids.filter((id) => id !== undefined && id !== textPlace) as number[];
  if (at === -1 || around.length !== ids.length - 1) return undefined;
  return { prefix: around.slice(0, at), suffix: around.slice(at) };
}
