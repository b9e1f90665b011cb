/** What can be wrong with a file of a model, told so that a person knows what to do. */
import { createHash } from 'node:crypto';
import { ImesdeError } from '../shared/errors.ts';
import { remedyOf } from '../shared/scarcity.ts';

/** @throws {ImesdeError} ERR_IMESDE_MODEL */
export function assertHash(file: string, bytes: Uint8Array, sha256: string): void {
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return;
  throw new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${file} is damaged, its SHA-256 is not the manifest's: install imesde anew`,
  );
}

/** @param advice - what to do about it */
export function unreadable(
  file: string,
  error: unknown,
  advice = '--model wants a folder with model.onnx and tokenizer.json',
): ImesdeError {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOENT'
      ? 'is missing'
      : code === 'EISDIR'
        ? 'is a folder, not a file'
        : `can't be read (${code ?? String(error)})`;
  return new ImesdeError('ERR_IMESDE_MODEL', `${file} ${why}: ${remedyOf(error) ?? advice}`, {
    cause: error,
  });
}

/** What people get in place of a model: a pointer to it, or the page around it. */
export function describeForeign(head: Buffer): string | undefined {
  const text = head.toString('latin1').trimStart().toLowerCase();
  if (text === '') return 'empty';
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer, not the file itself';
  if (text.startsWith('<!doctype') || text.startsWith('<html')) return 'an HTML page';
  return undefined;
}
