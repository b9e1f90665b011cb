import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

describe('the README', () => {
  it('shows a library example that runs in another folder', { timeout: 60_000 }, async () => {
    const [, example] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
    const folder = mkdtempSync(path.join(tmpdir(), 'imesde-library-'));
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(root, path.join(folder, 'node_modules', 'imesde'));
    writeFileSync(path.join(folder, 'example.mjs'), example ?? '');
    const { stdout, stderr } = await promisify(execFile)('node', ['example.mjs'], { cwd: folder });
    expect(stdout).toContain("text: 'ERROR lost connection to database'");
    expect(stdout).toContain('2 ERROR lost connection to database');
    expect(stderr).toBe('');
  });
});
