import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** The example in JavaScript that says so. */
function exampleWith(said: string): string {
  const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  return examples.find((code) => code.includes(said)) ?? '';
}

function folderWith(example: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'imesde-library-'));
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules', 'imesde'));
  writeFileSync(path.join(folder, 'example.mjs'), example);
  return folder;
}

describe('the README', () => {
  it('shows a library example that runs in another folder', { timeout: 60_000 }, async () => {
    const folder = folderWith(exampleWith('Engine.open'));
    const { stdout, stderr } = await promisify(execFile)('node', ['example.mjs'], { cwd: folder });
    expect(stdout).toContain("text: 'ERROR lost connection to database'");
    expect(stdout).toContain('2 ERROR lost connection to database');
    expect(stderr).toBe('');
  });

  it('shows a stream of lines that answer', { timeout: 60_000 }, async () => {
    const folder = folderWith(exampleWith('pipeline('));
    const running = promisify(execFile)('node', ['example.mjs'], { cwd: folder });
    running.child.stdin?.end('GET /index.html 200\nERROR cannot reach database db-1\n');
    expect(await running).toEqual({ stdout: 'ERROR cannot reach database db-1\n', stderr: '' });
  });
});
