// The mock's policy: versions, texts, drafts, promises, as the recorder would answer. It reads no
// description: what is wrong with one is said by words in it.

import { proposePolicy } from './proposals.mjs';
import { refuse } from './refuse.mjs';

const HEADS = ['구분', '설치 위치', '촬영 범위', '대수', '촬영 방법', '장소', '설치 목적'];
const row = (texts, promise) => ({ cells: texts.map((text) => ({ text })), ...(promise ? { promise } : {}) });

/** A text with every kind of block. */
export function paper(effective, days = 30) {
  const cameras = row(['본관', '로비', '안내대와 출입문', '4대', '고정 촬영', '공개', '시설안전 및 화재 예방'], 'cameras.lobby');
  const yard = row(['본관', '어린이 놀이터', '놀이기구와 울타리', '2대', '회전 촬영', '공개', '범죄의 예방 및 수사'], 'cameras.yard');
  const sum = { cells: [{ text: '합계', columns: 3, is_label: true }, { text: '6대' }, { text: '' }, { text: '' }, { text: '' }] };
  const blank = (label) => ({ cells: [{ text: label, is_label: true }, { text: '', columns: 2 }] });
  return {
    document: 'paper',
    title: '한빛구립도서관 고정형 영상정보처리기기 운영·관리 방침',
    author: '한빛구립도서관',
    language: 'ko',
    date: effective,
    footer: `한빛구립도서관 · ${effective} 시행`,
    blocks: [
      { block: 'paragraph', sentences: [{ text: '이 방침은 도서관의 카메라가 무엇을 찍고, 그 영상을 어떻게 쓰고 지우는지 알려 드리기 위한 것입니다.' }, { text: '<b>글은 글일 뿐입니다.</b>' }] },
      { block: 'heading', level: 1, text: '2. 설치 대수, 설치 위치 및 촬영 범위' },
      { block: 'paragraph', sentences: [{ text: '도서관은 모두 6대의 카메라를 운영하며, 이 밖의 카메라는 없습니다.', promise: 'cameras' }] },
      { block: 'table', caption: '카메라 현황', head: HEADS, rows: [cameras, yard, sum] },
      { block: 'note', sentence: { text: '소재지: 한빛구 도서관길 1' } },
      { block: 'heading', level: 1, text: '4. 촬영시간, 보관기간, 보관장소 및 처리방법' },
      {
        block: 'list',
        is_numbered: false,
        items: [
          { text: `영상은 촬영한 날부터 ${days}일을 넘겨 보관하지 않습니다.`, promise: 'retention' },
          { text: '영상은 1층 방재실에만 보관합니다.', promise: 'storage' },
        ],
      },
      { block: 'heading', level: 1, text: '7. 기술적·관리적 및 물리적 조치' },
      { block: 'heading', level: 2, text: '가. 접근' },
      { block: 'list', is_numbered: true, items: [{ text: '녹화 장치는 잠금장치가 있는 보관시설에 둡니다.', promise: 'safety.room' }, { text: '열쇠는 관리책임자가 지닙니다.' }] },
      { block: 'page-break' },
      { block: 'heading', level: 1, text: '붙임. 서식' },
      { block: 'table', caption: '열람 청구', head: [], rows: [blank('성명'), blank('생년월일')] },
    ],
  };
}

/** Announces a version: `state` as it is today. */
export function announce(world, { effective = '2026-11-01', state = 'in-force', days = 30, mended = [] } = {}) {
  const version = world.policies.length + 1;
  const entry = world.append('policy');
  for (const each of world.policies) if (state === 'in-force') each.state = 'archived';
  world.policies.push({ version, entry, announced_at: new Date().toISOString(), effective, state, document: paper(effective, days), mended });
  return version;
}

const DIFFERENCES = [
  { section: '4. 보관', before: '영상은 촬영한 날부터 30일을 넘겨 보관하지 않습니다.', after: '영상은 촬영한 날부터 20일을 넘겨 보관하지 않습니다.' },
  { section: '7. 안전 조치', before: null, after: '녹화 장치는 잠금장치가 있는 보관시설에 둡니다.' },
];

const LINES = [
  { id: 'lobby', name: '도서관 · 로비', cameras: 4 },
  { id: 'yard', name: '도서관 · 어린이 놀이터', cameras: 2 },
];

const SEEN = {
  cameras: [2, '도서관은 모두 6대의 카메라를 운영하며, 이 밖의 카메라는 없습니다.', 'There are 6 cameras in all, and none beside them.', 'Dec 25(1)2'],
  'cameras.lobby': [2, '로비에 카메라 4대가 있습니다.', 'Lobby: 4 cameras, each of which records.', 'Dec 25(1)2'],
  'cameras.yard': [2, '어린이 놀이터에 카메라 2대가 있습니다.', 'Playground: 2 cameras, each of which records.', 'Dec 25(1)2'],
  retention: [4, '영상은 촬영한 날부터 30일을 넘겨 보관하지 않습니다.', 'Footage is kept for at most 30 days.', 'Dec 25(1)4, Guide 44'],
  storage: [4, '영상은 1층 방재실에만 보관합니다.', 'Footage lies in the control room and nowhere else.', 'Dec 25(1)4'],
  'safety.room': [7, '녹화 장치는 잠금장치가 있는 보관시설에 둡니다.', 'The recorder stands in a room that is locked.', 'Dec 30(1)7, Safe 10'],
};
/** What a person has to look at. */
const EVERY_DAYS = { 'safety.room': 180 };
const EVIDENCE = {
  kept: ['등록된 카메라와 녹화 상태가 방침과 같습니다.', 'The register and what is recorded are as the policy says.'],
  broken: ['카메라 1대에서 영상이 오지 않습니다: 로비 3.', 'One camera sends nothing: lobby 3.'],
  unproven: ['사람이 살펴보고 적은 것이 없습니다.', 'Nobody looked and said so.'],
};

/** Promises with these states by id; what is not named is kept. */
export function promises(states = {}) {
  return Object.entries(SEEN).map(([id, [section, text_ko, text_en, article]]) => {
    const state = states[id] ?? 'kept';
    const penalty = id === 'cameras.lobby' || id === 'retention';
    return {
      ...{ id, section, text_ko, text_en, state, article },
      evidence: EVIDENCE[state][0],
      evidence_en: EVIDENCE[state][1],
      checked_at: null,
      attested_every_days: EVERY_DAYS[id] ?? null,
      attestation: null,
      penalty_ko: penalty ? '3천만원 이하의 과태료(법 제75조제2항)' : null,
      penalty_en: penalty ? 'A fine of up to 30 million won (Act 75(2))' : null,
    };
  });
}

/** A duty of the manager that no policy promises. */
export function yearly(state = 'unproven') {
  const [promise] = promises({ 'safety.room': state }).filter((each) => each.id === 'safety.room');
  return [{ ...promise, id: 'duty.training', section: 0, text_ko: '영상 보호 교육 계획을 세우고 시행합니다.', text_en: 'There is a plan for training.', article: 'Guide 37(2)', attested_every_days: 365 }];
}

function may(world, account, action) {
  if (!world.actionsOf(account).has(action)) throw refuse(403, 'forbidden', '이 계정으로는 할 수 없는 일입니다.', 'This account may not do that.');
}

function view(world, version) {
  const shown = version ? world.policies.find((each) => each.version === version) : (world.policies.find((each) => each.state === 'in-force') ?? world.policies.at(-1));
  if (version && !shown) throw refuse(404, 'not-found', '그런 것이 없습니다. 목록을 새로 고치십시오.', 'There is no such thing. Refresh the list.');
  const versions = world.policies.map(({ document, mended, ...each }) => each).reverse();
  const lines = shown ? LINES : [];
  const [closed, ...covers] = [...LINES].reverse();
  const sign = { unit: 'main', title: 'CCTV 촬영 중', lines: [{ label: '설치 목적', text: '시설안전, 범죄예방' }, { label: '촬영 시간', text: '24시간' }, { label: '관리책임자', text: '총무과 02-000-0000' }], url: 'https://library.example/policy', covers };
  const signed = { signs: shown ? [sign] : [], unsigned: shown ? [closed] : [] };
  return { versions, shown: shown?.version ?? null, document: shown?.document ?? null, mended: shown?.mended ?? [], lines, reason: shown?.version > 1 ? '보관기간 단축' : null, differences: shown?.version > 1 ? DIFFERENCES : [], ...signed };
}

const finding = (severity, at, text_ko, text_en, article) => ({ severity, rule: 'mock', at, text_ko, text_en, article });

function draft(description) {
  const nothing = { findings: [], loosenings: [], differences: [], can_be_announced: false, effective: null, document: null };
  if (description.includes('= =')) return { unreadable: 'line 3: a value is missing', ...nothing };
  const findings = [];
  if (description.includes('warning')) findings.push(finding('warning', 'spot yard', '어린이 놀이터의 촬영 범위가 넓습니다. 줄일 수 있는지 보십시오.', 'The playground is filmed widely: see whether less would do.', 'Act 25(5)'));
  if (description.includes('error')) findings.push(finding('error', 'institution.name', '‘○○도서관’은(는) 서식의 빈칸입니다. 실제 값을 적으십시오.', '"○○" is a blank of a template: write what is true.', 'Act 3(3)'));
  const loosenings = description.includes('looser') ? [{ text_ko: '본관의 보관기간이 30일에서 60일로 늘어납니다.', text_en: 'Main building: kept for 60 days, not 30.' }] : [];
  const can_be_announced = loosenings.length === 0 && !description.includes('error');
  return { unreadable: null, findings, loosenings, differences: DIFFERENCES, can_be_announced, effective: '2026-12-01', document: paper('2026-12-01', 20) };
}

export const POLICY_HANDLERS = {
  'GET /policy': ({ world }) => ({ body: view(world, null) }),
  'GET /policy/{version}': ({ world, path }) => ({ body: view(world, Number(path.split('/').at(-1))) }),
  'POST /policy/draft': ({ world, account, input }) => {
    may(world, account, 'policy.read');
    return { body: draft(input.description) };
  },
  'POST /policy': ({ world, account, input }) => {
    may(world, account, 'policy.announce');
    if (!draft(input.description).can_be_announced || input.description.includes('raced')) {
      throw refuse(422, 'policy-unfit', '이 방침에는 고쳐야 할 것이 있어 공고할 수 없습니다.', 'Something stands against announcing this policy.');
    }
    world.act(account, 'policy.announce');
    announce(world, { effective: '2026-12-01', state: 'announced', days: 20 });
    return { status: 201, body: view(world, null) };
  },
  'POST /policy/proposals': ({ world, account, input }) => {
    const { loosenings, findings, effective } = draft(input.description);
    if (findings.some(({ severity }) => severity === 'error')) throw refuse(422, 'policy-unfit', '이 방침에는 고쳐야 할 것이 있어 공고할 수 없습니다.', 'Something stands against announcing this policy.');
    const policy = { effective, loosenings, description: input.description };
    const announced = () => announce(world, { effective, state: 'announced', days: 60 });
    const { entry } = proposePolicy(world, account, policy, announced, input.reason);
    const [year, number] = entry.split('/').map(Number);
    return { status: 201, body: { year, number } };
  },
  'GET /promises': ({ world }) => {
    const present = world.policies.find((each) => each.state === 'in-force');
    const checked_at = new Date().toISOString();
    const shown = present ? world.promises.map((each) => ({ ...each, checked_at })) : [];
    const duties = present ? (world.yearly ?? []) : [];
    return { body: { version: present?.version ?? null, entered: world.entered ?? null, promises: shown, duties } };
  },
};
