import { it } from 'vitest';
import { expectTermNeverAborts } from '../helpers/killing.ts';

const runs = 200;

it(`14. SIGTERM at any moment of a cold ingestion never aborts: ${runs} runs`, async () => {
  await expectTermNeverAborts(runs);
}, 1_200_000);
