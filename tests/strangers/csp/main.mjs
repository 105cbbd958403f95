// Tidewater: a cloud provider of its own make, for tests. `node main.mjs CONFIG.json`; see README.md.

import fs from 'node:fs';
import { accent } from './accents.mjs';
import { routes as eastWest } from './eastwest.mjs';
import { Platform } from './platform.mjs';
import { routes as portal } from './portal.mjs';
import { vice } from './vices.mjs';
import { serve, Stop } from './web.mjs';

const config = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const life = {
  config,
  now: new Platform(config),
  begin(stock, seat) {
    const next = new Platform(config, stock || 'standard', seat || config.seat);
    life.now.agenda.end();
    life.now = next;
  },
};

const bearer = (request) => (/^Bearer (.+)$/i.exec(request.headers.authorization || '') || [])[1];

function partner(request) {
  const token = bearer(request);
  const found = config.partners.find((each) => token !== undefined && each.tokenIn === token);
  if (found) return { id: found.id };
  if (vice('open-doors')) return { id: (config.partners.find((each) => request.url.includes(`/providers/${each.id}`)) || config.partners[0]).id };
  throw new Stop(401, '<html><h1>Who are you?</h1></html>', { 'Content-Type': 'text/html', 'WWW-Authenticate': 'Bearer' });
}

function customer(request) {
  const card = request.headers['x-portal-card'];
  const account = Object.keys(config.accounts).find((name) => config.accounts[name].card === card);
  if (card && card === config.counter) return 'counter';
  if (card && account) return account;
  throw new Stop(401, { sorry: 'show your card' });
}

const host = '127.0.0.1';
const servers = await Promise.all([
  serve({
    host, port: config.port, routes: eastWest(life), admit: partner, latency: accent('sluggish') ? 1000 : config.latency,
    misfit: (status, headers) => ({ status, headers, body: status === 405 ? { trouble: ['not in this way'] } : null }),
  }),
  serve({
    host, port: config.portalPort, routes: portal(life), admit: customer,
    misfit: (status, headers) => ({ status, headers, body: { sorry: 'nothing here' } }),
  }),
]);
console.log(`Tidewater serves partners on ${servers[0].address().port}, customers on ${servers[1].address().port}`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
