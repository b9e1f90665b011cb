/** All that is looked at where there is memory for it. */
import type { Check } from './check.ts';
import { modelChecks } from './model.ts';
import { placeChecks } from './places.ts';
import { systemChecks } from './system.ts';

/** @param model - the folder of the model that is to be used */
export async function otherChecks(model: string): Promise<readonly Check[]> {
  return [...systemChecks, ...(await modelChecks(model)), ...placeChecks];
}
