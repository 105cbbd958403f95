// The L3 configuration of a channel: what we allow, what is free, and what we propose ourselves.

import crypto from 'node:crypto';
import { address, block, free, holds, inside, meets, spell, usable } from './net.mjs';
import { vice } from './vices.mjs';

const whole = (value, from, to) => Number.isInteger(value) && value >= from && value <= to;
const inRanges = (value, ranges) => !ranges.length || ranges.some(([from, to]) => value >= from && value <= to);
const range = ([start, stop]) => ({ stop, start });

export function guidance(now, lag) {
  const { ranges } = now;
  const taken = taken4(lag);
  const wish = ranges.preferred4 && !taken.some((each) => meets(each, block(ranges.preferred4))) ? { preferredSubnet: ranges.preferred4 } : {};
  return {
    maxReceivedBgpRoutePrefixes: 100,
    mtuRanges: ranges.mtus.map(range),
    ...(ranges.vlans.length ? { vlanRanges: ranges.vlans.map(range) } : {}),
    ...(ranges.lengths6.length ? { ipv6AllowedSubnetPrefixLengths: ranges.lengths6 } : {}),
    ...(ranges.lengths4.length ? { ipv4AllowedSubnetPrefixLengths: ranges.lengths4 } : {}),
    ipv6SubnetGuidance: [{ includeSubnet: ranges.within6 }],
    ipv4SubnetGuidance: [{ ...wish, excludeSubnets: ranges.without4, includeSubnet: ranges.within4 }],
    asnRanges: asns(now).map(range),
  };
}

const asns = (now) => [[now.asn, now.asn], ...now.ranges.moreAsns];

// --- what others propose ---

// Everything that is wrong with a configuration in itself or by our guidance.
export function faults(now, lag, config) {
  if (config === null || typeof config !== 'object') return ['l3BaseConfig is missing'];
  const { ranges } = now;
  const wrong = [];
  const want = (truth, why) => { if (!truth) wrong.push(why); return truth; };
  want(whole(config.vlanId, vice('any-vlan') ? 1 : 1025, 4094) && (vice('any-vlan') || inRanges(config.vlanId, ranges.vlans)), 'vlanId');
  want(whole(config.mtuBytes, 1, 65535) && inRanges(config.mtuBytes, ranges.mtus), 'mtuBytes');
  const v4 = subnet(config.ipv4Subnet, config.ipv4SubnetPrefixLength, 32, ranges.within4, ranges.without4, ranges.lengths4);
  want(v4, 'ipv4Subnet');
  const six = ['ipv6Subnet', 'ipv6SubnetPrefixLength'].some((name) => config[name] !== undefined && config[name] !== '' && config[name] !== 0);
  const v6 = six ? subnet(config.ipv6Subnet, config.ipv6SubnetPrefixLength, 128, ranges.within6, [], ranges.lengths6) : null;
  if (six) want(v6, 'ipv6Subnet');
  want(config.md5BgpPassword === undefined || typeof config.md5BgpPassword === 'string', 'md5BgpPassword');
  speakers(now, lag, config.providerBgpConfigs, v4, six ? v6 : null, want);
  return wrong.map((member) => `${member} cannot be as proposed`);
}

function subnet(text, length, bits, within, without, lengths) {
  if (!Number.isInteger(length) || typeof text !== 'string' || text.includes('/')) return null;
  const one = block(text, length);
  if (!one || one.bits !== bits || !one.aligned || !inside(one, block(within))) return null;
  if (without.some((each) => meets(one, block(each)))) return null;
  const sensible = bits === 32 ? length <= 31 : length <= 127;
  return sensible && (!lengths.length || lengths.includes(length)) ? one : null;
}

function speakers(now, lag, list, v4, v6, want) {
  if (!want(Array.isArray(list) && list.length === 2 && list.every((row) => row && typeof row === 'object'), 'providerBgpConfigs')) return;
  const { partner } = lag.bundle.route;
  const of = (id) => list.find((row) => row.provider === `providers/${id}`);
  const ours = of(now.config.id);
  const theirs = of(partner.id);
  if (!want(ours && theirs, 'providerBgpConfigs')) return;
  want(list.every((row) => whole(row.asn, 1, 4294967295)) && inRanges(ours.asn, asns(now)), 'asn');
  const hosts = [address(ours.hostIpv4), address(theirs.hostIpv4)];
  want(v4 && hosts.every((at) => at && usable(v4, at)) && hosts[0].value !== hosts[1].value, 'hostIpv4');
  const named = [ours.hostIpv6, theirs.hostIpv6].filter((text) => text !== undefined && text !== '');
  const hosts6 = named.map(address);
  want(v6 ? named.length === 2 && hosts6.every((at) => at && usable(v6, at)) && hosts6[0].value !== hosts6[1].value
    : named.length === 0, 'hostIpv6');
}

// --- what is taken on a lag, by all connections ---

const pinned = new WeakMap();
export const pin = (lag, vlan) => pinned.set(lag, [...(pinned.get(lag) || []), vlan]);

function onLag(lag) {
  return [...lag.bundle.places.values()].flatMap((place) => [...place.features.values()].filter((each) => each.lag === lag));
}
const vlans = (lag) => [...onLag(lag).map((each) => each.config.vlanId), ...(pinned.get(lag) || [])];
const as4 = (config) => block(config.ipv4Subnet, config.ipv4SubnetPrefixLength);
const as6 = (config) => (config.ipv6Subnet ? block(config.ipv6Subnet, config.ipv6SubnetPrefixLength) : null);
const taken4 = (lag) => onLag(lag).map((each) => as4(each.config));
const taken6 = (lag) => onLag(lag).map((each) => as6(each.config)).filter(Boolean);

export function clashes(place, lag, config) {
  const found = [];
  const own = [...place.features.values()].map((each) => each.config);
  if (vlans(lag).includes(config.vlanId)) found.push('vlanId is in use');
  if ([...taken4(lag), ...own.map(as4)].some((each) => meets(each, as4(config)))) found.push('ipv4Subnet is in use');
  const v6 = as6(config);
  if (v6 && [...taken6(lag), ...own.map(as6).filter(Boolean)].some((each) => meets(each, v6))) found.push('ipv6Subnet is in use');
  return found;
}

// --- what we propose ---

// A configuration inside the guidance that clashes with nothing here and is none of the `refused`; null if there is none.
export function proposal(now, place, lag, told, refused) {
  const hint = told || {};
  const mtu = bestMtu(now.ranges.mtus, hint.mtuRanges || []);
  const vlan = freeVlan(lag, hint.vlanRanges || [], refused);
  const own = [...place.features.values()].map((each) => each.config);
  const not4 = [...taken4(lag), ...own.map(as4), ...refused.map(as4)];
  const v4 = freeBlock(hint.ipv4SubnetGuidance, hint.ipv4AllowedSubnetPrefixLengths, not4, '169.254.0.0/16', 30);
  if (!mtu || !vlan || !v4) return null;
  const { partner } = place.bundle.route;
  const theirAsn = hint.asnRanges?.length ? hint.asnRanges[0].start : partner.asn;
  const first = v4.size >= 31 ? v4.first : v4.first + 1n;
  const rows = [
    { hostIpv4: spell(first, 32), asn: theirAsn, provider: `providers/${partner.id}` },
    { hostIpv4: spell(first + 1n, 32), asn: now.asn, provider: `providers/${now.config.id}` },
  ];
  const config = {
    md5BgpPassword: crypto.randomBytes(9).toString('base64url'),
    providerBgpConfigs: rows,
    vlanId: vlan,
    mtuBytes: mtu,
    ipv4SubnetPrefixLength: v4.size,
    ipv4Subnet: spell(v4.first, 32),
  };
  if (!hint.ipv6SubnetGuidance?.length) return config;
  const not6 = [...taken6(lag), ...own.map(as6).filter(Boolean)];
  const v6 = freeBlock(hint.ipv6SubnetGuidance, hint.ipv6AllowedSubnetPrefixLengths, not6, 'fd20::/40', 64);
  if (!v6) return config;
  rows.forEach((row, n) => { row.hostIpv6 = spell(v6.first + BigInt(n + 1), 128); });
  return { ...config, ipv6Subnet: spell(v6.first, 128), ipv6SubnetPrefixLength: v6.size };
}

function bestMtu(ours, theirs) {
  const pairs = theirs.length ? theirs.map((each) => [each.start, each.stop]) : [[1, 65535]];
  const common = ours.flatMap(([from, to]) => pairs.map(([start, stop]) => [Math.max(from, start), Math.min(to, stop)]));
  const fitting = common.filter(([from, to]) => from <= to).map(([, to]) => to);
  return fitting.length ? Math.max(...fitting) : null;
}

function freeVlan(lag, ranges, refused) {
  const used = new Set([...vlans(lag), ...refused.map((each) => each.vlanId)]);
  const pairs = ranges.length ? ranges.map((each) => [each.start, each.stop]) : [[1025, 4094]];
  for (const [from, to] of pairs) {
    for (let vlan = Math.min(to, 4094); vlan >= Math.max(from, 1025); vlan -= 1) if (!used.has(vlan)) return vlan;
  }
  return null;
}

function freeBlock(told, lengths, taken, fallback, size) {
  const spaces = told?.length ? told : [{ includeSubnet: fallback }];
  for (const space of spaces) {
    const wide = block(space.includeSubnet || '');
    if (!wide) continue;
    const sizes = lengths?.length ? lengths.filter((each) => each >= wide.size) : [Math.max(size, wide.size)];
    const closed = [...taken, ...(space.excludeSubnets || []).map((each) => block(each)).filter(Boolean)];
    const wish = space.preferredSubnet ? block(space.preferredSubnet) : null;
    if (wish && sizes.includes(wish.size) && !closed.some((each) => meets(each, wish)) && holds(wide, { bits: wish.bits, value: wish.first })) return wish;
    for (const length of [...sizes].sort((a, b) => b - a)) for (const one of free(wide, length, closed)) return one;
  }
  return null;
}
