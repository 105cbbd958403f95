// East/west: what partners may read, and the table of all operations.

import crypto from 'node:crypto';
import { accent } from './accents.mjs';
import { bundlePath, inPath, lagPath, placePath } from './platform.mjs';
import { vice } from './vices.mjs';
import { Stop } from './web.mjs';
import * as features from './features.mjs';
import * as issues from './issues.mjs';
import * as places from './places.mjs';

const SEAL = crypto.randomBytes(16);
const seal = (text) => crypto.createHmac('sha1', SEAL).update(text).digest('base64url').slice(0, 8);
const L3 = ['FEATURE_TYPE_L3_BASE'];

// One page, by falling IDs. The token tells after which item it goes on, and of which list it is.
export function page(list, items, query, { size = 3, most = 200, key = (item) => item.id, order = (a, b) => (key(a) < key(b) ? 1 : -1) } = {}) {
  const asked = query.get('pageSize') || '0';
  if (!/^\d{1,9}$/.test(asked)) throw new Stop(400, { trouble: ['pageSize is a number of items'] });
  const count = Math.min(Number(asked) || (accent('one-by-one') ? 1 : size), most);
  let rest = [...items].sort(order);
  const token = query.get('pageToken') || '';
  if (token) {
    const [after, mark] = Buffer.from(token, 'base64url').toString('utf8').split('\n');
    if (mark !== seal(`${list}|${after}`)) throw new Stop(400, { trouble: ['this pageToken continues nothing here'] });
    const mine = rest.findIndex((item) => key(item) === after);
    const again = vice('repeats-items') && count > 1 ? 0 : 1;
    rest = mine >= 0 ? rest.slice(mine + again) : rest.filter((item) => key(item) < after);
  }
  const shown = rest.slice(0, count);
  const last = shown.length ? key(shown.at(-1)) : '';
  const more = rest.length > count;
  return { shown, nextPageToken: more ? Buffer.from(`${last}\n${seal(`${list}|${last}`)}`).toString('base64url') : '' };
}

const listed = (member, list, items, query, view) => {
  const { shown, nextPageToken } = page(list, items, query);
  const answer = { nextPageToken };
  if (shown.length) answer[member] = shown.map(view); // an empty list is left out
  return { status: 200, body: answer };
};

// --- finding things: whatever does not exist for this caller is answered alike ---

export const nothing = () => new Stop(404);

export function partnerOf(platform, { who, params }) {
  if (params.provider !== who.id) throw nothing();
  return platform.partners.get(who.id);
}
export function routeOf(platform, request) {
  const route = partnerOf(platform, request).routes.get(request.params.environment);
  if (!route) throw nothing();
  return route;
}
export function bundleOf(platform, request) {
  const { interconnect } = request.params;
  const bundle = routeOf(platform, request).bundles.get(interconnect);
  if (bundle) return bundle;
  if (!vice('knows-every-interconnect')) throw nothing();
  return { id: interconnect, route: routeOf(platform, request), max: 0, sizes: [], state: 'PENDING', lags: new Map(), places: new Map() };
}
export function lagOf(platform, request) {
  const lag = bundleOf(platform, request).lags.get(request.params.channel);
  if (!lag) throw nothing();
  return lag;
}
export function placeOf(platform, request) {
  const place = bundleOf(platform, request).places.get(request.params.connection);
  if (!place) throw nothing();
  return place;
}

// --- how they are shown ---

const providerView = (id, name) => ({ displayName: name, name: `providers/${id}` });

const routeView = (route) => ({
  supportedFeatures: L3,
  supportedConnectionSizeMbps: [...route.sizes].reverse(),
  providerSites: route.sites.map(([providerId, site]) => ({ site, displayName: `Region ${site}`, providerId })),
  ...(route.admitted ? { environmentVisibility: 'ENVIRONMENT_VISIBILITY_PRIVATE' } : {}),
  apiUri: route.partner.urls?.[route.id] || route.partner.url,
  name: inPath(route),
});

const bundleView = (bundle) => ({
  maxBandwidthMbps: bundle.max,
  'x-tidewater-fibre': 'dark',
  state: `INTERCONNECT_STATE_${bundle.state}`,
  supportedFeatures: L3,
  supportedConnectionSizeMbps: [...bundle.sizes].reverse(),
  name: bundlePath(bundle),
});

const lagView = (lag) => ({
  adminState: lag.enabled ? 'ADMIN_STATE_ENABLED' : 'ADMIN_STATE_DISABLED',
  obfuscatedDeviceId: lag.router,
  channelMemberSizeGbps: 100,
  aggregateChannelSizeGbps: 100,
  crossConnectManagerProvider: accent('bare-ids') ? lag.keeper : `providers/${lag.keeper}`,
  macsecManagerProvider: accent('bare-ids') ? lag.keeper : `providers/${lag.keeper}`,
  demarc: `${lag.bundle.route.id}/${lag.bundle.id}/${lag.n + 1}`,
  name: lagPath(lag),
});

export const placeView = (place, keys) => ({
  verificationState: place.verified ? 'VERIFICATION_STATE_VERIFIED' : 'VERIFICATION_STATE_UNVERIFIED',
  adminState: 'ADMIN_STATE_ENABLED',
  etag: `"${place.revision}"`,
  bandwidthMbps: place.mbps,
  ...(keys ? { activationKey: keys } : {}),
  name: placePath(place),
});

// --- the table ---

export function routes(life) {
  const at = (handler) => (request) => handler(life.now, request);
  const E = '/providers/:provider/environments';
  const I = `${E}/:environment/interconnects`;
  const H = `${I}/:interconnect/channels`;
  const C = `${I}/:interconnect/connections`;
  const S = '/providers/:provider/issues';
  return [
    ['GET', '/providers', at(providers)],
    ['GET', '/providers/:provider', at(provider)],
    ['GET', E, at((now, request) => {
      const partner = partnerOf(now, request);
      return listed('environments', `e ${partner.id}`, partner.routes.values(), request.query, routeView);
    })],
    ['GET', `${E}/:environment`, at((now, request) => ({ status: 200, body: routeView(routeOf(now, request)) }))],
    ['POST', `${E}/:environment/ConfirmActivationKey`, at(places.confirm)],
    ['GET', I, at((now, request) => {
      const route = routeOf(now, request);
      return listed('interconnects', inPath(route), route.bundles.values(), request.query, bundleView);
    })],
    ['GET', `${I}/:interconnect`, at((now, request) => ({ status: 200, body: bundleView(bundleOf(now, request)) }))],
    ['GET', H, at((now, request) => {
      const bundle = bundleOf(now, request);
      return listed('channels', `h ${bundlePath(bundle)}`, bundle.lags.values(), request.query, lagView);
    })],
    ['GET', `${H}/:channel`, at((now, request) => ({ status: 200, body: lagView(lagOf(now, request)) }))],
    ['GET', C, at((now, request) => {
      const bundle = bundleOf(now, request);
      const items = [...bundle.places.values()].map((place) => ({ id: place.uuid, place }));
      const key = vice('leaks-keys') ? [...now.orders.values()].filter((each) => each.issued).at(-1)?.key : undefined;
      return listed('connections', `c ${bundlePath(bundle)}`, items, request.query, ({ place }) => placeView(place, key));
    })],
    ['POST', C, at(places.create)],
    ['GET', `${C}/:connection`, at((now, request) => ({ status: 200, body: placeView(placeOf(now, request)) }))],
    ['PATCH', `${C}/:connection`, at(places.update)],
    ['DELETE', `${C}/:connection`, at(places.remove)],
    ['POST', `${C}/:connection/NotifyConnectionStatus`, at(places.notified)],
    ['POST', `${C}/:connection/GenerateFeatureGuidance`, at(features.guidance)],
    ['GET', `${C}/:connection/features`, at((now, request) => {
      const place = placeOf(now, request);
      return listed('features', `f ${placePath(place)}`, place.features.values(), request.query, features.view);
    })],
    ['POST', `${C}/:connection/features`, at(features.create)],
    ['GET', `${C}/:connection/features/:feature`, at(features.get)],
    ['DELETE', `${C}/:connection/features/:feature`, at(features.remove)],
    ['GET', S, at(issues.list)],
    ['POST', S, at(issues.create)],
    ['GET', `${S}/:issue`, at(issues.get)],
    ['POST', `${S}/:issue/Close`, at(issues.close)],
    ['GET', `${S}/:issue/comments`, at(issues.comments)],
    ['POST', `${S}/:issue/AddComment`, at(issues.comment)],
    ['GET', `${H}/:channel/maintenanceEvents`, at((now, request) => { lagOf(now, request); return { status: 200, body: {} }; })],
    ['POST', `${H}/:channel/NotifyMaintenance`, at((now, request) => { lagOf(now, request); request.body(); return { status: 202, body: {} }; })],
    ['POST', `${H}/:channel/RequestMacSecKeyRotation`, at((now, request) => { lagOf(now, request); throw new Stop(409, 'No MACsec was agreed.'); })],
    ['GET', `${H}/:channel/macSecKeys`, at((now, request) => { lagOf(now, request); return { status: 200, body: {} }; })],
    ['POST', `${H}/:channel/macSecKeys`, at((now, request) => { lagOf(now, request); throw new Stop(409, 'No MACsec was agreed.'); })],
    ['GET', `${H}/:channel/macSecKeys/:key`, at((now, request) => { lagOf(now, request); throw nothing(); })],
    ['DELETE', `${H}/:channel/macSecKeys/:key`, at((now, request) => { lagOf(now, request); throw nothing(); })],
  ];
}

function providers(now, { who, query }) {
  const { id, name } = now.config;
  const known = vice('leaks-partners') ? [...now.partners.values()] : [now.partners.get(who.id)];
  const items = [{ id, name }, ...known.map((partner) => ({ id: partner.id, name: partner.name || partner.id }))];
  const answer = listed('providers', `p ${who.id}`, items, query, (item) => providerView(item.id, item.name));
  if (accent('both-lists')) answer.body.environments = answer.body.providers;
  return answer;
}

function provider(now, { who, params }) {
  if (params.provider === now.config.id) return { status: 200, body: providerView(now.config.id, now.config.name) };
  if (params.provider !== who.id) throw nothing();
  return { status: 200, body: providerView(who.id, now.partners.get(who.id).name || who.id) };
}
