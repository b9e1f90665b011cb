/** Apart from the texts, which are loaded when one is asked for. */
export const topicNames = ['scoring', 'scripting', 'cron', 'alerts', 'fleet'] as const;

export type TopicName = (typeof topicNames)[number];
