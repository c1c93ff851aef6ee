// Maintenance tickets, as crates/rules and crates/access decide them.

import { refuse } from './refuse.mjs';

const HOUR_MS = 3_600_000;
const LONGEST_MS = 12 * HOUR_MS;
const AHEAD_MS = 168 * HOUR_MS;

const iso = (ms) => new Date(ms).toISOString();
const unfit = (ko, en) => refuse(422, 'ticket-unfit', ko, en);
const gone = () => refuse(409, 'conflict', '그런 작업표가 없거나 이미 끝났습니다.', 'There is no such ticket, or it is over.');

function may(world, account, action) {
  if (world.actionsOf(account).has(action)) return;
  world.append('refusal', { action, outcome: 'no-role', by: account.id });
  throw refuse(403, 'forbidden', '맡은 역할로는 할 수 없는 일입니다.', 'Your role does not allow this.');
}

function stateOf(ticket) {
  const now = Date.now();
  if (ticket.closed) return 'closed';
  if (now >= ticket.untilMs) return 'lapsed';
  return now < ticket.fromMs ? 'planned' : 'open';
}

const shown = (world, ticket) => ({
  year: ticket.year,
  number: ticket.number,
  state: stateOf(ticket),
  work: ticket.work,
  cameras: ticket.cameras.map((id) => ({ id, name: world.cameras.find((camera) => camera.id === id)?.name ?? '' })),
  contractor: ticket.contractor.display_name,
  escort: ticket.escort.display_name,
  opened_by: ticket.by.display_name,
  opened_at: iso(ticket.atMs),
  from: iso(ticket.fromMs),
  until: iso(ticket.untilMs),
  visits: ticket.visits,
  closed_by: ticket.closed?.by.display_name ?? null,
  closed_at: ticket.closed ? iso(ticket.closed.atMs) : null,
  remark: ticket.closed?.remark ?? null,
});

/** Opens a ticket; also for tests, which need tickets of other times. */
export function openTicket(world, account, { contractor, escort, work, cameras = [], from, until }) {
  const person = (id) => world.accounts.find((each) => each.id === id && !each.ended_at);
  const [worker, beside] = [person(contractor), person(escort)];
  const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
  if (!worker?.roles.includes('contractor')) throw unfit('작업표는 수탁업체 계정에만 엽니다.', 'A ticket is for a contractor’s account.');
  if (!beside || beside === worker || beside.roles.includes('contractor')) throw refuse(403, 'no-ticket', '함께할 기관 사람이 없습니다.', 'Nobody of the institution is there.');
  if (!(untilMs > fromMs) || untilMs - fromMs > LONGEST_MS || fromMs > Date.now() + AHEAD_MS) {
    throw unfit('작업 시간은 12시간까지이고, 시작은 지금부터 7일 안이어야 합니다. 시간을 고치십시오.', 'A ticket is for at most 12 hours and begins within 7 days from now. Correct its time.');
  }
  const other = (each) => each.contractor === worker && ['open', 'planned'].includes(stateOf(each)) && each.fromMs < untilMs && fromMs < each.untilMs;
  if (world.tickets.some(other)) throw refuse(409, 'conflict', '이 작업자에게 그 시간의 작업표가 이미 있습니다. 그것을 닫거나 다른 시간을 고르십시오.', 'Another ticket is for this contractor at that time. Close it, or choose another time.');
  const act = world.act(account, 'ticket.open');
  const entry = world.append('ticket', { outcome: 'opened', by: account.id }, world.detailOf(account, { note: work }));
  world.outcome(act, account);
  const [year, number] = entry.split('/').map(Number);
  const ticket = { year, number, work, cameras, contractor: worker, escort: beside, by: account, atMs: Date.now(), fromMs, untilMs, visits: [], closed: null };
  world.tickets.unshift(ticket);
  return ticket;
}

export function closeTicket(world, account, ticket, remark) {
  const act = world.act(account, 'ticket.close');
  for (const visit of ticket.visits) visit.until ??= iso(Date.now());
  for (const [cookie, session] of world.sessions) if (session.account === ticket.contractor) world.sessions.delete(cookie);
  ticket.closed = { by: account, atMs: Date.now(), remark };
  world.append('ticket', { outcome: 'closed', intent: `${ticket.year}/${ticket.number}`, by: account.id }, world.detailOf(account, { note: remark }));
  world.outcome(act, account);
}

/** A ticket that is open from the start, so that the mock's contractor can come in. */
export function admit(world) {
  const person = (name) => world.accounts.find((account) => account.name === name);
  const now = Date.now();
  const ticket = { year: 2026, number: 0, work: '정기 점검', cameras: [], contractor: person('contractor'), escort: person('officer'), by: person('manager') };
  world.tickets.push({ ...ticket, atMs: now, fromMs: now, untilMs: now + 8 * HOUR_MS, visits: [], closed: null });
}

/** A contractor comes in on an open ticket alone. */
export function enter(world, account) {
  if (!account.roles.includes('contractor')) return;
  const ticket = world.tickets.find((each) => each.contractor === account && stateOf(each) === 'open');
  if (!ticket) throw refuse(403, 'no-ticket', '지금 열려 있는 유지보수 작업표가 없어 들어올 수 없습니다. 관리책임자나 담당자에게 작업표를 열어 달라고 하십시오.', 'No maintenance ticket lets you in now. Ask the manager or an officer to open one.');
  ticket.visits.push({ from: iso(Date.now()), until: null });
}

export const TICKET_HANDLERS = {
  'GET /tickets': ({ world, account }) => {
    may(world, account, 'ticket.list');
    const people = world.actionsOf(account).has('ticket.open') ? world.accounts.filter((each) => each.name && !each.ended_at) : [];
    const of = (isContractor) => people.filter((each) => each.roles.includes('contractor') === isContractor).map(({ id, display_name, roles }) => ({ id, display_name, roles }));
    return { body: { tickets: world.tickets.map((ticket) => shown(world, ticket)), contractors: of(true), escorts: of(false) } };
  },
  'POST /tickets': ({ world, account, input }) => {
    may(world, account, 'ticket.open');
    return { status: 201, body: shown(world, openTicket(world, account, input)) };
  },
  'POST /tickets/{entry}/close': ({ world, account, path, input }) => {
    may(world, account, 'ticket.close');
    const ticket = world.tickets.find(({ year, number }) => path === `/tickets/${year}/${number}/close`);
    if (!ticket || !['open', 'planned'].includes(stateOf(ticket))) throw gone();
    closeTicket(world, account, ticket, input.remark);
    return { body: shown(world, ticket) };
  },
};
