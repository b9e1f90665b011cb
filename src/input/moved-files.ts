/** Files that had a name before it was given to another, as logrotate leaves them beside it. */
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { beginsAs, type FilePlace } from './file-place.ts';

/** Of a copy so much must be as it was. */
const copyBytesMin = 64;

export interface MovedFiles {
  /** The one that the place is in, then those that had the name after it; none if that one is gone. */
  readonly handles: readonly FileHandle[];
  /** Some can't be found, or are packed. */
  readonly isIncomplete: boolean;
}

/**
 * @param isCut - the file itself is there, with less in it: then a copy of what it was is looked for
 * (copytruncate), which must begin with enough of the same
 */
export async function movedFiles(
  name: string,
  place: FilePlace,
  isCut: boolean,
): Promise<MovedFiles> {
  const folder = path.dirname(path.resolve(name));
  const base = path.basename(name);
  const beside = await readdir(folder).catch(() => []);
  // Of its family: app.log.1, app-20261125.log.
  const family = beside.filter(
    (entry) => entry !== base && entry.startsWith(path.parse(base).name),
  );
  const tried = isCut && place.printBytes < copyBytesMin ? [] : family;
  for (const entry of tried) {
    const handle = await openFile(path.join(folder, entry), (found) => {
      return found.size >= place.offset && (isCut || found.ino === place.inode);
    });
    if (handle === undefined) continue;
    if (await beginsAs(place, handle)) return withNewer(handle, entry, { folder, base, beside });
    await handle.close();
  }
  return { handles: [], isIncomplete: true };
}

async function withNewer(
  moved: FileHandle,
  entry: string,
  { folder, base, beside }: { folder: string; base: string; beside: readonly string[] },
): Promise<MovedFiles> {
  const own = turnOf(entry, base);
  const newer = beside.flatMap((other) => {
    const turn = turnOf(other, base);
    const isNewer = own !== undefined && turn !== undefined && own.kind === turn.kind;
    return isNewer && turn.order > own.order ? [{ other, ...turn }] : [];
  });
  newer.sort((one, other) => one.order - other.order);
  const handles = [moved];
  // Numbers count down to the newest: none may be missing.
  let isIncomplete = own?.kind === 'number' && newer.length < -own.order - 1;
  for (const { other, isPacked } of newer) {
    const handle = isPacked ? undefined : await openFile(path.join(folder, other));
    if (handle === undefined) isIncomplete = true;
    else handles.push(handle);
  }
  return { handles, isIncomplete };
}

/** When a rotated file had the name, by its number (app.log.2) or date (app.log-20261125). */
function turnOf(
  entry: string,
  base: string,
): { kind: 'number' | 'date'; order: number; isPacked: boolean } | undefined {
  if (!entry.startsWith(base)) return undefined;
  const [, digits, packed] = /^[.-](\d{1,14})(\.\w{1,4})?$/.exec(entry.slice(base.length)) ?? [];
  if (digits === undefined) return undefined;
  const isPacked = packed !== undefined;
  return digits.length <= 3
    ? { kind: 'number', order: -Number(digits), isPacked }
    : { kind: 'date', order: Number(digits), isPacked };
}

async function openFile(
  file: string,
  isWanted: (found: { ino: number; size: number }) => boolean = () => true,
): Promise<FileHandle | undefined> {
  try {
    const found = await stat(file); // To open a FIFO would wait for its writer.
    return found.isFile() && isWanted(found) ? await open(file, 'r') : undefined;
  } catch {
    return undefined;
  }
}
