/** What can go wrong in a way the caller may handle. Codes are stable; messages are not. */
export type ErrorCode =
  | 'ERR_IMESDE_USAGE'
  | 'ERR_IMESDE_MODEL'
  | 'ERR_IMESDE_DIMENSIONS'
  | 'ERR_IMESDE_VECTOR'
  | 'ERR_IMESDE_K_RANGE'
  | 'ERR_IMESDE_MEMORY'
  | 'ERR_IMESDE_WORKER'
  | 'ERR_IMESDE_INPUT'
  | 'ERR_IMESDE_OUTPUT'
  | 'ERR_IMESDE_CONTROL'
  | 'ERR_IMESDE_CLOSED';

/** An expected failure the caller may handle. Match on `code`, never on `message`. */
export class ImesdeError extends Error {
  override readonly name = 'ImesdeError';
  /** What kind of failure it is. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
