/**
 * Does a text say that something is wrong? A sentence model hardly tells "connection established"
 * from "connection lost", but whoever looks for trouble wants lines that speak of it. The words are
 * those of operations English at large, chosen without looking at labelled lines; `*` is any ending.
 */

/** Say that something is wrong: 1. */
const strongWords = `
  abnormal* aborted aborting abuse* anomal* attack* bad blocked bogus breach* broke broken cannot
  catastroph* collaps* compromis* conflict* congest* corrupt* crash* damag* danger* dead deadlock*
  defect* degrad* denial denied denies deny* deteriorat* die died dies disaster* disrupt* down
  downtime emergenc* err erroneous error* exceed* excess* exception* exhaust* expir* exploit*
  explod* explos* fail* fatal fault* flood* forbid* fraud* garbled hack* hang hangs hazard* hijack*
  hung illegal* impossib* improper* inabilit* inaccess* incompat* incomplet* inconsist* incorrect*
  insecur* insufficien* interrupt* intru* invalid* irrecoverab* lack* lagging late leak* lose loses
  losing loss losses lost malform* malfunction* malicious* malware mismatch* misconfig* misbehav*
  misalign* miss missed misses missing mistak* not never no nonexist* offline oom orphan* outage*
  overflow* overheat* overload* overrun* oversiz* panic* problem* refus* reject* revok* segfault*
  segv sever severed shortage* sigabrt sigbus sigkill sigsegv slow* spoof* spurious stale stall*
  starv* stuck suspicious* tamper* theft thrash* threat* throttl* timeout* timedout too traceback*
  trouble* unabl* unaccept* unauthor* unavail* uncaught uncorrect* undefined undeliver* underrun*
  unexpect* unhandled unhealthy unknown unreach* unreadab* unrecogn* unrecover* unreliab* unresolv*
  unrespons* unsafe unstable unsuccess* unsuit* unsupport* untrust* unusab* unusual* unwritable
  violat* virus* vulnerab* weak* worse* worst wrong* zombie* aren couldn didn doesn don hasn haven
  isn wasn weren wouldn without`;

/** May say it: one half. */
const weakWords = `
  abandon* abort absent alarm* alert* cancel* contention critical defunct delay* deprecat* destroy*
  disabl* disallow* discard* disconnect* drift* drop dropped dropping drops duplicat* evict* forced
  full halt* issue issues jitter* kill* lag limit* low nothing obsolete* out outdated overdue
  prevent* prohibit* quarantin* quit quits reset* restrict* retransm* retried retries retry* risk*
  rollback* severe skew* skip* spike* stop stopped stops storm* terminat* truncat* warn* none dirty
  backlog*`;

/** Say that something went well. */
const wellWords = `
  accept* approv* complet* correct* deliver* finish* fine grant* health* normal* ok okay pass passed
  passes ready recover* repair* resolv* restor* succe* valid verif*`;

/** In a line these may be no more than its level, so there they count one half at most. */
const levelWords = new Set('warn warning error fatal critical severe emerg alert err'.split(' '));

const strong = anyOf(strongWords);
const weak = anyOf(weakWords);
const well = anyOf(wellWords);
const word = /[a-z]+/g;

function anyOf(words: string): RegExp {
  const alternatives = words.trim().split(/\s+/).join('|').replaceAll('*', '[a-z]*');
  return new RegExp(`^(?:${alternatives})$`);
}

export interface TroubleExamples {
  readonly wrong: readonly string[];
  readonly well: readonly string[];
}

/**
 * Words as they stand in the lists, without their endings: those that say that something is wrong, and
 * those that say that it went well.
 */
export function troubleExamples(): TroubleExamples {
  const wordsOf = (list: string): string[] => list.replaceAll('*', '').trim().split(/\s+/);
  return { wrong: wordsOf(strongWords), well: wordsOf(wellWords) };
}

/** Where trouble is kept as a whole number: so many times 0, one half, 1. */
export const troubleSteps = 2;

/** What a phrase wants of a line in this respect. */
export interface PhraseTrouble {
  /** 0, one half or 1: how plainly it speaks of trouble. */
  readonly trouble: number;
  /** It says that all went well. */
  readonly isWell: boolean;
}

/** The phrase speaks of trouble, the shape does not. */
const unspokenPenalty = 0.15;
/** The shape speaks of trouble, the phrase does not. */
const unaskedPenalty = 0.03;
/** In prose trouble says so much less. */
const proseTroubleLoss = 0.5;
/** The shape speaks of trouble, the phrase says that all went well. */
const contraryPenalty = 0.2;

export function troubleOfPhrase(phrase: string): PhraseTrouble {
  const trouble = troubleOf(phrase, 1);
  return { trouble, isWell: trouble === 0 && saysWell(phrase) };
}

/** What an example wants, a line with its values masked. */
export function troubleOfExample(key: string): PhraseTrouble {
  const trouble = troubleOfShape(key);
  return { trouble, isWell: trouble === 0 && saysWell(key) };
}

/** @returns 0, one half or 1: how plainly a shape, or a word of it, speaks of trouble */
export function troubleOfShape(key: string): number {
  return troubleOf(key, 0.5);
}

/**
 * What is taken from a shape's score where only one of the two speaks of trouble; 0 or more.
 * @param prose - 0 for logs to 1 for prose, see prose.ts
 */
export function penaltyOf(
  { trouble, isWell }: PhraseTrouble,
  ofShape: number,
  prose: number,
): number {
  const gap = trouble - ofShape;
  if (isWell && gap < 0) return -contraryPenalty * gap;
  return (1 - proseTroubleLoss * prose) * (gap > 0 ? unspokenPenalty * gap : -unaskedPenalty * gap);
}

/** @returns 0, one half or 1: how plainly a word in small letters speaks of trouble */
export function troubleOfWord(one: string): number {
  return strong.test(one) ? 1 : weak.test(one) ? 0.5 : 0;
}

/** Whether a phrase looks for what went well. */
function saysWell(phrase: string): boolean {
  return (phrase.toLowerCase().match(word) ?? []).some((one) => well.test(one));
}

function troubleOf(text: string, levelMax: number): number {
  let most = 0;
  for (const one of text.toLowerCase().match(word) ?? []) {
    const plainly = troubleOfWord(one);
    most = Math.max(most, levelWords.has(one) ? Math.min(plainly, levelMax) : plainly);
  }
  return most;
}
