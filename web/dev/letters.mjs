// The letters of a request, as crates/rights says which are due. Their text is tried in crates/papers.

import { refuse } from './refuse.mjs';

const KINDS = ['receipt', 'existence', 'viewing', 'partial', 'postponed', 'refused', 'absent', 'objection'];
const WITH_PRESS = ['html', 'json', 'pdf', 'hwpx'];
const unfit = () => refuse(422, 'letter-unfit', '이 문서를 만들 수 없습니다. 시행 중인 방침이 있는지, 청구가 그 단계에 있는지, 열람 날짜와 시간과 장소(보전이 끝나기 전, 30일까지)와 문서번호를 확인하십시오.', 'This letter cannot be written.');

function kindsOf(state, decision, asks, objection) {
  if (objection?.extended) return ['receipt', 'objection'];
  if (!['decided', 'done', 'postponed'].includes(state)) return ['receipt'];
  if (decision === 'granted') return ['receipt', ...['existence', 'viewing'].filter((word) => asks.includes(word))];
  return ['receipt', decision === 'partly' ? 'partial' : decision];
}

/** `world.sender` is none without a policy in force, `world.hasPress` false without a press. */
export function lettersOf(world, { state, decision, asks, objection }) {
  const sender = world.sender === undefined ? '본보기청' : world.sender;
  const kinds = sender ? kindsOf(state, decision, asks, objection) : [];
  const hasAppointment = (kind) => kind === 'viewing' || (kind === 'partial' && asks.includes('viewing'));
  return {
    sender,
    due: kinds.map((kind) => ({ kind, has_appointment: hasAppointment(kind) })),
    formats: world.hasPress === false ? WITH_PRESS.slice(0, 2) : WITH_PRESS,
  };
}

/** Handlers of a desk that finds and shows a request, and asks whether somebody may. */
export function letterHandlers(read) {
  const letter = (kind) => (context) => {
    const file = read(context);
    const due = file.letters.due.find((each) => each.kind === kind);
    const of = (name) => context.query.get(name) ?? '';
    const when = [of('day'), of('time'), of('place')];
    if (!due || (due.has_appointment ? when.some((part) => !part) : when.some(Boolean))) throw unfit();
    return { text: [kind, of('format'), of('document_number'), ...when].join('|') };
  };
  return Object.fromEntries(KINDS.map((kind) => [`GET /requests/{receipt}/letters/${kind}`, letter(kind)]));
}
