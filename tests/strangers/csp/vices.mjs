// What the stranger does wrong on purpose: VICE=name[,name…] in its environment.

export const VICES = {
  'confirms-any-key': 'answers keyValid true to whatever key is shown',
  'confirms-used-key': 'goes on confirming a key whose connection exists',
  'forgets-capacity': 'takes placements and updates beyond the room of an interconnect',
  'knows-every-interconnect': 'answers 200 with an invented interconnect to an unknown one',
  'leaks-keys': 'shows the key that it issued last with whatever connection is listed',
  'leaks-partners': 'lists every partner to every partner',
  'verified-when-ready': 'sets VERIFIED as soon as its own side is provisioned',
  'verified-unacknowledged': 'takes a notification for sent although nobody acknowledged it',
  'ignores-mask': 'updates whatever the body says, whatever updateMask says',
  'keeps-rejected': 'keeps the VLAN of a proposal that it rejected',
  'any-vlan': 'accepts VLANs of 1024 and less',
  'changes-features': 'stores another MTU than was agreed',
  'goes-on-unconfirmed': 'places a connection although the key was not confirmed',
  'sticks-to-one': 'proposes the refused interconnect again at once',
  'whole-guidance-once': 'never asks for the guidance of one channel again',
  'forgets-remote-delete': 'does not tell the peer that a customer deleted',
  'revives-deleted': 'takes a create with the UUID of a deleted connection',
  'deaf-to-notifications': 'answers notifications and does not read the peer',
  'repeats-items': 'begins each further page with the last item of the one before',
  'tells-too-early': 'tells its customer that the connection is established as soon as it is placed',
  'open-doors': 'answers callers without credentials',
};

const chosen = new Set((process.env.VICE || '').split(',').filter(Boolean));
for (const name of chosen) if (!(name in VICES)) throw new Error(`VICE ${name}: there are ${Object.keys(VICES).join(', ')}`);

export const vice = (name) => {
  if (!(name in VICES)) throw new Error(`no vice ${name}`);
  return chosen.has(name);
};
