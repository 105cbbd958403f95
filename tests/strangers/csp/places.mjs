// East/west: confirming keys, and connections as the one who is asked.

import { accent } from './accents.mjs';
import { bundleOf, partnerOf, placeOf, placeView, routeOf } from './eastwest.mjs';
import { expired, fields, read } from './key.mjs';
import * as life from './life.mjs';
import { placePath } from './platform.mjs';
import { vice } from './vices.mjs';
import { Stop } from './web.mjs';

const refused = (status, why) => new Stop(status, { trouble: [why] });

export function confirm(now, request) {
  const route = routeOf(now, request);
  const { encodedKey, key } = request.body();
  if (vice('confirms-any-key')) return { status: 200, body: { keyValid: true } };
  if (encodedKey === undefined && key === undefined) throw refused(422, 'no key was shown');
  if (encodedKey === undefined && (key === null || typeof key !== 'object')) throw refused(422, 'key is an object');
  const facts = encodedKey === undefined ? fields(key) : read(encodedKey);
  const order = facts && now.orders.get(facts.uuid);
  const known = order && order.issued && order.partner === route.partner && order.route === route;
  const same = known && (encodedKey === undefined
    ? JSON.stringify(facts) === JSON.stringify(read(order.key))
    : encodedKey === order.key && (key === undefined || JSON.stringify(fields(key || {})) === JSON.stringify(facts)));
  const used = known && (order.used || order.phase === 'CEASED') && !vice('confirms-used-key');
  if (!same || used || expired(order)) return { status: 200, body: { checkedBy: now.config.id } }; // no verdict is no
  order.confirmed = true;
  return { status: 200, body: { 'x-tidewater-note': 'welcome', keyValid: true } };
}

export function create(now, request) {
  const bundle = bundleOf(now, request);
  const uuid = request.query.get('connectionId') || '';
  const body = request.body();
  const { bandwidthMbps: mbps, activationKey, name, deferProvisioning } = body;
  if (!/^[a-z0-9-]{1,63}$/.test(uuid)) throw refused(400, 'connectionId is missing or no ID');
  if (!Number.isInteger(mbps) || mbps <= 0) throw refused(400, 'bandwidthMbps is a number of Mbps');
  if (name !== undefined && name !== '' && name !== placePath({ bundle, uuid })) throw refused(400, 'name is that of something else');
  if (deferProvisioning === true || body.deferConnection === true) throw refused(400, 'we drive nothing for others');
  const { partner } = bundle.route;
  if (now.placesOf(partner, uuid).some((place) => !place.leaving)) throw refused(409, 'it is there already');
  const order = now.orders.get(uuid);
  const revived = vice('revives-deleted') && order?.used;
  if (!order || !order.issued || order.partner !== partner) throw refused(403, 'this UUID was not given to you');
  if ((order.used || order.phase === 'CEASED' || expired(order)) && !revived) throw refused(410, 'the key is void');
  if (!order.confirmed) throw refused(403, 'the key was not confirmed');
  if (activationKey !== undefined && activationKey !== '' && activationKey !== order.key) throw refused(403, 'another key');
  if (order.route !== bundle.route || order.mbps !== mbps) throw refused(422, 'the key says otherwise');
  if (bundle.state !== 'ACTIVE') throw refused(412, 'no new connections here');
  if (!bundle.sizes.includes(mbps)) throw refused(422, 'no such size');
  return settled(now, bundle, uuid, mbps, order);
}

// Our own open proposal counts. Where it and theirs compete for the last room, the smaller UUID goes first.
async function settled(now, bundle, uuid, mbps, order) {
  const until = Date.now() + now.config.patience / 2;
  for (;;) {
    const rivals = [...bundle.places.values()].filter((place) => place.proposing);
    if (now.room(bundle) >= mbps) break;
    if (!rivals.length || rivals.some((place) => place.uuid < uuid) || Date.now() > until) throw refused(409, 'no room');
    await new Promise((go) => setTimeout(go, 20));
    if (now.agenda.over || order.used || order.phase === 'CEASED') throw refused(409, 'too late');
  }
  const place = now.newPlace(bundle, uuid, mbps, false);
  order.used = true;
  now.conclude(uuid, vice('tells-too-early') ? 'LIVE' : 'BUILDING');
  return { status: 200, body: placeView(place) };
}

const CHANGEABLE = ['bandwidthMbps', 'bandwidth_mbps'];
const SHOWN_ONLY = ['adminState', 'verificationState', 'admin_state', 'verification_state'];

export function update(now, request) {
  const place = placeOf(now, request);
  const body = request.body();
  const mask = request.query.get('updateMask');
  let paths = CHANGEABLE;
  if (!vice('ignores-mask')) {
    if (mask === null) throw refused(400, 'updateMask tells what to change');
    paths = mask.split(',').map((path) => path.trim());
    if (paths.some((path) => !CHANGEABLE.includes(path) && !SHOWN_ONLY.includes(path))) throw refused(400, 'updateMask: only bandwidthMbps changes');
  }
  if (!paths.some((path) => CHANGEABLE.includes(path))) return { status: 200, body: placeView(place) };
  const mbps = body.bandwidthMbps;
  const { bundle } = place;
  if (!Number.isInteger(mbps) || !bundle.sizes.includes(mbps)) throw refused(422, 'no such size');
  if (place.change || place.leaving) throw refused(409, 'it is being changed');
  if (mbps === place.mbps) return { status: 200, body: placeView(place) };
  if (mbps > place.mbps && bundle.state !== 'ACTIVE') throw refused(412, 'nothing more here');
  if (mbps - place.mbps > now.room(bundle)) throw refused(409, 'no room');
  Object.assign(place, { mbps, change: 'theirs', revision: place.revision + 1 });
  const order = now.orders.get(place.uuid);
  life.resized(now, place, () => { if (order) order.mbps = mbps; });
  return { status: 200, body: placeView(place) };
}

export function remove(now, request) {
  const place = placeOf(now, request);
  now.drop(place);
  const order = now.orders.get(place.uuid);
  if (order) {
    order.used = true;
    now.conclude(place.uuid, 'CEASED', 'deleted by the other provider');
  }
  return { status: 204 };
}

export function notified(now, request) {
  const place = placeOf(now, request);
  partnerOf(now, request);
  if (request.text) request.body();
  if (!vice('deaf-to-notifications')) life.refresh(now, place);
  else { place.heard = true; life.judge(now, place); }
  return accent('wordless') ? { status: 204 } : { status: 202, body: {} };
}
