/** Writes terminal.svg, or where an argument says. */
import { writeFileSync } from 'node:fs';
import { recordSession } from './session.js';
import { svgOf } from './svg.js';

const target = process.argv[2] ?? new URL('terminal.svg', import.meta.url);
writeFileSync(target, svgOf(await recordSession()));
