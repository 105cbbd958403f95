// Activation keys: JSON in base64, in an order and with a spelling of our own.

import { accent } from './accents.mjs';
import { now } from './time.mjs';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const LIFETIME = 2 * 24 * 3600 * 1000;

export function issue({ uuid, mbps, account, issuer, environment }) {
  const facts = {
    destinationAccountId: account,
    connectionSizeMbps: mbps,
    sharedConnectionUuid: uuid,
    destinationEnvironmentUri: `${accent('absolute-uris') ? 'https://api.tidewater.example/v1/' : ''}providers/${issuer}/environments/${environment}`,
    version: 1,
  };
  return Buffer.from(JSON.stringify(facts, null, 2)).toString(accent('url-safe-keys') ? 'base64url' : 'base64');
}

// { uuid, mbps, account, provider, environment, version } or null.
export function read(text) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text.trim())) return null;
  let facts;
  try { facts = JSON.parse(Buffer.from(text.trim(), 'base64').toString('utf8')); } catch { return null; }
  if (facts === null || typeof facts !== 'object') return null;
  return fields(facts);
}

export function fields(facts) {
  const { version, destinationEnvironmentUri: uri, sharedConnectionUuid: uuid, connectionSizeMbps: mbps, destinationAccountId: account } = facts;
  const place = typeof uri === 'string' ? /(?:^|\/)providers\/([^/]+)\/environments\/([^/]+)$/.exec(uri) : null;
  const bare = typeof uri === 'string' ? /^environments\/([^/]+)$/.exec(uri) : null;
  if (!place && !bare) return null;
  if (!Number.isInteger(version) || !Number.isInteger(mbps) || typeof account !== 'string' || !account) return null;
  if (typeof uuid !== 'string' || !UUID.test(uuid)) return null;
  return { version, mbps, account, uuid: uuid.toLowerCase(), provider: place ? place[1] : '', environment: place ? place[2] : bare[1] };
}

export const expired = (order) => now() >= order.born + LIFETIME;
