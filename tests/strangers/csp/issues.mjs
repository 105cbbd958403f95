// East/west: issues that partners open here.

import { nothing, page, partnerOf } from './eastwest.mjs';
import { rnd } from './platform.mjs';
import { now as clock, stamp } from './time.mjs';
import { vice } from './vices.mjs';
import { Stop } from './web.mjs';

const CONTEXTS = ['ISSUE_CONTEXT_UNSPECIFIED', 'ISSUE_CONTEXT_CONNECTION_ISSUE', 'ISSUE_CONTEXT_INTERCONNECT_ISSUE'];
const PRIORITIES = ['PRIORITY_UNSPECIFIED', ...[0, 1, 2, 3, 4].map((n) => `PRIORITY_P${n}`)];
const LISTS = ['channelContexts', 'connectionContexts', 'featureContexts', 'interconnectContexts'];
const TEXTS = ['remoteIssueId', 'remoteContactEmail'];
const bad = (why) => new Stop(400, { trouble: [why] });

const view = (partner, issue) => ({
  state: issue.closed ? 'STATE_CLOSED' : 'STATE_IN_PROGRESS',
  createTime: stamp(issue.born),
  localIssueId: issue.number,
  ...issue.given,
  name: `providers/${partner.id}/issues/${issue.id}`,
});

const issueOf = (now, request) => {
  const issue = partnerOf(now, request).issues.get(request.params.issue);
  if (!issue) throw nothing();
  return issue;
};

export function create(now, request) {
  const partner = partnerOf(now, request);
  const id = request.query.get('issueId') || '';
  const body = request.body();
  if (!/^[a-z0-9-]{1,63}$/.test(id)) throw bad('issueId is missing or no ID');
  for (const name of ['title', 'body']) if (typeof body[name] !== 'string' || !body[name]) throw bad(`${name} is a text`);
  if (body.issueContext !== undefined && !CONTEXTS.includes(body.issueContext)) throw bad('issueContext');
  if (body.priority !== undefined && !PRIORITIES.includes(body.priority)) throw bad('priority');
  for (const name of TEXTS) if (body[name] !== undefined && typeof body[name] !== 'string') throw bad(name);
  for (const name of LISTS) {
    const list = body[name] === undefined ? [] : body[name];
    if (!Array.isArray(list)) throw bad(name);
    for (const each of list) {
      if (!each || typeof each.name !== 'string' || !each.name.startsWith(`providers/${partner.id}/`)) throw bad(`${name}: something of yours`);
    }
  }
  if (body.name !== undefined && body.name !== '' && body.name !== `providers/${partner.id}/issues/${id}`) throw bad('name');
  if (partner.issues.has(id)) throw new Stop(409, { trouble: ['there is one of this ID'] });
  const given = {};
  for (const name of ['title', 'body', 'issueContext', 'priority', ...TEXTS, ...LISTS]) if (body[name] !== undefined) given[name] = body[name];
  const issue = { id, given, born: clock(), number: `TW${rnd(4)}`, closed: false, remarks: [] };
  partner.issues.set(id, issue);
  return { status: 201, body: view(partner, issue) };
}

export const get = (now, request) => ({ status: 200, body: view(partnerOf(now, request), issueOf(now, request)) });

export function list(now, request) {
  const partner = partnerOf(now, request);
  const { shown, nextPageToken } = page(`i ${partner.id}`, [...partner.issues.values()], request.query, { size: 20, most: 1000 });
  return { status: 200, body: { nextPageToken, issues: shown.map((issue) => view(partner, issue)) } };
}

export function close(now, request) {
  const issue = issueOf(now, request);
  if (request.text) request.body();
  issue.closed = true;
  return { status: 200, body: view(partnerOf(now, request), issue) };
}

const remarkView = (remark) => ({ createTime: stamp(remark.born), displayName: remark.by, localCommentId: remark.id, body: remark.text });

export function comment(now, request) {
  const issue = issueOf(now, request);
  const { comment: said } = request.body();
  if (!said || typeof said.body !== 'string' || !said.body) throw bad('comment.body is a text');
  const born = Math.max(clock(), (issue.remarks.at(-1)?.born || 0) + 1);
  const remark = { id: `R${String(issue.remarks.length + 1).padStart(6, '0')}`, text: said.body, born, by: vice('leaks-partners') ? 'everybody' : 'your colleague' };
  issue.remarks.push(remark);
  return { status: 201, body: { comment: remarkView(remark) } };
}

export function comments(now, request) {
  const issue = issueOf(now, request);
  const { shown, nextPageToken } = page(`r ${issue.number}`, issue.remarks, request.query, { size: 20, most: 1000 });
  return { status: 200, body: { nextPageToken, comments: shown.map(remarkView) } };
}
