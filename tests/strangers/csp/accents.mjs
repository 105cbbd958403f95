// What the stranger may do in yet another way, all of it legal: ACCENT=name[,name…] in its environment.

export const ACCENTS = {
  'url-safe-keys': 'activation keys in the URL-safe alphabet, without padding (CC-ERR-02)',
  'absolute-uris': 'the environment in a key as a whole URL (CC-ERR-31)',
  'bare-ids': 'managers of channels by their bare provider IDs (CC-ERR-30)',
  'one-by-one': 'pages of one item',
  'sluggish': 'every answer to a partner takes about half a second',
  'wordless': 'success without a word wherever nothing is to be told (CC-ERR-13)',
  'both-lists': 'ListProviders under both names (CC-ERR-05)',
};

const chosen = new Set((process.env.ACCENT || '').split(',').filter(Boolean));
for (const name of chosen) if (!(name in ACCENTS)) throw new Error(`ACCENT ${name}: there are ${Object.keys(ACCENTS).join(', ')}`);

export const accent = (name) => {
  if (!(name in ACCENTS)) throw new Error(`no accent ${name}`);
  return chosen.has(name);
};
