// Northbound: the portal of customers and the counter of operators. Nothing here is prescribed by anybody.

import * as life from './life.mjs';
import * as orders from './orders.mjs';
import { rnd, there } from './platform.mjs';
import { now as clock } from './time.mjs';
import { fine, Stop } from './web.mjs';

const ENDED = ['LIVE', 'FAILED', 'CEASED'];
const speed = (mbps) => `${mbps / 1000} Gbps`;
const mbps = (text) => {
  const found = typeof text === 'string' ? /^(-?[0-9.]+) Gbps$/.exec(text) : null;
  if (!found) throw new Stop(422, { sorry: 'speed: such as "10 Gbps"' });
  return Math.round(Number(found[1]) * 1000);
};
// Customers know routes by sales names.
const sold = (now, id) => now.config.salesNames[id] || id;
const bought = (now, name) => Object.entries(now.config.salesNames).find(([, each]) => each === name)?.[0] || name;

const shown = (now, order) => ({
  hookup: {
    circuit: order.uuid,
    phase: orders.stale(order) ? 'CEASED' : order.phase,
    speed: speed(order.mbps),
    route: sold(now, order.route.id),
    ...(order.reason ? { remark: order.reason } : {}),
  },
});

function later(now, ended, wrong) {
  const id = `J-${rnd(5)}`;
  now.jobs.set(id, { ended, wrong });
  return { status: 202, headers: { Location: `/portal/v2/jobs/${id}`, 'Retry-After': '1' } };
}

const building = (order) => [() => ENDED.includes(order.phase), () => (order.phase === 'LIVE' ? '' : order.reason || 'ceased')];

export function routes(life_) {
  const at = (handler) => (request) => {
    if (request.who === 'counter') throw new Stop(403, { sorry: 'this is for customers' });
    return handler(life_.now, request.who, request);
  };
  const counter = (handler) => (request) => {
    if (request.who !== 'counter') throw new Stop(403, { sorry: 'this is for our own people' });
    return handler(life_.now, request) || { status: 204 };
  };
  return [
    ['GET', '/portal/v2/catalogue', at((now, who) => ({
      status: 200,
      body: { catalogue: orders.visible(now, who).map((route) => ({ route: sold(now, route.id), with: route.partner.id, speeds: route.sizes.map(speed) })) },
    }))],
    ['POST', '/portal/v2/hookups', at((now, who, request) => {
      const { to, route, via, speed: wanted } = request.body();
      const order = orders.create(now, who, { far: to, route: bought(now, route), via, mbps: mbps(wanted) });
      return { status: 201, body: { ...shown(now, order), voucher: order.key } };
    })],
    ['GET', '/portal/v2/hookups', at((now, who) => ({
      status: 200,
      body: { hookups: [...now.orders.values()].filter((order) => order.account === who).map((order) => shown(now, order).hookup) },
    }))],
    ['POST', '/portal/v2/vouchers/inspect', at((now, who, request) => {
      const { facts, route } = orders.inspect(now, who, request.body().voucher);
      return { status: 200, body: { speed: speed(facts.mbps), route: sold(now, route.id), forAccount: facts.account } };
    })],
    ['POST', '/portal/v2/vouchers/redeem', at((now, who, request) => {
      const { voucher, agreed } = request.body();
      if (agreed !== true) throw new Stop(422, { sorry: 'agreed: true' });
      const order = orders.accept(now, who, voucher);
      const answer = later(now, ...building(order));
      return { ...answer, headers: { ...answer.headers, 'X-Circuit': order.uuid } };
    })],
    ['GET', '/portal/v2/hookups/:circuit', at((now, who, request) => ({ status: 200, body: shown(now, orders.orderOf(now, who, request.params.circuit)) }))],
    ['POST', '/portal/v2/hookups/:circuit/resize', at((now, who, request) => {
      const order = orders.orderOf(now, who, request.params.circuit);
      const job = orders.resize(now, order, mbps(request.body().speed));
      return later(now, () => job.done, () => job.wrong);
    })],
    ['DELETE', '/portal/v2/hookups/:circuit', at((now, who, request) => {
      const job = orders.cease(now, orders.orderOf(now, who, request.params.circuit));
      return job ? later(now, () => job.done, () => job.wrong) : { status: 200, body: { ceased: true } };
    })],
    ['GET', '/portal/v2/jobs/:job', ({ params }) => {
      const job = life_.now.jobs.get(params.job);
      if (!job) throw new Stop(404, { sorry: 'no such job' });
      if (!job.ended()) return { status: 202, headers: { 'Retry-After': '1' } };
      const wrong = job.wrong();
      return { status: 200, body: wrong ? { outcome: 'UNDONE', why: wrong } : { outcome: 'DONE' } };
    }],
    ['PUT', '/portal/v2/counter/bundles/:environment/:interconnect/service', counter((now, request) => {
      const words = { open: 'ACTIVE', shut: 'CLOSED', planned: 'PENDING' };
      const state = words[request.body().service];
      if (!state) throw new Stop(422, { sorry: 'service: open, shut or planned' });
      at_(now, request).state = state;
    })],
    ['PUT', '/portal/v2/counter/lags/:environment/:interconnect/:channel', counter((now, request) => {
      const lag = at_(now, request).lags.get(request.params.channel);
      if (!lag) throw new Stop(404, { sorry: 'no such lag' });
      lag.enabled = request.body().lamp === 'enabled';
    })],
    ['PUT', '/portal/v2/counter/accounts/:account/limit', counter((now, request) => {
      now.quotas.set(request.params.account, request.body().hookups);
    })],
    ['DELETE', '/portal/v2/counter/circuits/:circuit/lags/:channel', counter((now, request) => {
      const { circuit, channel } = request.params;
      const order = now.orders.get(circuit);
      const place = order && orders.placeOfOrder(now, order);
      const feature = place && [...place.features.values()].find((each) => each.lag.id === channel);
      if (!feature) throw new Stop(404, { sorry: 'nothing there' });
      now.agenda.start(async () => {
        for (;;) {
          const answer = await now.tell(place, 'DELETE', `${there(place)}/features/${feature.id}`);
          if (fine(answer) || answer?.status === 404) break;
          await now.agenda.sleep(400);
        }
        place.features.delete(feature.id);
        life.lost(now, place, feature.lag);
      });
    })],
    ['POST', '/backstage/scene', counter((now, request) => {
      const { stock, end } = request.body();
      try { life_.begin(stock, end); } catch (problem) { throw new Stop(404, { sorry: problem.message }); }
    })],
    ['GET', '/backstage/rest', counter(async (now, request) => {
      const end = Date.now() + Number(request.query.get('within') || 0);
      while (!life_.now.agenda.atRest && Date.now() < end) await new Promise((go) => setTimeout(go, 5));
      return { status: 200, body: { resting: life_.now.agenda.atRest } };
    })],
    ...(life_.config.clock ? [['POST', '/backstage/later', counter((now, request) => {
      now.agenda.forward(Number(request.body().milliseconds));
      return { status: 200, body: { clock: clock() } };
    })]] : []),
    ['PUT', '/backstage/routers', counter((now, request) => {
      const { hold, release } = request.body();
      if (hold) now.stuck.push(hold);
      if (release) life.release(now, release);
    })],
  ];
}

const at_ = (now, request) => {
  for (const partner of now.partners.values()) {
    const bundle = partner.routes.get(bought(now, request.params.environment))?.bundles.get(request.params.interconnect);
    if (bundle) return bundle;
  }
  throw new Stop(404, { sorry: 'no such bundle' });
};
