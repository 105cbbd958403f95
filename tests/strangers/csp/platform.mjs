// One life of the platform: partners, what was agreed with them, and what customers have ordered.

import crypto from 'node:crypto';
import { Agenda } from './time.mjs';
import { RANGES, STOCKS } from './stock.mjs';
import { vice } from './vices.mjs';
import { ask } from './web.mjs';

export const SITES = { 'csp-a': 'a-east-1', 'csp-b': 'b-east1', third: 'c-east' };

export class Platform {
  // `seat` tells which end of the inventory is ours: csp-a or csp-b.
  constructor(config, stock = 'standard', seat = config.seat) {
    if (!(stock in STOCKS)) throw new Error(`no stock ${stock}`);
    this.config = config;
    this.seat = seat;
    this.agenda = new Agenda();
    this.orders = new Map(); // UUID -> what a customer wanted
    this.jobs = new Map();
    this.quotas = new Map();
    this.stuck = []; // lags whose equipment does not finish: patterns
    this.ranges = { ...RANGES, ...config.ranges, ...STOCKS[stock].guidance };
    this.asn = config.asn;
    this.partners = new Map(config.partners.map((row) => [row.id, { ...row, routes: new Map(), issues: new Map() }]));
    const [peer, third] = [...this.partners.values()];
    const other = seat === 'csp-a' ? 'csp-b' : 'csp-a';
    for (const row of STOCKS[stock].routes) this.cable(peer, row, { [seat]: config.id, [other]: peer.id }, other);
    for (const row of third ? STOCKS[stock].third || [] : []) this.cable(third, row, { 'csp-a': config.id, 'csp-b': third.id }, 'third');
  }

  cable(partner, row, ids, far) {
    const route = {
      id: row.id, partner, sizes: row.sizes, bundles: new Map(), admitted: row.admitted,
      sites: [[partner.id, SITES[far] + row.suffix], [this.config.id, SITES[this.seat] + row.suffix]],
    };
    partner.routes.set(row.id, route);
    for (const kind of row.bundles) {
      const bundle = { id: kind.id, route, max: kind.max, sizes: kind.sizes, state: kind.state, lags: new Map(), places: new Map() };
      route.bundles.set(bundle.id, bundle);
      kind.lags.forEach((id, n) => bundle.lags.set(id, {
        id, bundle, n, enabled: true, keeper: n < 2 ? ids['csp-a'] : ids['csp-b'],
        router: crypto.createHash('sha256').update(`${this.config.id}|${this.seat}|${row.suffix}|${kind.from + n}`).digest('base64url').slice(0, 11),
      }));
    }
  }

  bundles(partner) { return [...partner.routes.values()].flatMap((route) => [...route.bundles.values()]); }

  // The placements of a UUID with a partner, over all bundles.
  placesOf(partner, uuid) { return this.bundles(partner).map((each) => each.places.get(uuid)).filter(Boolean); }

  used(bundle) { return [...bundle.places.values()].reduce((sum, place) => sum + Math.max(place.mbps, place.wanted || 0), 0); }

  room(bundle) { return vice('forgets-capacity') ? 1e9 : bundle.max - this.used(bundle); }

  // Ask a partner something under our own provider ID.
  tell(place, method, rest, { query = {}, body } = {}) {
    const { route } = place.bundle || place;
    const { partner } = route;
    const search = new URLSearchParams(query).toString();
    const url = `${partner.urls?.[route.id] || partner.url}/providers/${this.config.id}/environments/${route.id}${rest}${search ? `?${search}` : ''}`;
    return ask(this.agenda, { method, url, token: partner.tokenOut, body, patience: this.config.patience });
  }

  newPlace(bundle, uuid, mbps, ours) {
    const place = {
      uuid, bundle, mbps, ours, wanted: 0, features: new Map(), verified: false, leaving: false,
      agreed: !ours, told: false, heard: false, change: null, revision: 1,
    };
    bundle.places.set(uuid, place);
    return place;
  }

  alive(place) { return !this.agenda.over && !place.leaving && place.bundle.places.get(place.uuid) === place; }

  drop(place) {
    place.leaving = true;
    if (place.bundle.places.get(place.uuid) === place) place.bundle.places.delete(place.uuid);
  }

  // What the customer of this order is told from now on.
  conclude(uuid, phase, reason = '') {
    const order = this.orders.get(uuid);
    if (order && order.phase !== 'CEASED') Object.assign(order, { phase, reason });
  }
}

export const rnd = (bytes) => crypto.randomBytes(bytes).toString('hex');
export const threshold = (lags) => (lags > 4 ? lags - 1 : lags === 4 ? 3 : lags);
// The peer sees everything below its own ID.
export const inPath = (route) => `providers/${route.partner.id}/environments/${route.id}`;
export const bundlePath = (bundle) => `${inPath(bundle.route)}/interconnects/${bundle.id}`;
export const lagPath = (lag) => `${bundlePath(lag.bundle)}/channels/${lag.id}`;
export const placePath = (place) => `${bundlePath(place.bundle)}/connections/${place.uuid}`;
// How the same thing is called below our own ID at the peer.
export const there = (place) => `/interconnects/${place.bundle.id}/connections/${place.uuid}`;
