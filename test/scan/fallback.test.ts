import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const program = new URL('nearest-rows.mjs', import.meta.url).pathname;

interface Answer {
  readonly memory: string;
  readonly kernel: string;
  readonly matches: unknown;
}

/** Runs the build in a process of its own, set up by a few words of shell. */
function answerOf(setup: string, nodeFlags: readonly string[] = []): Answer {
  const command = `${setup}; exec "$0" "$@"`;
  const stdout = execFileSync('sh', ['-c', command, process.execPath, ...nodeFlags, program]);
  return JSON.parse(stdout.toString()) as Answer;
}

describe('where WebAssembly can not serve', () => {
  const usual = answerOf(':');

  it('serves as a rule', () => {
    expect(usual).toMatchObject({ memory: 'Memory', kernel: 'wasm-simd' });
  });

  const reserves = Number(process.versions.node.split('.')[0]) < 23;
  const limited = 'ulimit -v 3000000';

  it.runIf(!reserves)('a small ulimit -v leaves room for a shared memory on later Nodes', () => {
    expect(answerOf(limited)).toEqual(usual);
  });

  it.each([
    ...(reserves
      ? [['a small ulimit -v leaves no room for a shared memory', limited, []] as const]
      : []),
    ['Node runs without WebAssembly', ':', ['--jitless']] as const,
  ])('the plain kernel finds the same: %s', (_, setup, nodeFlags) => {
    const plain = { memory: 'SharedArrayBuffer', kernel: 'typescript', matches: usual.matches };
    expect(answerOf(setup, nodeFlags)).toEqual(plain);
  });

  it('the plain kernel finds the same: there is no SIMD', () => {
    const noSimd = 'data:text/javascript,WebAssembly.validate=()=>false';
    const plain = { memory: 'Memory', kernel: 'typescript', matches: usual.matches };
    expect(answerOf(':', ['--import', noSimd])).toEqual(plain);
  });
});
