// Exports, as crates/rules and crates/jikim decide them: cases are given by tests.

import { createHash } from 'node:crypto';

import { someBoxes } from './boxes.mjs';
import { clip } from './clips.mjs';
import { PROPOSAL_HANDLERS } from './proposals.mjs';
import { refuse } from './refuse.mjs';

const WEEK_MS = 7 * 86_400_000;
const iso = (ms) => new Date(ms).toISOString();
const gone = () => refuse(404, 'not-found', '찾는 것이 없습니다.', 'There is no such thing.');
const forbidden = () => refuse(403, 'forbidden', '맡은 역할로는 할 수 없는 일입니다.', 'Your role does not allow this.');

export const EXPORT_ACTIONS = ['export.list', 'export.prepare', 'export.look', 'export.original', 'export.seal', 'export.discard', 'export.deliver', 'export.revoke'];

const copyOf = (world, path) => {
  const copy = world.exports.copies.find((it) => it.copy === path.split('/')[3]);
  if (!copy) throw gone();
  return copy;
};
const entered = (world, kind, more) => {
  const [year, number] = world.append(kind, more).split('/').map(Number);
  return { year, number };
};
const may = (world, account) => {
  if (!world.actionsOf(account).has('export.prepare')) throw forbidden();
};

function shown(account, copy) {
  const { proposal } = copy;
  if (!proposal) return { ...copy, proposal: null };
  const mine = proposal.by === account.id;
  return {
    ...copy,
    proposal: {
      year: proposal.year,
      number: proposal.number,
      state: proposal.state,
      proposed_by: proposal.name,
      mine,
      decided_by: proposal.decidedBy ?? null,
      can_seal: proposal.state === 'approved' && (mine || proposal.decider === account.id),
    },
  };
}

const list = (world, account) => {
  const { cases, preparing, copies, sealed, maskIsThere } = world.exports;
  return { cases, preparing, copies: copies.map((copy) => shown(account, copy)), sealed, mask_is_there: maskIsThere };
};

/** Keeps a working copy; for tests too. */
export function keep(world, { kind, id, masked, edits = [] }) {
  const granted = world.exports.cases.find((it) => it.kind === kind && it.id === id);
  const one = { number: 1, camera: granted.cameras[0], from: granted.from, until: granted.until, frames: masked ? 150 : null, boxes: masked ? 42 : null, covered_permille: masked ? 87 : null, edits: edits[0]?.edits ?? { findings: null, shown: [], areas: [] }, gaps: [] };
  const copy = createHash('sha256').update(JSON.stringify([one, Math.random()])).digest('hex');
  world.exports.copies.push({ copy, kind, id, from: granted.from, until: granted.until, masked, kept_until: iso(Date.now() + WEEK_MS), clips: [one], proposal: null });
  return copy;
}

export const EXPORT_HANDLERS = {
  'GET /exports': ({ world, account }) => {
    if (!world.actionsOf(account).has('export.list')) throw forbidden();
    return { body: list(world, account) };
  },
  'POST /exports': ({ world, account, input }) => {
    may(world, account);
    world.exports.asked = input;
    keep(world, input);
    return { status: 202, body: { kind: input.kind, id: input.id, started_at: iso(Date.now()), percent: null, failed: null } };
  },
  'GET /exports/copies/{sha256}/clips/{clip}': ({ world, account, path }) => {
    may(world, account);
    copyOf(world, path);
    const { init, fragments } = clip(0);
    return { bytes: Buffer.concat([init, ...fragments]), kind: 'video/mp4' };
  },
  'GET /exports/copies/{sha256}/originals/{clip}': ({ world, account, path }) => {
    may(world, account);
    copyOf(world, path);
    world.exports.opened += 1;
    if (world.exports.originalGone) throw refuse(410, 'footage-gone', '이 시간의 영상은 남아 있지 않습니다.', 'Nothing of these minutes is kept.');
    const { init, fragments } = clip(0);
    return { bytes: Buffer.concat([init, ...fragments]), kind: 'video/mp4' };
  },
  'GET /exports/copies/{sha256}/boxes/{clip}': ({ world, account, path }) => {
    may(world, account);
    copyOf(world, path);
    return { bytes: Buffer.from(JSON.stringify(world.exports.boxes ?? someBoxes())), kind: 'application/json' };
  },
  'POST /exports/copies/{sha256}/proposal': ({ world, account, path }) => {
    const copy = copyOf(world, path);
    const { year, number } = entered(world, 'proposal', { action: 'export.seal', by: account.id });
    copy.proposal = { year, number, state: 'open', by: account.id, name: account.display_name };
    return { status: 201, body: shown(account, copy).proposal };
  },
  'POST /proposals/{entry}/decide': (asked) => {
    const { world, account, path, input } = asked;
    const [, , year, number] = path.split('/');
    const copy = world.exports.copies.find(({ proposal }) => proposal && String(proposal.year) === year && String(proposal.number) === number);
    if (!copy) return PROPOSAL_HANDLERS['POST /proposals/{entry}/decide'](asked);
    if (input.approves && copy.proposal.by === account.id) throw forbidden();
    Object.assign(copy.proposal, { state: input.approves ? 'approved' : 'refused', decider: account.id, decidedBy: account.display_name });
    return { body: {} };
  },
  'POST /exports/copies/{sha256}/seal': ({ world, account, path }) => {
    const copy = copyOf(world, path);
    if (!shown(account, copy).proposal?.can_seal) throw refuse(422, 'approval-missing', '다른 사람의 승인이 없습니다.', 'Nobody else approved it.');
    const { year, number } = entered(world, 'export', { by: account.id });
    const sealed = { year, number, kind: copy.kind, id: copy.id, sealed_at: iso(Date.now()), sha256: 'ab'.repeat(32), revoked_at: null, file_until: iso(Date.now() + WEEK_MS) };
    world.exports.sealed.unshift(sealed);
    world.exports.copies = world.exports.copies.filter((it) => it !== copy);
    return { status: 201, body: { export: sealed, passphrase: '7KQX-M2RD-9TWP-4HVN-C6BZ' } };
  },
  'POST /exports/copies/{sha256}/destruction': ({ world, account, path }) => {
    const copy = copyOf(world, path);
    world.exports.copies = world.exports.copies.filter((it) => it !== copy);
    return { body: list(world, account) };
  },
  'GET /exports/{entry}': () => ({ bytes: Buffer.from('<!doctype html>'), kind: 'text/html' }),
  'POST /exports/{entry}/revocation': ({ world, path }) => {
    const [, , year, number] = path.split('/');
    const sealed = world.exports.sealed.find((it) => String(it.year) === year && String(it.number) === number);
    Object.assign(sealed, { revoked_at: iso(Date.now()), file_until: null });
    return { body: sealed };
  },
};
