// East/west: guidance and features as the one who is asked.

import { accent } from './accents.mjs';
import { nothing, placeOf } from './eastwest.mjs';
import * as l3 from './l3.mjs';
import * as life from './life.mjs';
import { lagPath, placePath } from './platform.mjs';
import { vice } from './vices.mjs';
import { Stop } from './web.mjs';

const TYPE = 'FEATURE_TYPE_L3_BASE';

export const view = (feature) => ({
  provisioningState: feature.final ? 'PROVISIONING_STATE_FINAL' : 'PROVISIONING_STATE_PENDING',
  featureConfig: {
    l3BaseConfig: vice('changes-features') ? { ...feature.config, mtuBytes: 1500 } : feature.config,
    featureType: TYPE,
  },
  channel: lagPath(feature.lag),
  name: `${placePath(feature.place)}/features/${feature.id}`,
});

export function guidance(now, request) {
  const place = placeOf(now, request);
  if (request.text) request.body();
  const type = request.query.get('featureType');
  const wanted = request.query.get('channelId');
  if (type && type !== TYPE) throw new Stop(422, { trouble: [`we know ${TYPE} only`] });
  const lags = [...place.bundle.lags.values()].filter((lag) => !wanted || lag.id === wanted || lagPath(lag) === wanted);
  if (!lags.length) return { status: 200, body: {} };
  return {
    status: 201,
    body: {
      featureGuidance: lags.reverse().map((lag) => ({
        l3BaseGuidance: l3.guidance(now, lag),
        channelAdminState: lag.enabled ? 'ADMIN_STATE_ENABLED' : 'ADMIN_STATE_DISABLED',
        channel: lagPath(lag),
        featureType: TYPE,
      })),
    },
  };
}

export function create(now, request) {
  const place = placeOf(now, request);
  const id = request.query.get('featureId') || '';
  const { channel, featureConfig } = request.body();
  const bad = (why, status = 400) => { throw new Stop(status, { trouble: [].concat(why) }); };
  if (!/^[a-z0-9-]{1,63}$/.test(id)) bad('featureId is missing or no ID');
  if (place.leaving) bad('the connection is being deleted', 409);
  const lag = [...place.bundle.lags.values()].find((each) => lagPath(each) === channel);
  if (!lag) bad('channel is none of this interconnect', 422);
  if (featureConfig === null || typeof featureConfig !== 'object' || featureConfig.featureType !== TYPE) bad('no such featureType', 422);
  const config = featureConfig.l3BaseConfig;
  const faults = l3.faults(now, lag, config);
  if (faults.length) {
    if (vice('keeps-rejected') && Number.isInteger(config?.vlanId)) l3.pin(lag, config.vlanId);
    bad(faults, 422);
  }
  if (place.features.has(id)) bad('this featureId is taken', 409);
  if ([...place.features.values()].some((each) => each.lag === lag)) bad('this channel has its feature', 409);
  const clashes = l3.clashes(place, lag, config);
  if (clashes.length) bad(clashes, 409);
  const feature = { id, lag, place, config, final: false };
  place.features.set(id, feature);
  life.provision(now, place);
  return { status: 200, body: view(feature) };
}

function featureOf(now, request) {
  const place = placeOf(now, request);
  const feature = place.features.get(request.params.feature);
  if (!feature) throw nothing();
  return feature;
}

export const get = (now, request) => ({ status: 200, body: view(featureOf(now, request)) });

export function remove(now, request) {
  const feature = featureOf(now, request);
  feature.place.features.delete(feature.id);
  life.lost(now, feature.place, feature.lag);
  return accent('wordless') ? { status: 204 } : { status: 200, body: {} };
}
