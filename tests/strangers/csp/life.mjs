// What happens to a placed connection by and by: equipment, notifications, verification.

import * as dealing from './dealing.mjs';
import { there, threshold } from './platform.mjs';
import { vice } from './vices.mjs';
import { fine, unsure } from './web.mjs';

const finals = (place) => [...place.features.values()].filter((each) => each.final).length;
const enough = (place) => threshold(place.channels || place.bundle.lags.size);
const complete = (place) => finals(place) >= enough(place) && finals(place) === place.features.size;
export const ready = (place) => place.agreed && complete(place);

// --- equipment ---

export const stuck = (now, lag) => now.stuck.some((pattern) => pattern === '*' || pattern.endsWith(lag.id));

// Our routers take a while. Whoever holds them back releases them: nobody asks again and again.
async function configured(now, lags) {
  await now.agenda.sleep(now.config.provisioning * (0.7 + Math.random() * 0.6));
  while (lags.some((lag) => stuck(now, lag))) await new Promise((go) => { now.onRelease = [...(now.onRelease || []), go]; });
}

export function release(now, pattern) {
  now.stuck = pattern === '*' ? [] : now.stuck.filter((each) => each !== pattern);
  const waiting = now.onRelease || [];
  now.onRelease = [];
  for (const go of waiting) go();
}

// Configure what is agreed, once enough is agreed.
export function provision(now, place) {
  if (!place.agreed || place.features.size < enough(place)) return;
  for (const feature of place.features.values()) {
    if (feature.final || feature.working || feature.open) continue;
    feature.working = true;
    now.agenda.idle(configured(now, [feature.lag]).then(() => {
      feature.working = false;
      if (!now.alive(place) || place.features.get(feature.id) !== feature) return;
      feature.final = true;
      if (ready(place)) announce(now, place);
      judge(now, place);
    }));
  }
}

// Routers take another bandwidth; then the partner hears of it.
export function resized(now, place, done) {
  const was = now.orders.get(place.uuid)?.phase;
  now.conclude(place.uuid, 'RESIZING');
  now.agenda.idle(configured(now, [...place.bundle.lags.values()]).then(() => {
    if (!now.alive(place)) return;
    place.change = null;
    now.conclude(place.uuid, place.verified ? 'LIVE' : was);
    done();
    announce(now, place);
  }));
}

// A feature of a living connection is gone: whoever keeps the lag negotiates a new one.
export function lost(now, place, lag) {
  if (finals(place) < enough(place)) place.verified = false;
  if (!place.agreed || place.features.size < enough(place) - 1 || lag.keeper !== now.config.id) return;
  now.agenda.start(async () => {
    await now.agenda.sleep(700);
    if (now.alive(place)) await dealing.channel(now, place, lag);
  });
}

// --- notifications ---

export function announce(now, place) {
  place.news = true;
  if (place.announcing) return;
  place.announcing = true;
  now.agenda.start(async () => {
    let pause = 300;
    while (now.alive(place) && place.news) {
      place.news = false;
      const answer = await now.tell(place, 'POST', `${there(place)}/NotifyConnectionStatus`, { body: {} });
      if (!now.alive(place)) break;
      if (fine(answer) || vice('verified-unacknowledged')) {
        place.told = true;
        judge(now, place);
      } else if (answer && answer.status === 404) {
        place.orphan = true; // the partner has none: a refresh or the customer tells what becomes of it
      } else {
        place.news = true;
        await now.agenda.sleep(pause);
        pause = Math.min(2 * pause, 20000);
      }
    }
    place.announcing = false;
  });
}

// The partner has news: read them, at once, one look at a time and one more if it called meanwhile.
export function refresh(now, place) {
  place.stale = true;
  if (place.looking) return;
  place.looking = true;
  now.agenda.start(async () => {
    let pause = 250;
    while (now.alive(place) && place.stale) {
      place.stale = false;
      const seen = await look(now, place);
      if (!now.alive(place)) break;
      if (seen === null) {
        place.stale = true;
        await now.agenda.sleep(pause);
        pause = Math.min(2 * pause, 15000);
      } else if (!place.stale) {
        place.heard = seen;
        judge(now, place);
      }
    }
    place.looking = false;
  });
}

// Is the partner ready? null: it does not say now.
async function look(now, place) {
  const shown = await now.tell(place, 'GET', there(place));
  if (unsure(shown)) return null;
  if (!fine(shown)) return false;
  const states = [];
  let pageToken = '';
  do {
    const came = await now.tell(place, 'GET', `${there(place)}/features`, { query: pageToken ? { pageToken } : {} });
    if (unsure(came)) return null;
    if (!fine(came)) return false;
    states.push(...(came.body.features || []).map((each) => each.provisioningState));
    pageToken = came.body.nextPageToken || '';
  } while (pageToken);
  if (shown.body.verificationState === 'VERIFICATION_STATE_VERIFIED') return true;
  const final = states.filter((state) => state === 'PROVISIONING_STATE_FINAL').length;
  return final >= enough(place) && final === states.length;
}

export function judge(now, place) {
  if (place.verified || !ready(place)) return;
  if (!(place.told && place.heard) && !vice('verified-when-ready')) return;
  place.verified = true;
  now.conclude(place.uuid, 'LIVE');
}
