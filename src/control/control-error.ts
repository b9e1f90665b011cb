import { ImesdeError } from '../shared/errors.ts';

export function controlError(message: string, cause?: unknown): ImesdeError {
  return new ImesdeError('ERR_IMESDE_CONTROL', message, { cause });
}
