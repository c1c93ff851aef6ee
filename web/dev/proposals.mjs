// Acts that take two people, as crates/rules and crates/access decide them.

import { isHeld } from './holds.mjs';
import { refuse } from './refuse.mjs';

const VALID_FOR_MS = 7 * 86_400_000;
const SHORTEST_S = 24;
const LONGEST_S = 3650 * 86_400;
const LENGTHEN = 'camera.lengthen-retention';
const ALLOW_EARLY = 'footage.allow-early';
const DESTROY_MINUTES = 'footage.destroy-minutes';
const LOOSEN = 'policy.loosen';
const MINUTE_MS = 60_000;
const COOLING_OFF_MS = 86_400_000;

const iso = (ms) => new Date(ms).toISOString();

const SENTENCES = {
  'no-role': [403, 'forbidden', '맡은 역할로는 할 수 없는 일입니다. 필요하면 관리책임자에게 문의하십시오.', 'Your role does not allow this. If you need it, ask the manager.'],
  'own-proposal': [403, 'forbidden', '스스로 올린 안은 스스로 승인할 수 없습니다. 다른 사람에게 승인을 부탁하십시오.', 'Nobody approves his own proposal. Ask another person to.'],
  'manager-missing': [403, 'forbidden', '두 사람 가운데 한 사람은 관리책임자여야 합니다. 관리책임자에게 승인을 부탁하십시오.', 'One of the two must be a manager. Ask a manager to approve.'],
  'proposal-closed': [409, 'conflict', '이미 결정되었거나 기한이 지난 안입니다. 필요하면 새로 올리십시오.', 'It was decided already, or its time is over. Propose it anew if it is needed.'],
  'too-soon': [409, 'conflict', '승인한 지 하루가 지나야 파기할 수 있습니다. 하루 뒤에 다시 하십시오.', 'It can be destroyed a day after it was approved. Try again then.'],
  'approval-missing': [422, 'approval-missing', '두 사람이 필요한 일입니다. 안을 올리고 다른 사람의 승인을 받으십시오.', 'This takes two people. Propose it and let another person approve.'],
};

const unfit = () => refuse(422, 'retention-unfit', '보관 기간은 90s, 2h, 30d처럼 24초에서 3650일까지, 최소 기간보다 길게 쓰십시오.', 'Write the retention as 90s, 2h or 30d: 24 seconds to 3650 days, not below its minimum.');
const conflict = () => refuse(409, 'conflict', '이미 그렇게 되어 있거나 끝난 일입니다. 새로 고쳐 확인하십시오.', 'It is so already, or has ended. Reload and look again.');
const notFound = () => refuse(404, 'not-found', '찾는 것이 없습니다. 목록을 새로 고쳐 확인하십시오.', 'There is no such thing. Reload the list and look again.');

/** Enters the refusal, and gives what is to be thrown. */
function no(world, account, action, reason) {
  world.append('refusal', { action, outcome: reason, by: account.id });
  return refuse(...SENTENCES[reason]);
}

function mustBeAble(world, account, action) {
  if (!world.actionsOf(account).has(action)) throw no(world, account, action, 'no-role');
}

function cameraOf(world, id) {
  const camera = world.cameras.find((each) => each.id === id);
  if (!camera) throw notFound();
  if (camera.retired_at) throw conflict();
  return camera;
}

const fits = (camera, lengthS) => lengthS >= SHORTEST_S && lengthS <= LONGEST_S && lengthS >= camera.retention_min_s;
const named = (camera) => [{ id: camera.id, name: camera.name }];

function stateOf(proposal) {
  if (proposal.used) return proposal.failed ? 'failed' : 'carried-out';
  if (proposal.decision === 'refused' || proposal.decision === 'withdrawn') return proposal.decision;
  if (Date.now() >= proposal.untilMs) return 'lapsed';
  return proposal.decision === 'approved' ? 'approved' : 'open';
}

function shown(world, proposal, account) {
  const camera = world.cameras.find((each) => each.id === proposal.camera);
  const mine = proposal.by === account;
  const state = stateOf(proposal);
  return {
    year: proposal.year,
    number: proposal.number,
    action: proposal.action,
    minutes: proposal.minutes && { cameras: proposal.minutes.cameras.map((id) => ({ id, name: world.cameras.find((each) => each.id === id)?.name ?? '' })), from: iso(proposal.minutes.fromMs), to: iso(proposal.minutes.toMs) },
    camera: proposal.camera && { id: proposal.camera, name: camera?.name ?? '' },
    policy: state === 'open' || state === 'approved' ? (proposal.policy ?? null) : null,
    retention_max_s: proposal.retention_max_s,
    present_max_s: proposal.camera && (camera?.retention_max_s ?? 0),
    reason: proposal.reason,
    proposed_by: proposal.by.display_name,
    proposed_at: iso(proposal.atMs),
    until: iso(proposal.untilMs),
    state,
    decided_by: proposal.decidedBy?.display_name ?? null,
    decided_at: proposal.decidedMs ? iso(proposal.decidedMs) : null,
    mine,
    carry_out_from: proposal.decision === 'approved' ? iso(carryOutFrom(proposal)) : null,
    can_carry_out: state === 'approved' && (mine || proposal.decidedBy === account) && Date.now() >= carryOutFrom(proposal),
  };
}

const carryOutFrom = (proposal) => proposal.decidedMs + (proposal.minutes ? COOLING_OFF_MS : 0);

/** Proposes; also for tests, which need proposals of other people. */
export function propose(world, account, { camera: id, retention_max_s, reason }) {
  const camera = cameraOf(world, id);
  if (retention_max_s <= camera.retention_max_s || !fits(camera, retention_max_s)) throw unfit();
  return enter(world, account, LENGTHEN, named(camera), { camera: id, retention_max_s }, reason);
}

/** The same of the rule on early destruction. */
export const proposeEarly = (world, account, reason) =>
  enter(world, account, ALLOW_EARLY, [], { camera: null, retention_max_s: null }, reason);

/** The same of single minutes: just these, whole ones. */
export function proposeMinutes(world, account, { cameras, from, to, reason }) {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (fromMs % MINUTE_MS || toMs % MINUTE_MS || !(toMs > fromMs) || toMs - fromMs > 240 * MINUTE_MS) {
    throw refuse(422, 'span-unfit', '시작과 끝을 분 단위로, 끝이 시작보다 늦게, 4시간까지 고르십시오.', 'Choose whole minutes, an end after the beginning, and at most 4 hours.');
  }
  const named = cameras.map((id) => ({ id, name: world.cameras.find((each) => each.id === id)?.name ?? '' }));
  return enter(world, account, DESTROY_MINUTES, named, { camera: null, retention_max_s: null, minutes: { cameras, fromMs, toMs } }, reason);
}

/** The same of a policy that promises less. */
export const proposePolicy = (world, account, policy, announced, reason) =>
  enter(world, account, LOOSEN, [], { camera: null, retention_max_s: null, policy, announced }, reason);

function enter(world, account, action, cameras, what, reason) {
  const line = reason.trim();
  if (line.length < 1 || line.length > 200) throw refuse(400, 'bad-request', '사유를 1자에서 200자까지 한 줄로 쓰십시오.', 'Write a reason of 1 to 200 characters on one line.');
  const act = world.act(account, 'approval.propose', { cameras });
  const entry = world.append('proposal', { action, by: account.id }, world.detailOf(account, { cameras, note: line }));
  world.outcome(act, account);
  const [year, number] = entry.split('/').map(Number);
  const atMs = Date.now();
  const proposal = { year, number, entry, action, minutes: null, ...what, reason: line, by: account, atMs, untilMs: atMs + VALID_FOR_MS, decision: null, used: false };
  world.proposals.unshift(proposal);
  return proposal;
}

function found(world, path) {
  const [, , year, number] = path.split('/').map(Number);
  const proposal = world.proposals.find((each) => each.year === year && each.number === number);
  if (!proposal) throw notFound();
  return proposal;
}

/** Approves, refuses or takes back; an approval is carried out at once. */
export function decide(world, account, proposal, approves) {
  mustBeAble(world, account, 'approval.decide');
  const own = proposal.by === account;
  if (stateOf(proposal) !== 'open') throw no(world, account, 'approval.decide', 'proposal-closed');
  if (approves && own) throw no(world, account, 'approval.decide', 'own-proposal');
  const manager = [account, proposal.by].some((each) => each.roles.includes('manager'));
  if (approves && !manager) throw no(world, account, 'approval.decide', 'manager-missing');
  const act = world.act(account, 'approval.decide');
  proposal.decision = approves ? 'approved' : own ? 'withdrawn' : 'refused';
  Object.assign(proposal, { decidedBy: account, decidedMs: Date.now() });
  world.append('approval', { intent: proposal.entry, outcome: proposal.decision, by: account.id }, world.detailOf(account));
  world.outcome(act, account);
  if (approves && !proposal.minutes) carryOut(world, account, proposal);
}

function carryOut(world, account, proposal) {
  const { action } = proposal;
  if (stateOf(proposal) !== 'approved') throw no(world, account, action, proposal.decision ? 'proposal-closed' : 'approval-missing');
  if (account !== proposal.by && account !== proposal.decidedBy) throw no(world, account, action, 'approval-missing');
  if (world.stumbles) throw refuse(503, 'ledger-unavailable', '원장에 기록할 수 없어 하지 않았습니다. 잠시 뒤 다시 해 보십시오.', 'The ledger cannot append, so it was not done. Try again in a moment.');
  if (action === ALLOW_EARLY) return allowEarly(world, account, proposal);
  if (action === DESTROY_MINUTES) return destroyMinutes(world, account, proposal);
  if (action === LOOSEN) return loosen(world, account, proposal);
  const camera = world.cameras.find((each) => each.id === proposal.camera);
  const act = world.act(account, LENGTHEN, { cameras: named(camera) }, proposal.entry);
  // From here on the proposal is used, whatever comes of it.
  proposal.used = true;
  const works = !camera.retired_at && proposal.retention_max_s > camera.retention_max_s && fits(camera, proposal.retention_max_s);
  if (works) {
    camera.retention_max_s = proposal.retention_max_s;
    world.append('camera', { by: account.id }, world.detailOf(account, { cameras: named(camera) }));
  }
  world.outcome(act, account, works ? 'done' : 'failed');
  if (!works) throw conflict();
}

function allowEarly(world, account, proposal) {
  const act = world.act(account, ALLOW_EARLY, {}, proposal.entry);
  proposal.used = true;
  Object.assign(world.early, { proposal: proposal.entry, in_force_from: iso(Date.now() + COOLING_OFF_MS) });
  world.append('early-rule', { intent: proposal.entry, by: account.id });
  world.outcome(act, account);
}

function loosen(world, account, proposal) {
  const act = world.act(account, LOOSEN, {}, proposal.entry);
  proposal.used = true;
  proposal.announced();
  world.outcome(act, account);
}

function destroyMinutes(world, account, proposal) {
  const { cameras, fromMs, toMs } = proposal.minutes;
  if (Date.now() < carryOutFrom(proposal)) throw no(world, account, DESTROY_MINUTES, 'too-soon');
  if (isHeld(world, cameras, fromMs, toMs)) {
    throw refuse(409, 'footage-held', '이 영상의 일부가 사건 때문에 보전되어 있어 파기하지 않았습니다. 보전 화면에서 확인하고, 보전이 끝난 뒤에 하십시오.', 'Some of this footage is held for a case, so nothing was destroyed. Look at the holds, and do it when they have ended.');
  }
  if (!world.witnessing) {
    throw refuse(503, 'no-witnesses', '원장에 증인이 없어 파기할 수 없습니다. 기간 전 파기는 증인들이 서명한 뒤에만 합니다. 시스템 관리자에게 증인을 두어 달라고 하십시오.', 'The ledger has no witnesses, and nothing goes before its time that they have not cosigned. Ask the administrator to set up witnesses.');
  }
  const act = world.act(account, DESTROY_MINUTES, { cameras: cameras.map((id) => ({ id, name: world.cameras.find((each) => each.id === id)?.name ?? '' })), from: iso(fromMs), to: iso(toMs) }, proposal.entry);
  proposal.used = true;
  proposal.failed = world.silent;
  if (world.silent) {
    world.outcome(act, account, 'failed');
    throw refuse(503, 'not-cosigned', '증인들이 제때 서명하지 않아 파기하지 않았습니다. 상태 화면에서 증인과의 연결을 확인하십시오.', 'The witnesses did not cosign in time, so nothing was destroyed. Look after the connection to them on the health page.');
  }
  for (const kind of ['keys', 'destroyed', 'vault-key']) world.append(kind);
  world.destroyed.push(proposal.minutes);
  world.outcome(act, account);
}

function carryOutAs(action, { world, account, path }) {
  const proposal = found(world, path);
  if (proposal.action !== action) throw notFound();
  carryOut(world, account, proposal);
  return { body: shown(world, proposal, account) };
}

export const PROPOSAL_HANDLERS = {
  'GET /proposals': ({ world, account }) => {
    mustBeAble(world, account, 'approval.list');
    return { body: { proposals: world.proposals.map((proposal) => shown(world, proposal, account)), early: world.early } };
  },
  'POST /proposals': ({ world, account, input }) => {
    mustBeAble(world, account, 'approval.propose');
    return { status: 201, body: shown(world, propose(world, account, input), account) };
  },
  'POST /proposals/{entry}/decide': ({ world, account, path, input }) => {
    const proposal = found(world, path);
    decide(world, account, proposal, input.approves);
    return { body: shown(world, proposal, account) };
  },
  'POST /proposals/{entry}/carry-out': (ask) => carryOutAs(LENGTHEN, ask),
  'POST /single-minutes': ({ world, account, input }) => {
    mustBeAble(world, account, 'approval.propose');
    return { status: 201, body: shown(world, proposeMinutes(world, account, input), account) };
  },
  'POST /single-minutes/{entry}/carry-out': (ask) => carryOutAs(DESTROY_MINUTES, ask),
  'POST /early-destruction': ({ world, account, input }) => {
    mustBeAble(world, account, 'approval.propose');
    return { status: 201, body: shown(world, proposeEarly(world, account, input.reason), account) };
  },
  'POST /early-destruction/{entry}/carry-out': (ask) => carryOutAs(ALLOW_EARLY, ask),
  'POST /early-destruction/revoke': ({ world, account }) => {
    mustBeAble(world, account, 'footage.revoke-early');
    const act = world.act(account, 'footage.revoke-early');
    if (world.early.proposal) world.append('early-rule', { intent: world.early.proposal, by: account.id });
    Object.assign(world.early, { proposal: null, in_force_from: null });
    world.outcome(act, account);
    return { body: world.early };
  },
  'POST /cameras/{id}/retention': ({ world, account, id, input }) => {
    mustBeAble(world, account, 'camera.shorten-retention');
    const camera = cameraOf(world, id);
    const act = world.act(account, 'camera.shorten-retention', { cameras: named(camera) });
    const problem = input.retention_max_s >= camera.retention_max_s ? conflict() : fits(camera, input.retention_max_s) ? null : unfit();
    if (!problem) camera.retention_max_s = input.retention_max_s;
    world.outcome(act, account, problem ? 'failed' : 'done');
    if (problem) throw problem;
    return { body: camera };
  },
};
