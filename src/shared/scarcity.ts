/**
 * What to do about a failure of the system that is no fault of ours: too few files that may be open,
 * too little memory, a full disk.
 * @returns undefined for any other failure
 */
export function remedyOf(error: unknown): string | undefined {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  const text = `${code ?? ''} ${message ?? String(error)}`;
  if (/EMFILE|ENFILE|too many open files/i.test(text)) {
    return 'let more files be open, with ulimit -n 256';
  }
  if (/ENOMEM|cannot allocate memory|failed to map|allocation failed|out of memory/i.test(text)) {
    return 'let it use more memory, with ulimit -v unlimited, or give a smaller --window';
  }
  if (/ENOSPC|EDQUOT/.test(text)) return 'make room on the disk, or set TMPDIR to another';
  return undefined;
}
