/** What the package exports. */
export { Engine } from './engine/engine.ts';
export { LogDigest, type LogDigestOptions } from './engine/log-digest.ts';
export type { EngineOptions } from './engine/options.ts';
export type { Answer, QuestionOptions } from './engine/question.ts';
export type { EngineStats } from './engine/stats.ts';
export { watch, type WatchStreamOptions } from './engine/watch-stream.ts';
export type { Marks } from './rank/asked.ts';
export type { Digest, DigestGroup, LeftOut } from './rank/digest/digest.ts';
export type { Match, SearchOptions } from './rank/match.ts';
export type { RankName } from './rank/ranking.ts';
export type { Watch, WatchHit } from './rank/watches.ts';
export type { WindowEvent } from './rank/window-events.ts';
export { LogNews, type LogNewsOptions } from './engine/log-news.ts';
export type { News } from './news/news-reader.ts';
export type { WatchedLine } from './rank/watching.ts';
export type { Axis } from './window/sightings.ts';
export { ImesdeError, type ErrorCode } from './shared/errors.ts';
