// The mock's attestations: what a person saw of a promise, as the recorder would enter and judge it.

import { refuse } from './refuse.mjs';

const DAY_MS = 86_400_000;
const KOREA_AHEAD_MS = 9 * 3_600_000;
const dayAgo = (days) => new Date(Date.now() + KOREA_AHEAD_MS - days * DAY_MS).toISOString().slice(0, 10);

const ROLE_NAMES = { manager: '관리책임자가', officer: '담당자가', administrator: '시스템 관리자가' };

function record(world, account, { promise: id, result, day, remark, picture_base64 = null }) {
  if (!world.actionsOf(account).has('attestation.record')) throw refuse(403, 'forbidden', '이 계정으로는 할 수 없는 일입니다.', 'This account may not do that.');
  const promise = [...world.promises, ...(world.yearly ?? [])].find((each) => each.id === id);
  if (!promise) throw refuse(404, 'not-found', '그런 것이 없습니다. 목록을 새로 고치십시오.', 'There is no such thing. Refresh the list.');
  if (!promise.attested_every_days) throw refuse(422, 'promise-not-attestable', '시스템이 스스로 살피는 약속입니다.', 'The system looks at this promise itself.');
  // A day more than the recorder: the person's own day may be another than Korea's.
  if (day > dayAgo(-1) || day < dayAgo(31)) throw refuse(422, 'day-unfit', '확인한 날은 오늘이거나 지난 30일 안의 날이어야 합니다. 날짜를 고치십시오.', 'The day on which you looked is today or one of the last 30 days. Correct it.');
  if ([...remark].length > 500) throw refuse(422, 'remark-unfit', '남길 말은 500자까지 쓸 수 있습니다.', 'A remark has at most 500 characters.');
  const role = account.roles.find((each) => ROLE_NAMES[each]);
  const intent = world.act(account, 'attestation.record');
  const entry = world.append('attestation', { by: account.id }, world.detailOf(account, { note: remark || null, picture_base64 }));
  world.outcome(intent, account);
  const so = result === 'seen-so';
  const counts = !promise.attestation || promise.attestation.day <= day;
  const until = new Date(Date.parse(day) + promise.attested_every_days * DAY_MS).toISOString().slice(0, 10);
  const made = { entry, at: new Date().toISOString(), promise: id, sentence_sha256: 'ab'.repeat(32), version: 1, result, day, role, counts, good_until: so ? until : null };
  world.attestations.unshift(made);
  if (counts) {
    Object.assign(promise, {
      attestation: made,
      state: so ? 'kept' : 'broken',
      evidence: `${so ? '약속대로임을' : '약속과 다름을'} ${ROLE_NAMES[role]} ${day}에 확인하여 기록하였습니다(원장 ${entry}). 시스템이 본 것이 아닙니다.`,
      evidence_en: `${so ? 'As promised' : 'Otherwise than promised'}: a person's word (${role}, looked on ${day}, entry ${entry}); not seen by the system.`,
    });
  }
  return made;
}

const dueIn = (days) => dayAgo(-days);

/** What is due, as the recorder computes it of the promises; laws and versions are put in by hand. */
function tasks(world) {
  const present = world.policies.find((each) => each.state === 'in-force');
  const of = ({ id, state, text_ko, text_en, evidence, evidence_en, article, attested_every_days, attestation }) => {
    const at = { article, promise: id, version: null };
    if (state === 'broken') return [{ kind: 'mend', due: dueIn(0), who: 'administrator', text_ko: `어긋난 약속을 바로잡으십시오: ${text_ko} ${evidence}`, text_en: `Mend a broken promise: ${text_en} ${evidence_en}`, ...at }];
    if (!attested_every_days || attestation) return [];
    return [{ kind: 'attest', due: dueIn(world.leftDays ?? 14), who: 'manager', text_ko: `직접 확인하고 기록하십시오: ${text_ko}`, text_en: `Look, and record what you saw: ${text_en}`, ...at }];
  };
  const found = present ? [...world.promises.flatMap(of), ...world.duties.map(({ inDays, ...duty }) => ({ due: dueIn(inDays), ...duty }))] : [];
  const today = dueIn(0);
  const shown = found.map((task) => ({ ...task, overdue: task.due < today })).sort((a, b) => a.due.localeCompare(b.due));
  return { looked_at: new Date().toISOString(), today, version: present?.version ?? null, tasks: shown };
}

export const ATTESTATION_HANDLERS = {
  'GET /tasks': ({ world }) => ({ body: tasks(world) }),
  'GET /attestations': ({ world }) => ({ body: { attestations: world.attestations.slice(0, 200) } }),
  'POST /attestations': ({ world, account, input }) => ({ status: 201, body: record(world, account, input) }),
};
