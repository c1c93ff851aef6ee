// Reading a published text, as the linter does it for one kind of mistake: enough for the page.

import { refuse } from './refuse.mjs';

const line = (text, words) => text.split('\n').findIndex((each) => each.includes(words)) + 1;

function findingsOf(text) {
  const found = [];
  const tell = (rule, severity, at, ko, en, law) => found.push({ rule, severity, line: at, section: at ? '2. 설치 대수' : '', text_ko: ko, text_en: en, law });
  const stated = /총 (\d+)대/.exec(text);
  const listed = [...text.matchAll(/\t(\d+)대/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  if (stated && Number(stated[1]) !== listed) tell('count.sum', 'error', line(text, stated[0]), `총 ${stated[1]}대라고 적혀 있으나 표를 더하면 ${listed}대입니다. 실제 대수를 세어 맞추십시오.`, `${stated[1]} are stated, ${listed} are listed. Count them and correct the text.`, 'Dec 25(1)2');
  if (text.includes('영상정보처리기기') && !text.includes('고정형')) tell('outdated.term', 'warning', line(text, '영상정보처리기기'), '2023년 9월 15일부터 ‘고정형 영상정보처리기기’라고 합니다.', 'Since 15 September 2023 the term is another.', 'Act 25');
  if (text.includes('○○')) tell('template.placeholder', 'error', line(text, '○○'), '서식의 빈칸이 남아 있습니다.', 'A blank of a template is left.', 'Act 3(3)');
  if (!text.includes('거부')) tell('required.refusal', 'warning', 0, '열람을 거부할 수 있는 경우가 없습니다.', 'Grounds of refusal are missing.', 'Act 35(4)');
  return { found, listed, stated: stated ? Number(stated[1]) : null };
}

export const READING_HANDLERS = {
  'POST /policy/reading': ({ input: sent }) => {
    const file = sent.file_base64 ? Buffer.from(sent.file_base64, 'base64') : null;
    if (file?.subarray(0, 2).equals(Buffer.from('PK'))) throw refuse(422, 'bad-request', '요청을 읽을 수 없습니다.', 'The request cannot be read.');
    const input = file ? { ...sent, text: new TextDecoder('euc-kr').decode(file) } : sent;
    const { found, listed, stated } = findingsOf(input.text);
    const read = { path: 'institution.name', state: 'read', kind: 'text', line: 1, value: '한빛구립도서관', text_ko: '기관의 이름', text_en: 'Name of the institution', of_ko: '기관', of_en: 'Institution', choices: [] };
    const assumed = { path: 'spot.lobby.class', state: 'assumed', kind: 'choice', line: 4, value: 'open', text_ko: '로비: 공개된 장소인가', text_en: 'Lobby: is it open to the public', of_ko: '카메라 줄: 로비', of_en: 'Line of cameras: Lobby', choices: [{ word: 'open', text_ko: '공개', text_en: 'open' }, { word: 'non-open', text_ko: '비공개', text_en: 'not open' }] };
    const answered = input.answers['version.effective'];
    const asked = { path: 'version.effective', state: answered ? 'read' : 'asked', kind: 'date', line: 0, value: answered ?? '', text_ko: '새 방침을 시행할 날', text_en: 'First day of the new version', of_ko: '판', of_en: 'Version', choices: [] };
    const fields = [read, { ...assumed, ...(input.answers[assumed.path] ? { state: 'read', line: 0, value: input.answers[assumed.path] } : {}) }, asked];
    const toml = `[institution]\nname = "한빛구립도서관" # 읽음 1행\n\n[[version]]\neffective = "${answered ?? ''}"\n`;
    return {
      body: {
        date: input.date ?? '2026-11-23', text: file ? input.text : null, findings: found, not_understood: input.text.includes('???') ? [{ line: line(input.text, '???'), text: '???' }] : [],
        facts: { institution: '한빛구립도서관', cameras_total: listed || stated, cameras_stated: stated, groups: [], retention_days_max: 30, hours: '24', purposes: ['시설안전'], storage_places: ['1층 방재실'], processor: 'unknown', versions: [] },
        draft: { toml, fields, unreadable: answered ? null : 'version.effective: 시행일이 없습니다.', findings: [] },
      },
    };
  },
};
