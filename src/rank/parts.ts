/** What a raw score is made of. What is printed has these very keys. */

/** A word of the phrase, and what it met in a shape. */
export interface WordMet {
  readonly word: string;
  /** How much of the phrase it is: 0 to 1, 1 over all words. */
  readonly weight: number;
  /** The nearest word of the shape; undefined where it has none. */
  readonly met: string | undefined;
  /** How near that is: 0 to 1, which the same word reaches, and one that means the same. */
  readonly strength: number;
  /** The shape says the contrary of it; else undefined. */
  readonly contradicted?: true | undefined;
}

/** Whether phrase and shape speak of trouble: 0, one half or 1, how plainly. */
export interface TroubleMet {
  readonly phrase: number;
  readonly line: number;
}

/** What a reading says of a phrase. By cosine there is `whole` alone. */
export interface Parts {
  /** Of a phrase that names several things, the one that was met best; else undefined. */
  readonly part?: string | undefined;
  /** In the order of the phrase; without those that look for nothing. */
  readonly words: readonly WordMet[];
  /** What the words amount to, up to .7. */
  readonly coverage?: number | undefined;
  /** The cosine of the two texts, as far as it goes beyond what the stream's texts share. */
  readonly whole: number;
  readonly trouble?: TroubleMet | undefined;
  /** What is taken off where only one of the two speaks of trouble; 0 or more. */
  readonly troublePenalty?: number | undefined;
  /** What is taken off where the line says the contrary; 0 or more. */
  readonly contradictionPenalty?: number | undefined;
  /** What examples of what is meant add, or take; undefined where none were given. */
  readonly examples?: number | undefined;
}
