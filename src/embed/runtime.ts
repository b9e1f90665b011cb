/** ONNX Runtime: a native library, which not every system can load. */
import './no-telemetry.ts';
import type * as ort from 'onnxruntime-node';
import { ImesdeError } from '../shared/errors.ts';
import { remedyOf } from '../shared/scarcity.ts';

/** At once, while whoever wants it reads the model. */
const loading = import('onnxruntime-node');
loading.catch(() => undefined); // loadRuntime() tells.

/** @throws {ImesdeError} ERR_IMESDE_MODEL where the library is missing, or made for another system */
export async function loadRuntime(): Promise<typeof ort> {
  try {
    const runtime = await loading;
    runtime.env.logLevel = 'fatal'; // What fails is thrown; the runtime need not print it as well.
    return runtime;
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    const system = `${process.platform} on ${process.arch}`;
    const remedy =
      remedyOf(error) ??
      `install imesde again on this system (${system}); it runs on Linux with glibc on x64 and ` +
        'arm64, and on macOS on arm64';
    throw new ImesdeError('ERR_IMESDE_MODEL', `can't load ONNX Runtime (${why}): ${remedy}`, {
      cause: error,
    });
  }
}
