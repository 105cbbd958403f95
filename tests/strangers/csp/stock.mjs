// What was agreed with partners out of band, by the name of the stocktaking. The names are those that the two providers
// use towards each other; customers of the portal see others.

const SIZES = [1000, 10000];
const four = ['ch1', 'ch2', 'ch3', 'ch4'];

const bundle = (id, from, more = {}) => ({ id, max: 100000, sizes: SIZES, state: 'ACTIVE', lags: four, from, ...more });
const route = (id, bundles, more = {}) => ({ id, sizes: SIZES, suffix: '', bundles, ...more });
const one = (...bundles) => ({ routes: [route('env1', bundles)] });

const IX1 = bundle('ix1', 1);
const IX2 = bundle('ix2', 5);
const WEST = { sizes: [1000, 2000], suffix: '-west' };
const IX3 = bundle('ix3', 9, { sizes: [1000, 2000] });
const FIVE = [...four, 'ch5'];
const THREE_SIZES = [1000, 2000, 10000];

const both = (more) => ({ routes: [route('env1', [IX1, IX2]), route('env2', [IX3], { ...WEST, ...more })] });
const ranged = (change) => ({ ...one(IX1, IX2), guidance: change });

export const STOCKS = {
  standard: one(IX1, IX2),
  'two-environments': both({}),
  'private-environment': both({ admitted: ['X'] }),
  'three-partners': { ...one(IX1, IX2), third: [route('env1', [bundle('ix1', 21)], { suffix: '-third' })] },
  'closed-and-pending': one(
    { ...IX1, max: 20000 }, { ...IX2, state: 'CLOSED' }, bundle('ix3', 9, { state: 'PENDING' })),
  'all-closed': one({ ...IX1, state: 'CLOSED' }, { ...IX2, state: 'CLOSED' }),
  'unequal-rooms': one({ ...IX1, max: 10000 }, { ...IX2, max: 40000 }, bundle('ix3', 9, { max: 20000 })),
  'one-left': one({ ...IX1, max: 1000 }),
  'one-left-each': one({ ...IX1, max: 1000 }, { ...IX2, max: 1000 }),
  'three-left': one({ ...IX1, max: 3000 }, IX2),
  'nine-left': { routes: [route('env1', [{ ...IX1, max: 10000, sizes: THREE_SIZES }], { sizes: THREE_SIZES })] },
  'three-sizes': { routes: [route('env1', [{ ...IX1, sizes: THREE_SIZES }], { sizes: THREE_SIZES })] },
  'tight-and-roomy': one({ ...IX1, max: 10000 }, IX2),
  'extra-size': one(IX1, { ...IX2, sizes: THREE_SIZES }),
  'missing-size': one({ ...IX1, max: 50000 }, { ...IX2, sizes: [1000] }),
  'five-channels': one({ ...IX1, lags: FIVE }, { ...IX2, from: 6 }),
  'five-channels-only': one(IX1, IX2), // the harness deviates, we do not
  'odd-channels': one(IX1, IX2),
  'open-guidance': ranged({ vlans: [], lengths4: [], lengths6: [] }),
  'narrow-guidance': ranged({ lengths4: [29], vlans: [[2000, 2010]], mtus: [[1400, 8500]] }),
  'wide-asn-guidance': ranged({ moreAsns: [[64600, 4294967294]] }),
  'preferring-guidance': ranged({ preferred4: '169.254.2.0/30' }),
  'five-of-each': {
    routes: [
      route('env1', [{ ...IX1, lags: FIVE }, ...[2, 3, 4, 5].map((n) => bundle(`ix${n}`, 5 * n))]),
      ...[2, 3, 4, 5].map((n) => route(`env${n}`, [bundle(`ix${n + 4}`, 25 + 5 * n)], { suffix: `-${n}` })),
    ],
  },
};

export const RANGES = {
  vlans: [[1100, 4094]], mtus: [[1300, 9001]],
  within4: '169.254.0.0/16', without4: ['169.254.1.0/28'], lengths4: [30],
  within6: 'fd20::/40', lengths6: [64], moreAsns: [], preferred4: '',
};
