/** Readers of a stream that are killed again and again, on each server: stream.test.ts has four kills. */
import { expect, it } from 'vitest';
import { describeWithNats, natsPrograms } from '../../helpers/nats-server.ts';
import { killInTurn, useStream } from './streams.ts';

const programs = await natsPrograms();
const kills = 12;

describeWithNats(
  'a stream',
  programs,
  (program) => {
    const rig = useStream(program);

    it.each([50, 1])(`loses nothing in ${kills} kills, %i lines a message`, async (linesEach) => {
      const { lost, duplicated } = await killInTurn(rig, kills, linesEach);
      expect(lost).toBe(0);
      expect(duplicated).toBeLessThan(rig.published);
    });
  },
  'each',
);
