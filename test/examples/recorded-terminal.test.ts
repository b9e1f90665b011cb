/** README's picture is what the commands print today. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { nodePath, repository } from '../helpers/run-imesde.ts';

const picture = 'bench/terminal/terminal.svg';
const svg = readFileSync(path.join(repository, picture), 'utf8');

describe('the recorded terminal', () => {
  it('shows what the commands print', async () => {
    const fresh = path.join(temporaryFolder(), 'terminal.svg');
    await promisify(execFile)(nodePath, ['bench/terminal/record.js', fresh], { cwd: repository });
    const rows = rowsOf(readFileSync(fresh, 'utf8'));
    expect(rows.filter((row) => row.startsWith('$ '))).toEqual([
      '$ imesde query "db failure" app.log',
      '$ tail -f app.log | imesde -w "disk is full"',
      '$ imesde new --warm-up 150 --sort score -m 3 app.log',
    ]);
    expect(rowsOf(svg)).toEqual(rows);
  });

  it('is a small picture that runs and fetches nothing', () => {
    expect(Buffer.byteLength(svg)).toBeLessThanOrEqual(60 * 1024);
    expect(svg).not.toMatch(
      /<script|<foreignObject|<image|javascript:|\son\w+=|href|url\(|@import/i,
    );
    expect(svg).toContain('prefers-reduced-motion');
  });

  it('is in the README', () => {
    const readme = readFileSync(path.join(repository, 'README.md'), 'utf8');
    expect(readme).toMatch(/!\[[^\]]+\]\(bench\/terminal\/terminal\.svg\)/);
  });
});

/** The text of each row, as a reader sees it. */
function rowsOf(source: string): string[] {
  return Array.from(source.matchAll(/<text [^>]*>(.*)<\/text>/g), ([, content = '']) =>
    content
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  );
}
