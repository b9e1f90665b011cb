/** What the package exports. */
export {
  Engine,
  type EngineStats,
  type Match,
  type SearchOptions,
  type WatchedLine,
} from './engine.ts';
export type { EngineOptions } from './engine-options.ts';
export type { RankName } from './rank/ranking.ts';
export { ImesdeError, type ErrorCode } from './shared/errors.ts';
