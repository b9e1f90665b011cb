/** Streams in the form of real ones: RSS 2.0, Wikimedia's EventStreams. What they tell is invented. */

export const headlines = [
  'Norland central bank raises its key rate by a quarter point',
  'Museum of tides opens in old harbour warehouse',
  'Oil climbs past $90 as pipeline outage cuts supply',
  'Brightwater Foods posts record third-quarter profit, lifts outlook',
  'Coastal towns rebuild after the storm',
  'Velmora agrees to buy rival Castine & Sons for $4 billion',
  'Young chess champion wins third title in a row',
  'Heatwave closes schools across the south',
  'New tram line to link airport and city centre',
  "Orchestra's conductor retires after thirty years",
  'Ministers meet to discuss fishing quotas',
  'Policymakers in Ostia hold borrowing costs steady, hint at cut in spring',
  'Researchers map the sea floor with gliders',
  'Stocks end the week little changed',
  'Crude slides as producers agree to pump more',
  'Striking dockers return to work',
  'Wheat harvest is the best in a decade',
  'Film festival cancels its opening night',
  'Regulators clear merger of Halden and Norwick Rail',
];

/** With the channel's own title and picture before the items, and CDATA where an editor used it. */
export function rssFeed(titles: readonly string[]): string {
  const items = titles.map((title, i) => {
    const text = i % 2 === 0 ? `<![CDATA[${title}]]>` : escaped(title);
    const link = `https://news.example.com/articles/${4_711 + i}`;
    return `    <item>
      <title>${text}</title>
      <description><![CDATA[What is known so far, and what comes next.]]></description>
      <link>${link}?at_medium=RSS&amp;at_campaign=rss</link>
      <guid isPermaLink="false">${link}#0</guid>
      <pubDate>Tue, 03 Mar 2026 09:${String(59 - i)}:21 GMT</pubDate>
      <media:thumbnail width="240" height="135" url="https://img.example.com/${4_711 + i}.jpg"/>
    </item>
`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" version="2.0" xmlns:media="http://search.yahoo.com/mrss/">
  <channel>
    <title><![CDATA[Example News]]></title>
    <description><![CDATA[Example News - Business]]></description>
    <link>https://news.example.com/markets</link>
    <image>
      <url>https://img.example.com/news.gif</url>
      <title>Example News</title>
      <link>https://news.example.com/markets</link>
    </image>
    <lastBuildDate>Tue, 03 Mar 2026 10:00:04 GMT</lastBuildDate>
    <atom:link href="https://news.example.com/markets.rss" rel="self" type="application/rss+xml"/>
    <language><![CDATA[en-gb]]></language>
    <ttl>15</ttl>
${items.join('')}  </channel>
</rss>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll("'", '&#39;');
}

export interface Edit {
  readonly title: string;
  readonly comment: string;
  readonly wiki?: string;
  readonly bot?: boolean;
  readonly type?: 'edit' | 'new' | 'log' | 'categorize';
}

export const edits: readonly Edit[] = [
  { title: 'Lake Orma', comment: '/* Geography */ added depth and area' },
  { title: 'Tessaly Bridge', comment: 'Reverted vandalism by [[User:Quillback9|Quillback9]]' },
  { title: 'Norwick F.C.', comment: '/* Squad */ updated appearances and goals' },
  { title: 'Halden Observatory', comment: 'copyedit, typo', bot: true },
  { title: 'Castine (town)', comment: '/* Demographics */ new census figures' },
  { title: 'Gedling Press', comment: '/* History */ removed insult left by an anonymous editor' },
  { title: 'Ormasee', comment: 'Vandalismus entfernt', wiki: 'de' },
  { title: 'Reef heron', comment: 'Disambiguating links to [[Perch]]', bot: true },
  { title: 'User:Quillback9', comment: 'Vandalism-only account', type: 'log' },
  {
    title: 'Category:Bridges',
    comment: '[[:Tessaly Bridge]] added to category',
    type: 'categorize',
  },
  { title: 'Marrow Vale railway', comment: 'added short description' },
  { title: 'Anna Lindqvist', comment: 'undid blanking of the whole section' },
  { title: 'Sedge wren', comment: '/* Distribution */ added citation' },
  { title: 'Velmora', comment: '/* Acquisitions */ fix reference' },
  { title: 'Tidal lock', comment: 'rewrote lead for clarity' },
];

/** Server-sent events as Wikimedia's EventStreams sends them. */
export function recentChanges(changes: readonly Edit[]): string {
  return `:ok\n\n${changes.map(recentChange).join('')}`;
}

function recentChange(
  { title, comment, wiki = 'en', bot = false, type = 'edit' }: Edit,
  i: number,
): string {
  const domain = `${wiki}.wikipedia.org`;
  const server = `https://${domain}`;
  const uri = `${server}/wiki/${encodeURI(title.replaceAll(' ', '_'))}`;
  const seconds = 1_772_536_525 + i;
  const topic = 'eqiad.mediawiki.recentchange';
  const digits = String(i).padStart(12, '0');
  const lengths = {
    length: { old: 2_211 + i, new: 2_575 },
    revision: { old: 1_284_711_971 + i, new: 1_284_712_010 + i },
  };
  const log = {
    ...{ log_id: 156_288_747, log_type: 'block', log_action: 'block' },
    ...{ log_params: { duration: 'infinity', flags: 'nocreate' }, log_action_comment: comment },
  };
  const data = {
    $schema: '/mediawiki/recentchange/1.0.0',
    meta: {
      uri,
      request_id: `ab11025f-32c6-4eea-8833-${digits}`,
      id: `be377c94-ae8a-42f6-bbeb-${digits}`,
      domain,
      stream: 'mediawiki.recentchange',
      dt: new Date(seconds * 1000 + 48).toISOString(),
      topic,
      partition: 0,
      offset: 5_498_062_608 + i,
    },
    id: 1_893_332_824 + i,
    type,
    namespace: { User: 2, Category: 14 }[/^(\w+):/.exec(title)?.[1] ?? ''] ?? 0,
    title,
    title_url: uri,
    comment,
    timestamp: seconds,
    user: bot ? 'TidyBot' : `Editor${i}`,
    bot,
    ...(type === 'log'
      ? log
      : {
          notify_url: `${server}/w/index.php?diff=${1_284_712_010 + i}&oldid=${1_284_711_971 + i}`,
        }),
    ...(type === 'edit' ? { minor: false, ...lengths } : {}),
    server_url: server,
    server_name: domain,
    server_script_path: '/w',
    wiki: `${wiki}wiki`,
    parsedcomment: comment.replace(
      /\/\* (.*) \*\/ (.*)/,
      `<span class="autocomment">→$1: </span> $2`,
    ),
  };
  const id = [
    { topic, partition: 0, timestamp: seconds * 1000 },
    { topic: 'codfw.mediawiki.recentchange', partition: 0, offset: -1 },
  ];
  return `event: message\nid: ${JSON.stringify(id)}\ndata: ${JSON.stringify(data)}\n\n`;
}
