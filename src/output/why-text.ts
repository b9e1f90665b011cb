/** Why a line scores what it does, in words for somebody who knows nothing of how scores are made. */
import type { Why } from '../rank/why.ts';
import type { TroubleMet, WordMet } from '../rank/parts.ts';

/** @returns a line each: what met, and what came of it */
export function whyText(why: Why, score: number): string[] {
  const needs = why.minScore === undefined ? '' : `, needs ${two(why.minScore)}`;
  if (why.yardstick === undefined) return [`cosine of the two texts ${two(why.whole)}${needs}`];
  const part = why.part === undefined ? '' : `as "${why.part}": `;
  const met = [part + why.words.map(wordText).join(', '), `whole ${two(why.whole)}`];
  const sum = `sum ${two(why.sum)}, yardstick ${two(why.yardstick)}: scored ${score.toFixed(3)}${needs}`;
  return [
    met.filter((text) => text !== '').join('; '),
    [troubleText(why), literalsText(why), examplesText(why), sum]
      .filter((text) => text !== '')
      .join('; '),
  ];
}

function wordText({ word, met, strength, contradicted }: WordMet): string {
  if (contradicted === true) {
    return met === undefined || met === word
      ? `${word} contradicted`
      : `${word} contradicted by ${met}`;
  }
  return met === undefined ? `${word} ~ nothing` : `${word} ~ ${met} ${two(strength)}`;
}

function troubleText({ trouble, troublePenalty = 0 }: Why): string {
  const { phrase, line }: TroubleMet = trouble ?? { phrase: 0, line: 0 };
  const cost = troublePenalty > 0 ? ` (−${two(troublePenalty)})` : '';
  if (phrase > 0 && line > 0) return `both tell of trouble${cost}`;
  if (phrase > 0) return `only the phrase tells of trouble${cost}`;
  return line > 0 ? `only the line tells of trouble${cost}` : '';
}

function literalsText({ literals }: Why): string {
  if (literals === undefined) return '';
  return literals.length === 0
    ? 'without its numbers or signs'
    : `with ${literals.join(' ')} in it`;
}

function examplesText({ examples }: Why): string {
  if (examples === undefined) return '';
  return `examples ${examples < 0 ? '−' : '+'}${two(Math.abs(examples))}`;
}

function two(value: number): string {
  return value.toFixed(2);
}
