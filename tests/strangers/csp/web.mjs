// HTTP both ways with nothing but node:http.

import http from 'node:http';

export class Stop extends Error { // an answer that ends the handling of a request
  constructor(status, body = null, headers = {}) { super(`stopped with ${status}`); Object.assign(this, { status, body, headers }); }
}

const LIMIT = 512 * 1024;

async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LIMIT) throw new Stop(413);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

// `routes` are [method, pattern, handler]; a pattern such as /a/:b gives params.b. `failed` words our own mistakes.
export function serve({ host, port, routes, admit, misfit, latency = 0 }) {
  const table = routes.map(([method, pattern, handler]) => ({ method, parts: pattern.split('/'), handler }));
  const server = http.createServer(async (request, response) => {
    let answer;
    try {
      answer = await handled(request, table, admit, misfit);
    } catch (problem) {
      if (!(problem instanceof Stop)) console.error(problem);
      answer = problem instanceof Stop ? problem : { status: 500, body: 'out of order' };
    }
    if (latency) await new Promise((go) => setTimeout(go, Math.random() * latency));
    write(response, answer);
  });
  return new Promise((ready) => server.listen(port, host, () => ready(server)));
}

async function handled(request, table, admit, misfit) {
  const [path, search = ''] = request.url.split('?');
  const query = new URLSearchParams(search);
  const text = await bodyOf(request);
  const who = admit(request, path);
  let parts;
  try {
    parts = path.split('/').map(decodeURIComponent);
  } catch { return misfit(404); }
  if (parts.some((part) => /[/\\;\0]|^\.+$/.test(part))) return misfit(404);
  const fitting = table.filter((row) => row.parts.length === parts.length
    && row.parts.every((part, n) => (part.startsWith(':') ? parts[n] !== '' : part === parts[n])));
  if (!fitting.length) return misfit(404);
  const row = fitting.find((each) => each.method === request.method);
  if (!row) return misfit(405, { Allow: fitting.map((each) => each.method).join(', ') });
  const params = {};
  row.parts.forEach((part, n) => { if (part.startsWith(':')) params[part.slice(1)] = parts[n]; });
  return row.handler({ who, params, query, text, headers: request.headers, body: () => parsed(text) });
}

// The JSON object of a body; a refusal where it is none.
function parsed(text) {
  let value;
  try { value = JSON.parse(text); } catch { throw new Stop(400, 'This is not JSON.'); }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Stop(400, 'A JSON object is wanted here.');
  return value;
}

function write(response, { status, body = null, headers = {} }) {
  if (body === null) {
    response.writeHead(status, headers).end();
  } else if (typeof body === 'string') {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(`${body}\n`);
  } else {
    const type = headers['Content-Type'] || 'application/json; charset=utf-8';
    response.writeHead(status, { ...headers, 'Content-Type': type }).end(JSON.stringify(body, null, 1));
  }
}

// One call to somebody else: { status, body } or null where nothing came back.
export function ask(agenda, { method, url, token, body, patience }) {
  return new Promise((done) => {
    agenda.open += 1;
    let ended = false;
    const end = (answer) => {
      if (ended) return;
      ended = true;
      agenda.open -= 1;
      if (!agenda.over) done(answer); // nobody goes on after the end
    };
    const text = body === undefined ? null : JSON.stringify(body);
    const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
    if (text !== null) Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    const request = http.request(url, { method, headers, agent: false, signal: agenda.abort.signal }, async (response) => {
      try {
        const came = await bodyOf(response);
        let value = null;
        try { value = came ? JSON.parse(came) : null; } catch { value = null; }
        end({ status: response.statusCode, body: value && typeof value === 'object' ? value : {} });
      } catch { end(null); }
    });
    request.setTimeout(patience, () => request.destroy(new Error('nobody answers')));
    request.on('error', () => end(null));
    request.end(text ?? undefined);
  });
}

export const fine = (answer) => answer !== null && answer.status >= 200 && answer.status < 300;
export const unsure = (answer) => answer === null || answer.status >= 500 || answer.status === 429 || answer.status === 408;
