/** Where instances meet those who ask them, and where what is found is read. */
import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ControlFifo } from '../../control/fifo/control-fifo.ts';
import { codeOf } from '../../control/fifo/fifo-path.ts';
import { instancesFolder, runningInstances, runtimeFolder } from '../../control/fifo/instances.ts';
import { isOwnFolder } from '../../control/fifo/own-folder.ts';
import { ImesdeError } from '../../shared/errors.ts';
import type { Check } from './check.ts';

export const placeChecks: readonly Check[] = [
  { name: 'FIFOs', look: makeFifo },
  { name: 'instances', needs: ['FIFOs'], look: lookForInstances },
  { name: 'terminal', look: lookAtTerminal },
];

/** Makes, locks and removes one where every `ask` makes one for its answer. */
async function makeFifo(): Promise<string> {
  const parent = runtimeFolder();
  const variable = process.env['XDG_RUNTIME_DIR'];
  const isSession = variable !== undefined && variable === parent;
  let folder: string;
  try {
    folder = mkdtempSync(path.join(parent, 'imesde-doctor-'));
  } catch (error) {
    const which = isSession ? 'XDG_RUNTIME_DIR' : 'TMPDIR';
    throw new ImesdeError(
      'ERR_IMESDE_CONTROL',
      `nothing can be made in ${parent} (${codeOf(error)}), so that ask and status get no answer: ` +
        `set ${which} to a folder that you may write to`,
    );
  }
  try {
    (await ControlFifo.create(path.join(folder, 'ctl'))).remove();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const unused =
    variable === undefined || variable === '' || isSession
      ? ''
      : `, since XDG_RUNTIME_DIR=${variable} is no folder that can be written to`;
  return `can be made in ${parent}${unused}`;
}

function lookForInstances(): string {
  const folder = instancesFolder();
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    return `none has run yet; they will be listed in ${folder}`;
  }
  if (!isOwnFolder(folder)) {
    throw new ImesdeError(
      'ERR_IMESDE_CONTROL',
      `${folder} is not a folder of yours alone, so that ask finds no instance: remove it, or give it ` +
        'mode 700',
    );
  }
  const count = runningInstances().length;
  return `${count === 0 ? 'none runs' : `${count} running`}, listed in ${folder}`;
}

/** Nothing here is wrong: what is printed is UTF-8, wherever it goes. */
function lookAtTerminal(): string {
  const { LC_ALL, LC_CTYPE, LANG, NO_COLOR, TERM } = process.env;
  if (!process.stdout.isTTY) return 'none, standard output goes elsewhere';
  const colour = NO_COLOR === undefined && TERM !== 'dumb' ? 'with colours' : 'without colours';
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '');
  const isUtf8 = /utf-?8$/i.test(locale ?? '');
  const hint = isUtf8
    ? ''
    : `; where × … █ look odd, set LC_ALL=C.UTF-8 (it is ${locale ?? 'unset'})`;
  return `${process.stdout.columns} columns, ${colour}${hint}`;
}
