// What customers order: create, accept, resize, delete. Each gives { status, body } for the portal, or throws Stop.

import crypto from 'node:crypto';
import { withdrawn, pursue } from './dealing.mjs';
import { expired, issue, read } from './key.mjs';
import * as life from './life.mjs';
import { there } from './platform.mjs';
import { now as clock } from './time.mjs';
import { vice } from './vices.mjs';
import { fine, Stop, unsure } from './web.mjs';

const no = (status, why) => new Stop(status, { sorry: why });
const LIVING = ['WAITING', 'BUILDING', 'LIVE', 'RESIZING', 'CEASING'];

// --- who may what ---

function allowed(now, account) {
  if (!now.config.accounts[account].good) throw no(402, 'this account is suspended');
}

export const visible = (now, account) => [...now.partners.values()].flatMap((partner) => [...partner.routes.values()])
  .filter((route) => !route.admitted || route.admitted.some((letter) => now.config.letters[letter] === account));

export function orderOf(now, account, uuid) {
  const order = now.orders.get(uuid);
  if (!order || order.account !== account) throw no(404, 'no hookup of yours');
  return order;
}

const room = (now, route, mbps) => [...route.bundles.values()]
  .some((bundle) => bundle.state === 'ACTIVE' && bundle.sizes.includes(mbps) && now.room(bundle) >= mbps);

// --- create here ---

export function create(now, account, { far, route: name, via, mbps }) {
  allowed(now, account);
  if (typeof far !== 'string' || !far) throw no(422, 'to: the account at the other provider');
  const routes = visible(now, account).filter((each) => each.id === name && (!via || each.partner.id === via));
  if (routes.length !== 1) throw no(422, 'route: one that you are offered');
  const [route] = routes;
  if (!route.sizes.includes(mbps)) throw no(422, 'speed: one that is offered on this route');
  const quota = now.quotas.get(account);
  const count = [...now.orders.values()].filter((each) => each.account === account && LIVING.includes(each.phase)).length;
  if (quota !== undefined && count >= quota) throw no(403, 'no more hookups for this account');
  if (!room(now, route, mbps)) throw no(409, 'this route is full');
  const uuid = crypto.randomUUID();
  const key = issue({ uuid, mbps, account: far, issuer: now.config.id, environment: route.id });
  const order = { uuid, account, route, partner: route.partner, mbps, key, issued: true, phase: 'WAITING', reason: '', born: clock(), used: false, confirmed: false };
  now.orders.set(uuid, order);
  return order;
}

// --- accept what was created elsewhere ---

function shownKey(now, account, text) {
  allowed(now, account);
  const facts = read(text);
  if (!facts) throw no(400, 'this is not an activation key');
  const { mayActFor = [] } = now.config.accounts[account];
  const meant = facts.account;
  if (meant !== account && !mayActFor.includes(meant)) throw no(403, 'this key is for somebody else');
  const routes = [...now.partners.values()].map((partner) => partner.routes.get(facts.environment)).filter(Boolean)
    .filter((route) => !facts.provider || facts.provider === now.config.id || facts.provider === route.partner.id);
  if (!routes.length) throw no(422, 'no such route with the provider that gave you this key');
  const route = routes[0];
  if (facts.version !== 1 || !route.sizes.includes(facts.mbps)) throw no(422, 'this speed is not offered there');
  return { facts, route };
}

export const inspect = (now, account, text) => shownKey(now, account, text);

export function accept(now, account, text) {
  const { facts, route } = shownKey(now, account, text);
  const former = now.orders.get(facts.uuid);
  if (former && former.phase !== 'FAILED') throw no(409, 'this key was redeemed already');
  if (former && former.place && now.alive(former.place)) throw no(409, 'the former attempt is being cleared away');
  if (!room(now, route, facts.mbps)) throw no(409, 'this route is full');
  const order = {
    uuid: facts.uuid, account, route, partner: route.partner, mbps: facts.mbps, key: text.trim(),
    issued: false, phase: 'BUILDING', reason: '', born: clock(), used: true, confirmed: true,
  };
  now.orders.set(order.uuid, order);
  now.agenda.start(() => pursue(now, order));
  return order;
}

// --- change and end ---

export function placeOfOrder(now, order) {
  return now.placesOf(order.partner, order.uuid).find((place) => !place.leaving) || null;
}

export function resize(now, order, mbps) {
  const place = placeOfOrder(now, order);
  if (order.phase !== 'LIVE' || !place || place.change) throw no(409, 'it cannot be resized now');
  if (!order.route.sizes.includes(mbps) || !place.bundle.sizes.includes(mbps)) throw no(422, 'speed: one that is offered on this route');
  if (mbps === place.mbps) throw no(422, 'it has this speed already');
  if (mbps - place.mbps > now.room(place.bundle)) throw no(409, 'no room for more');
  place.change = 'ours';
  place.wanted = mbps;
  order.phase = 'RESIZING';
  const job = { done: false, wrong: '' };
  now.agenda.start(async () => {
    const granted = await asked(now, place, mbps);
    place.wanted = 0;
    if (!now.alive(place)) { Object.assign(job, { done: true, wrong: 'it is being deleted' }); return; }
    if (!granted) {
      place.change = null;
      now.conclude(order.uuid, place.verified ? 'LIVE' : 'BUILDING', 'the other provider refused the new speed');
      Object.assign(job, { done: true, wrong: 'the other provider refused' });
      return;
    }
    Object.assign(place, { mbps, revision: place.revision + 1 });
    life.resized(now, place, () => {
      order.mbps = mbps;
      job.done = true;
    });
  });
  return job;
}

// Does the partner grant it? Where its answer is lost, its own book tells.
async function asked(now, place, mbps) {
  const end = clock() + 60000;
  for (let pause = 300; now.alive(place); pause = Math.min(2 * pause, 10000)) {
    const answer = await now.tell(place, 'PATCH', there(place), { query: { updateMask: 'bandwidthMbps' }, body: { bandwidthMbps: mbps } });
    if (!unsure(answer)) return fine(answer);
    const seen = await now.tell(place, 'GET', there(place));
    if (fine(seen) && seen.body.bandwidthMbps === mbps) return true;
    if (seen?.status === 404 || clock() > end) return false;
    await now.agenda.sleep(pause);
  }
  return false;
}

// At once where nobody else knows of it; else a job.
export function cease(now, order) {
  if (['CEASED', 'FAILED'].includes(order.phase)) return null;
  const place = placeOfOrder(now, order);
  const busy = order.place && order.place.proposing;
  if (!place && !busy) {
    now.conclude(order.uuid, 'CEASED');
    return null;
  }
  const job = { done: false, wrong: '' };
  order.phase = 'CEASING';
  const doomed = place || order.place;
  doomed.leaving = true;
  now.agenda.start(async () => {
    if (!vice('forgets-remote-delete')) await withdrawn(now, doomed);
    else now.drop(doomed);
    now.conclude(order.uuid, 'CEASED');
    job.done = true;
  });
  return job;
}

export const stale = (order) => order.phase === 'WAITING' && expired(order);
