// The registers that the law asks for, as the mock's ledger would fill them.

import { refuse } from './refuse.mjs';

const TITLES = {
  'personal-video': '개인영상정보 관리대장',
  destruction: '개인영상정보 파기 관리대장',
  requests: '개인영상정보 열람 등 청구 처리대장',
  access: '접속기록',
  disclosures: '개인정보의 목적 외 이용 및 제3자 제공 대장',
  rights: '접근 권한 부여·변경·말소 대장',
  tickets: '수탁업체 작업 대장',
  visits: '통제구역 출입자 기록부',
};
const COLUMNS = [
  ['number', '접수번호', 'Number'],
  ['received', '접수일시', 'Received'],
  ['requester', '청구인 성명·연락처', 'Requester'],
  ['footage', '영상 (카메라·시간)', 'Footage'],
  ['purpose', '목적·사유', 'Purpose'],
  ['due', '처리기한', 'Due'],
  ['standing', '처리 상태', 'Standing'],
  ['decision', '결정 (일시·담당자)', 'Decision'],
  ['ground', '거절·연기의 근거와 사유', 'Ground and facts'],
  ['answered', '통지 (일시·담당자)', 'Answered'],
  ['copy', '사본 교부 내용·사유', 'Copy given'],
].map(([key, ko, en]) => ({ key, ko, en }));
const EXPIRED = '보관 기간이 지나 내용이 파기됨';

/** Rows of the register of requests, of which the last one's details are gone. */
export const ROWS = [
  ['2026-1', '2026-11-20 09:12:00', '홍청구\n010-0000-0000', '=정문 (본관 앞)\n2026-11-19 18:00 ~ 18:30', '주차장 접촉 사고. 흰색 승용차', '2026-11-30', '끝남', '일부 거절\n2026-11-23 10:20:00\n김관리', '개인정보 보호법 제35조제4항제2호: 다른 사람의 생명·신체를 해칠 우려가 있거나 다른 사람의 재산과 그 밖의 이익을 부당하게 침해할 우려가 있는 경우\n함께 찍힌 사람이 보호를 받고 있음', '2026-11-23 14:00:00\n정유진', ''],
  ['2026-2', '2026-11-22 16:40:11', '박신청\n010-0000-0001', '로비\n2026-11-22 12:00 ~ 12:10', '잃어버린 가방', '2026-12-02', '결정 전', '', '', '', ''],
  ['2023-7', '2023-02-02 11:00:00', EXPIRED, EXPIRED, EXPIRED, '2023-02-12', '끝남', '청구대로\n2023-02-08 09:00:00\n' + EXPIRED, '', '2023-02-08 10:00:00\n' + EXPIRED, ''],
];

function read({ world, account, path, query }) {
  const [, , name] = path.split('/');
  if (!TITLES[name]) throw refuse(404, 'not-found', '찾을 수 없습니다.', 'There is no such thing.');
  if (!world.actionsOf(account).has('register.read')) {
    world.append('refusal', { action: 'register.read', outcome: 'no-role', by: account.id });
    throw refuse(403, 'forbidden', '맡은 역할로는 할 수 없는 일입니다. 필요하면 관리책임자에게 문의하십시오.', 'Your role does not allow this. If you need it, ask the manager.');
  }
  const [from, until, format] = ['from', 'until', 'format'].map((field) => query.get(field));
  if (!(Date.parse(from) <= Date.parse(until)) || Date.parse(until) - Date.parse(from) > 365 * 86_400_000) {
    throw refuse(422, 'register-unfit', '대장의 기간은 하루부터 366일까지이고, 한 번에 3,000줄까지 볼 수 있습니다. 기간을 줄이거나 카메라를 하나 고르십시오.', 'A register is of one to 366 days, and of at most 3,000 rows at once. Choose fewer days, or one camera.');
  }
  if (world.pressMissing && ['pdf', 'hwpx', 'xlsx'].includes(format)) {
    throw refuse(503, 'press-missing', '녹화기에 문서를 만드는 프로그램(jikim-press)이 없어 PDF·한글·엑셀 파일을 만들지 못했습니다. HTML로 받거나, 시스템 관리자에게 설치를 요청하십시오.', 'The recorder lacks the program jikim-press, so no PDF, HWPX or XLSX was made. Take HTML, or ask the administrator to install it.');
  }
  const act = world.act(account, 'register.read');
  world.outcome(act, account);
  if (format && format !== 'json') return { text: `${TITLES[name]} ${from} ${until} ${format}` };
  const camera = world.cameras.find(({ id }) => id === query.get('camera'));
  const rows = name === 'requests' && !camera ? world.registerRows ?? ROWS : [];
  return {
    body: {
      name,
      title: TITLES[name],
      from,
      until,
      camera: camera ? { id: camera.id, name: camera.name } : null,
      made_at: new Date().toISOString(),
      ledger_entry: '2026/41',
      columns: COLUMNS,
      rows: rows.map((cells, index) => ({ entry: `2026/${20 + index}`, is_expired: cells.includes(EXPIRED), cells })),
      notes: [{ ko: '‘사본 교부 내용·사유’ 칸은 비어 있습니다: 이 시스템은 영상의 사본을 내보내지 않으므로, 다른 방법으로 사본을 교부하였다면 그 내용과 사유를 이 대장 밖에 따로 적어 두어야 합니다.', en: '“Copy given” is empty: this system gives out no copies.' }],
    },
  };
}

export const REGISTER_HANDLERS = { 'GET /registers/{name}': read };
