/**
 * How well lines are grouped, beside labels.
 * @param groups - by line, anything that is one for the lines of a group
 * @param labels - by line, its event
 * @returns ga: the share of lines whose group has just the lines of their event (grouping accuracy;
 *   Zhu et al. 2019); fga: its F1 over groups (Jiang et al., loghub-2.0, 2024); wrong: groups that
 *   hold lines of several events
 */
export function grouping(groups, labels) {
  const lines = new Map();
  for (const [i, group] of groups.entries()) {
    const of = lines.get(group);
    if (of === undefined) lines.set(group, [i]);
    else of.push(i);
  }
  const events = new Map();
  for (const label of labels) events.set(label, (events.get(label) ?? 0) + 1);
  let rightLines = 0;
  let rightGroups = 0;
  let wrong = 0;
  for (const of of lines.values()) {
    const label = labels[of[0]];
    if (of.some((i) => labels[i] !== label)) {
      wrong += 1;
    } else if (of.length === events.get(label)) {
      rightLines += of.length;
      rightGroups += 1;
    }
  }
  const ga = rightLines / labels.length;
  const fga = (2 * rightGroups) / (lines.size + events.size);
  return { ga, fga, groups: lines.size, events: events.size, wrong };
}

/** By line, the event of its shape once all shapes are known. */
export function eventsOf(keys, events) {
  const shapes = [...new Set(keys)];
  for (const [shape, key] of shapes.entries()) events.add(shape, key);
  const byKey = new Map(shapes.map((key) => [key, events.eventOf(key)]));
  return keys.map((key) => byKey.get(key));
}
