// The negotiator: from a customer's key to an agreed connection.

import * as l3 from './l3.mjs';
import * as life from './life.mjs';
import { rnd, there, threshold } from './platform.mjs';
import { now as clock } from './time.mjs';
import { vice } from './vices.mjs';
import { fine, unsure } from './web.mjs';

const L3 = 'FEATURE_TYPE_L3_BASE';
const SPAN = 55000; // of all attempts to place a connection
const swing = (ms) => ms * (0.85 + Math.random() * 0.3);

// Everything that follows a customer's consent. The order is BUILDING; it ends LIVE, FAILED or CEASED.
export async function pursue(now, order) {
  const verdict = await confirmed(now, order);
  if (order.phase !== 'BUILDING') return;
  if (verdict !== true && !vice('goes-on-unconfirmed')) {
    now.conclude(order.uuid, 'FAILED', verdict || 'the other provider does not know this key');
    return;
  }
  const place = await placed(now, order);
  if (!place) return;
  await agreed(now, order, place);
}

async function confirmed(now, order) {
  const end = clock() + 40000;
  for (let pause = 300; clock() < end && order.phase === 'BUILDING'; pause *= 2) {
    const answer = await now.tell(order, 'POST', '/ConfirmActivationKey', { body: { encodedKey: order.key } });
    if (!unsure(answer)) return fine(answer) && answer.body.keyValid === true ? true : '';
    await now.agenda.sleep(swing(pause));
  }
  return 'the other provider does not answer';
}

// --- where ---

async function placed(now, order) {
  const end = clock() + SPAN;
  const unresolved = new Set(); // proposals without an answer
  for (let pause = 400; order.phase === 'BUILDING'; pause *= 2) {
    const refused = new Set();
    for (;;) {
      const candidates = await eligible(now, order);
      if (order.phase !== 'BUILDING') break;
      const bundle = candidates.find((each) => unresolved.has(each)) || candidates.find((each) => !refused.has(each) || vice('sticks-to-one'));
      if (!bundle) break;
      const outcome = await proposed(now, order, bundle, unresolved);
      if (outcome === 'refused') refused.add(bundle);
      else if (outcome === 'unknown') break;
      else if (outcome) return outcome;
      if (vice('sticks-to-one') && clock() > end) break;
    }
    if (order.phase !== 'BUILDING' || clock() + pause > end) break;
    await now.agenda.sleep(swing(pause));
  }
  for (const bundle of unresolved) await withdrawn(now, { bundle, uuid: order.uuid });
  now.conclude(order.uuid, 'FAILED', 'no interconnect has room');
  return null;
}

// Bundles that can take the order by both sides' books, the emptiest first.
async function eligible(now, order) {
  const route = await now.tell(order, 'GET', '/interconnects', { query: { pageSize: '50' } });
  const states = new Map();
  if (fine(route)) for (const each of route.body.interconnects || []) states.set(String(each.name).split('/').at(-1), each.state);
  const left = (bundle) => now.room(bundle) + (bundle.places.has(order.uuid) ? order.mbps : 0);
  return [...order.route.bundles.values()]
    .filter((each) => each.state === 'ACTIVE' && (states.get(each.id) || 'INTERCONNECT_STATE_ACTIVE') === 'INTERCONNECT_STATE_ACTIVE')
    .filter((each) => each.sizes.includes(order.mbps) && left(each) >= order.mbps)
    .sort((one, other) => left(other) - left(one));
}

// One proposal. The place if it was accepted; 'refused', 'unknown'; or null when the customer has gone.
async function proposed(now, order, bundle, unresolved) {
  const place = bundle.places.get(order.uuid) || now.newPlace(bundle, order.uuid, order.mbps, true);
  place.proposing = true;
  order.place = place;
  const body = { activationKey: order.key, bandwidthMbps: order.mbps, name: `providers/${now.config.id}/environments/${order.route.id}${there(place)}` };
  let answer = await now.tell(place, 'POST', `/interconnects/${bundle.id}/connections`, { query: { connectionId: order.uuid }, body });
  const repeated = unresolved.has(bundle);
  if (unsure(answer) || (answer.status === 409 && repeated)) {
    unresolved.add(bundle);
    const seen = await now.tell(place, 'GET', there(place));
    if (fine(seen)) answer = seen;
    else if (answer?.status === 409 && seen?.status === 404) unresolved.delete(bundle); // really refused
    else {
      place.proposing = false;
      return 'unknown';
    }
  }
  place.proposing = false;
  unresolved.delete(bundle);
  if (!now.alive(place)) return null;
  if (fine(answer)) return place;
  now.drop(place);
  return 'refused';
}

// Delete at the partner until it says that nothing is there.
export async function withdrawn(now, place) {
  for (let pause = 300; ; pause = Math.min(2 * pause, 20000)) {
    const answer = await now.tell(place, 'DELETE', there(place));
    if (fine(answer) || answer?.status === 404) break;
    await now.agenda.sleep(swing(pause));
  }
  const here = place.bundle.places.get(place.uuid);
  if (here) now.drop(here);
}

// --- with which parameters ---

async function agreed(now, order, place) {
  if (vice('tells-too-early')) now.conclude(order.uuid, 'LIVE');
  const told = await guidance(now, place);
  if (!told) return now.alive(place) ? undefined : null;
  const lags = [...new Set(told.map((each) => String(each.channel).split('/').at(-1)))].map((id) => lagAt(place, id));
  place.channels = lags.length;
  await Promise.all(lags.map((lag) => channel(now, place, lag, told, 4)));
  if (!now.alive(place)) return null;
  place.agreed = true;
  life.provision(now, place);
  const missing = lags.filter((lag) => !has(place, lag));
  for (let pause = 2000; missing.length && now.alive(place) && pause < 100000; pause *= 2) {
    await now.agenda.sleep(swing(pause));
    for (const lag of missing.filter((each) => !has(place, each))) if (now.alive(place)) await channel(now, place, lag, null, 1);
    missing.splice(0, missing.length, ...missing.filter((lag) => !has(place, lag)));
    if (pause > 30000 && place.features.size < threshold(lags.length)) break;
  }
  if (now.alive(place) && place.features.size < threshold(lags.length)) {
    now.conclude(order.uuid, 'FAILED', 'no agreement about the parameters');
    place.leaving = true;
    await withdrawn(now, place);
  }
  return null;
}

const has = (place, lag) => [...place.features.values()].some((each) => each.lag === lag && !each.open);

// The partner may have channels that our books lack: they are used, with what we know of the bundle.
function lagAt(place, id) {
  const { lags } = place.bundle;
  if (!lags.has(id)) lags.set(id, { id, bundle: place.bundle, n: lags.size, enabled: true, keeper: place.bundle.route.partner.id, router: rnd(8) });
  return lags.get(id);
}

// Guidance for all channels, or for one; null where the connection is no more.
async function guidance(now, place, lag) {
  const query = lag && !vice('whole-guidance-once') ? { channelId: lag.id, featureType: L3 } : {};
  for (let pause = 300; now.alive(place); pause = Math.min(2 * pause, 10000)) {
    const came = await now.tell(place, 'POST', `${there(place)}/GenerateFeatureGuidance`, { query, body: {} });
    if (fine(came)) return (came.body.featureGuidance || []).filter((each) => each.featureType === L3 || each.featureType === undefined);
    if (came && came.status === 404) { gone(now, place); return null; }
    await now.agenda.sleep(swing(pause));
  }
  return null;
}

// Agree on one channel in so many attempts.
export async function channel(now, place, lag, told = null, attempts = 4) {
  const refused = [];
  for (let n = 0; n < attempts && now.alive(place) && !has(place, lag); n += 1) {
    const rows = n === 0 && told ? told : await guidance(now, place, lag);
    if (!rows || !now.alive(place)) return;
    const row = rows.find((each) => String(each.channel).split('/').at(-1) === lag.id);
    const config = row && l3.proposal(now, place, lag, row.l3BaseGuidance, refused);
    if (!config) { await now.agenda.sleep(swing(500 * (n + 1))); continue; }
    const feature = { id: `${lag.id}-${rnd(4)}`, lag, place, config, final: false, open: true };
    place.features.set(feature.id, feature);
    const taken = await offered(now, place, feature);
    if (!now.alive(place)) return;
    if (taken) {
      Object.assign(feature, { open: false, config: taken });
      life.provision(now, place);
      return;
    }
    place.features.delete(feature.id);
    refused.push(config);
    await now.agenda.sleep(swing(100 * (n + 1)));
  }
}

// The configuration that is agreed; null where it was refused.
async function offered(now, place, feature) {
  const own = `providers/${now.config.id}/environments/${place.bundle.route.id}/interconnects/${place.bundle.id}/channels/${feature.lag.id}`;
  const body = { featureConfig: { l3BaseConfig: feature.config, featureType: L3 }, channel: own };
  for (let pause = 300, repeated = false; now.alive(place); pause = Math.min(2 * pause, 10000)) {
    const came = await now.tell(place, 'POST', `${there(place)}/features`, { query: { featureId: feature.id }, body });
    if (fine(came)) return feature.config;
    if (came && came.status === 404) { gone(now, place); return null; }
    if (!unsure(came) && !repeated) return null;
    const seen = await now.tell(place, 'GET', `${there(place)}/features/${feature.id}`);
    if (fine(seen)) return seen.body.featureConfig?.l3BaseConfig || feature.config;
    if (!unsure(came)) return null;
    repeated = true;
    await now.agenda.sleep(swing(pause));
  }
  return null;
}

// The partner has no such connection any more.
function gone(now, place) {
  now.drop(place);
  now.conclude(place.uuid, 'FAILED', 'the other provider gave it up');
}
