/** English word forms: which words a form may belong to. Cheap and generous: it is asked of two words at once. */

/** Forms that no rule leads back, of verbs that mostly have a contrary. */
const irregular = new Map(
  (
    'fell:fall fallen:fall rose:rise risen:rise lost:lose won:win sold:sell bought:buy shrank:shrink ' +
    'shrunk:shrink grew:grow grown:grow left:leave came:come went:go gone:go goes:go began:begin ' +
    'begun:begin kept:keep found:find froze:freeze frozen:freeze broke:break broken:break sank:sink ' +
    'sunk:sink forgot:forget forgotten:forget hid:hide hidden:hide gave:give given:give took:take ' +
    'taken:take sent:send spent:spend paid:pay lent:lend built:build wrote:write written:write ' +
    'dying:die drew:draw drawn:draw forbade:forbid forbidden:forbid slept:sleep woke:wake woken:wake ' +
    'stood:stand sat:sit met:meet held:hold led:lead drove:drive driven:drive thought:think ' +
    'knew:know known:know taught:teach burnt:burn lit:light bound:bind wound:wind fed:feed fled:flee ' +
    'shot:shoot ate:eat threw:throw thrown:throw caught:catch dealt:deal'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/** @returns the forms of a word that no rule leads back to it */
export function irregularFormsOf(lemma: string): string[] {
  return [...irregular].filter(([, base]) => base === lemma).map(([form]) => form);
}

/** @returns the word itself, then what it may be a form of: `denied` gives deny, `stopped` stop */
export function lemmasOf(word: string): readonly string[] {
  const lemmas = [word];
  const base = irregular.get(word);
  if (base !== undefined) lemmas.push(base);
  const { length } = word;
  if (length > 4 && word.endsWith('ing')) addStem(lemmas, word.slice(0, -3));
  if (length > 3 && word.endsWith('ed')) addStem(lemmas, word.slice(0, -2));
  if (length > 3 && word.endsWith('s') && !word.endsWith('ss')) {
    lemmas.push(word.slice(0, -1));
    if (word.endsWith('es')) addStem(lemmas, word.slice(0, -2));
  }
  if (length > 4 && word.endsWith('er')) addStem(lemmas, word.slice(0, -2));
  if (length > 5 && word.endsWith('est')) addStem(lemmas, word.slice(0, -3));
  if (length > 4 && word.endsWith('ly')) lemmas.push(word.slice(0, -2));
  return lemmas;
}

function addStem(lemmas: string[], stem: string): void {
  lemmas.push(stem, `${stem}e`);
  if (stem.length > 3 && stem.at(-1) === stem.at(-2)) lemmas.push(stem.slice(0, -1));
  if (stem.endsWith('i')) lemmas.push(`${stem.slice(0, -1)}y`);
}
