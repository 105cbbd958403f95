// Addresses as numbers. Whatever cannot be read is null.

const four = (text) => {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!parts || parts.slice(1).some((part) => Number(part) > 255)) return null;
  return parts.slice(1).reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
};

const six = (text) => {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half ? half.split(':') : []));
  const missing = 8 - groups.flat().length;
  if (groups.flat().some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = halves.length === 1 ? groups[0] : [...groups[0], ...Array(missing).fill('0'), ...groups[1]];
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
};

export function address(text) {
  if (typeof text !== 'string') return null;
  const v6 = text.includes(':');
  const value = v6 ? six(text) : four(text);
  return value === null ? null : { bits: v6 ? 128 : 32, value };
}

export function block(text, length) {
  const given = typeof text === 'string' && length === undefined ? text.split('/') : [text, length];
  const at = address(given[0]);
  const size = Number(given[1]);
  if (!at || !Number.isInteger(size) || size < 0 || size > at.bits) return null;
  const span = 1n << BigInt(at.bits - size);
  return { bits: at.bits, first: at.value, last: at.value + span - 1n, size, aligned: at.value % span === 0n };
}

export const inside = (small, big) => small.bits === big.bits && small.first >= big.first && small.last <= big.last;
export const meets = (one, other) => one.bits === other.bits && one.first <= other.last && other.first <= one.last;
export const holds = (wide, at) => at !== null && wide.bits === at.bits && at.value >= wide.first && at.value <= wide.last;

// May this address be given to a router in the block? Network and broadcast may not, unless the block is a /31.
export function usable(wide, at) {
  if (!holds(wide, at)) return false;
  if (wide.bits === 128) return wide.size >= 127 || at.value !== wide.first;
  return wide.size >= 31 || (at.value !== wide.first && at.value !== wide.last);
}

export function spell(value, bits) {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((by) => (value >> by) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, n) => ((value >> BigInt(112 - 16 * n)) & 0xffffn).toString(16));
  const text = groups.join(':');
  return text.replace(/(^|:)0(:0)+(:|$)/, '::');
}

// The blocks of this size in a wide one, from the top downwards, that meet none of the taken.
export function* free(wide, size, taken) {
  const span = 1n << BigInt(wide.bits - size);
  let at = wide.last - (wide.last % span);
  if (at + span - 1n > wide.last) at -= span;
  for (; at >= wide.first; at -= span) {
    const one = { bits: wide.bits, first: at, last: at + span - 1n, size, aligned: true };
    if (!taken.some((each) => meets(each, one))) yield one;
  }
}
