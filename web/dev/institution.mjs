// The mock's institution, as the recorder would tell it of its description; what is found is put in by hand.

const place = (id, name, is_assumed = false) => ({ id, name, is_assumed });
const STORAGE = place('vault-room', '1층 방재실');
const OFFICER = { id: 'officer', duty: 'officer', title: '주무관', department: '총무과', deputies: 0, contact: '02-000-0002', units: [], is_assumed: false };

const spot = (id, name, range, published, more = {}) => ({
  ...{ id, name, range, published, class: 'open', method: 'fixed', purposes: ['facility'], retention_days: 30 },
  ...{ registered: published, recording: published, off_hours: 0, parking_spaces: null, staff_consulted_on: null, is_assumed: false },
  ...more,
});

/** A description with something of everything. */
export function described() {
  const unit = { hours: '24h', retention_days: 30, storage: STORAGE, viewing: place('reading', '열람실', true), contact: OFFICER, monitoring: null };
  return {
    ...{ name: '한빛구립도서관', short: '도서관', name_en: 'Hanbit District Library', aliases: ['한빛 도서관', '한빛도서관'] },
    ...{ predecessors: [{ name: '한빛구립문고', until: '2019-03-02' }], bodies: [{ name: '한빛 작은도서관', own_policy: null }], head: '한빛구립도서관장', address: '한빛구 도서관길 1', address_is_assumed: true, homepage: 'https://library.example/cctv' },
    purposes: [
      { id: 'facility', text: '시설안전 및 화재 예방', ground_ko: '시설안전 및 화재 예방을 위하여 필요한 경우', ground_en: 'Needed for the safety of facilities and to prevent fire', article: 'Act 25(1)3', statute: null },
      { id: 'crime', text: '범죄의 예방 및 수사', ground_ko: '범죄의 예방 및 수사를 위하여 필요한 경우', ground_en: 'Needed to prevent and investigate crime', article: 'Act 25(1)2', statute: null },
    ],
    posts: [
      { id: 'manager', duty: 'manager', title: '과장', department: '총무과', deputies: 1, contact: '02-000-0001', units: [], is_assumed: false },
      OFFICER,
      { id: 'night', duty: 'access', title: '당직', department: '방재실', deputies: 0, contact: '02-000-0003', units: ['별관'], is_assumed: true },
    ],
    units: [
      {
        ...{ id: 'main', name: '본관', body: null, ...unit, monitoring: { method: '상시 관제', place: STORAGE, is_assumed: false } },
        spots: [spot('lobby', '로비', '안내대와 출입문', 4), spot('yard', '어린이 놀이터', '놀이기구와 울타리', 2, { method: 'turning', purposes: ['facility', 'crime'], registered: 1, recording: 1 })],
      },
      {
        ...{ id: 'annex', name: '별관', body: '한빛 작은도서관', ...unit, hours: 'mon-fri 08:00-19:00, sat 09:00-13:00', retention_days: 14 },
        spots: [spot('parking', '주차장', '지하 1층 주차구역', 3, { retention_days: 31, parking_spaces: 42, recording: 1, off_hours: 2, is_assumed: true }), spot('archive', '보존서고', '서고 출입문', 1, { class: 'non-open', staff_consulted_on: '2025-06-01', retention_days: 14 })],
      },
    ],
    foreign: [{ operator: '한빛은행', contact: '02-000-0009', place: '1층 현금자동입출금기' }],
    outsourced: 'yes',
    companies: [{ name: '한빛보안', contact: '02-000-0010', work: '장비 유지보수', contract_signed: '2026-01-02', contract_until: '2026-12-31', subcontractors: [{ name: '한빛통신', contact: '02-000-0011', work: '회선' }], is_assumed: false }],
    notice_days: 7,
    versions: [
      { announced: null, effective: '2024-03-01', reason: null, is_assumed: true },
      { announced: '2026-10-25', effective: '2026-11-01', reason: '보관기간 단축', is_assumed: false },
    ],
  };
}

const finding = (severity, at, text_ko, text_en, article) => ({ severity, rule: 'mock', at, text_ko, text_en, article });

/** Something found of several parts, and of one that no part shows. */
export const FINDINGS = [
  finding('error', 'post night', '접근권한자의 연락처가 공란입니다. 전화번호를 적으십시오.', 'The post has no telephone. Write one.', 'Dec 25(1)3'),
  finding('warning', 'spot parking', '주차 대수가 30대를 넘으면 최소 보관기간이 있습니다. 확인하십시오.', 'With more than 30 spaces a minimum applies. Check it.', 'Guide 41(2)'),
  finding('warning', 'somewhere else', '어느 곳에도 속하지 않는 것입니다. 확인하십시오.', 'It belongs nowhere. Check it.', 'Act 25(1)'),
];

function view(world) {
  const present = world.policies.find((each) => each.state === 'in-force');
  if (!present) return { version: null, entry: null, described: null, without_line: [], findings: [] };
  return { version: present.version, entry: present.entry, described: described(), without_line: world.strays, findings: world.findings };
}

export const INSTITUTION_HANDLERS = { 'GET /institution': ({ world }) => ({ body: view(world) }) };
