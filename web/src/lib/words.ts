// What the closed words of the wire are called on the page.

import { say } from './language.svelte';
import type {
  CameraSound,
  CameraState,
  CloseReason,
  GapCause,
  HealthState,
  HoldState,
  PartState,
  PolicyState,
  PromiseState,
  ProposalState,
  PurposeKind,
  Role,
  Seen,
  Severity,
  Suspected,
  TaskKind,
  TicketState,
} from './wire';

type Pair = readonly [ko: string, en: string];

const ROLES: Record<Role, Pair> = {
  administrator: ['시스템 관리자', 'Administrator'],
  manager: ['관리책임자', 'Video manager'],
  officer: ['담당자', 'Officer'],
  operator: ['관제요원', 'Operator'],
  contractor: ['수탁업체', 'Contractor'],
  inspector: ['점검자', 'Inspector'],
};

const PURPOSES: Record<PurposeKind, Pair> = {
  'facility-safety': ['시설 안전 및 관리', 'Safety of the facility'],
  'fire-prevention': ['화재 예방', 'Fire prevention'],
  'crime-prevention': ['범죄 예방', 'Crime prevention'],
  traffic: ['교통 단속·정보', 'Traffic'],
  incident: ['사고 확인', 'An incident'],
  'subject-request': ['정보주체 청구', 'A request by the person filmed'],
  investigation: ['수사·재판 협조', 'Investigation or trial'],
  maintenance: ['기기 점검', 'Maintenance of the device'],
};

const CAMERA_STATES: Record<CameraState, Pair> = {
  connecting: ['연결 중', 'Connecting'],
  recording: ['녹화 중', 'Recording'],
  silent: ['영상 없음', 'No frames'],
  unreachable: ['연결 안 됨', 'Unreachable'],
  refused: ['접속 거부', 'Refused'],
  unsupported: ['지원하지 않는 코덱', 'Codec not supported'],
  garbage: ['영상이 아님', 'Not video'],
  storage: ['저장 장애', 'Disk refuses'],
  'off-hours': ['촬영시간 아님', 'Outside its hours'],
  'not-ordered': ['녹화하지 않음', 'Not recorded'],
  retired: ['운영 종료', 'Retired'],
};

/** What to do about a camera that does not record. */
const CAMERA_ADVICE: Record<CameraState, Pair | null> = {
  connecting: null,
  recording: null,
  silent: [
    '연결은 되었으나 영상이 오지 않습니다. 카메라를 다시 켜 보십시오.',
    'Connected, but no frame arrives. Try restarting the camera.',
  ],
  unreachable: [
    '주소에서 응답이 없습니다. 전원, 랜선, 주소를 확인하십시오.',
    'Nobody answers at the address. Check power, cable and address.',
  ],
  refused: [
    '카메라가 접속을 거부합니다. 카메라 계정과 비밀번호를 확인하십시오.',
    "The camera refuses. Check the camera's name and password.",
  ],
  unsupported: [
    'H.264 또는 H.265로 설정을 바꾸십시오.',
    'Set the camera to H.264 or H.265.',
  ],
  garbage: [
    '카메라가 아닌 것이 응답합니다. 주소를 확인하십시오.',
    'What answers is no camera. Check the address.',
  ],
  storage: [
    '디스크가 기록을 받지 않습니다. 상태 화면을 보십시오.',
    'The disk does not take what is written. See Health.',
  ],
  'off-hours': null,
  'not-ordered': [
    '시행 중인 방침에 이 카메라의 줄이 없거나, 방침의 보관장소에 저장 장치가 없습니다. 방침 화면과 설정을 보십시오.',
    'No line of the policy in force names it, or no volume stands in its place of storage. See Policy and the configuration.',
  ],
  retired: null,
};

const SUSPECTED: Record<Suspected, Pair> = {
  frozen: ['멈춘 화면', 'Frozen picture'],
  black: ['검은 화면', 'Black picture'],
};

/** What to do about a picture that may be wrong. */
const SUSPECTED_ADVICE: Record<Suspected, Pair> = {
  frozen: [
    '같은 화면만 되풀이해서 옵니다. 녹화는 계속되고 있습니다. 화면을 확인하고 카메라를 다시 켜 보십시오.',
    'The same picture comes again and again. Recording goes on. Look at it, and try restarting the camera.',
  ],
  black: [
    '화면이 검거나 한 가지 색입니다. 녹화는 계속되고 있습니다. 렌즈가 가려졌는지, 조명이 꺼졌는지 확인하십시오.',
    'The picture is black or of one colour. Recording goes on. Is the lens covered, or the light off?',
  ],
};

const GAP_CAUSES: Record<GapCause, Pair> = {
  'camera-unreachable': ['카메라 연결 안 됨', 'Camera unreachable'],
  'camera-silent': ['카메라가 영상을 보내지 않음', 'Camera sent nothing'],
  'camera-refused': ['카메라가 접속을 거부함', 'Camera refused'],
  'camera-garbage': ['영상이 아닌 데이터', 'Not video'],
  'packets-lost': ['전송 중 손실', 'Packets lost on the way'],
  'recorder-stopped': ['녹화기 정지', 'Recorder was not running'],
  overload: ['처리량 초과', 'Machine could not keep up'],
  storage: ['디스크가 기록을 거부함', 'Disk refused'],
  'not-scheduled': ['녹화 대상 아님', 'No recording was ordered'],
};

const HEALTH_STATES: Record<HealthState, Pair> = {
  ok: ['정상', 'All is well'],
  degraded: ['주의', 'Needs attention'],
  failing: ['장애', 'Failing'],
};

const PART_STATES: Record<PartState, Pair> = {
  ok: ['정상', 'Ok'],
  degraded: ['주의', 'Attention'],
  failing: ['장애', 'Failing'],
  absent: ['없음', 'Absent'],
};

const PROPOSAL_STATES: Record<ProposalState, Pair> = {
  open: ['승인 대기', 'Waits for approval'],
  approved: ['승인됨, 시행 전', 'Approved, not carried out'],
  'carried-out': ['시행됨', 'Carried out'],
  failed: ['시행 실패', 'Failed'],
  refused: ['반려', 'Refused'],
  withdrawn: ['철회', 'Withdrawn'],
  lapsed: ['기한 지남', 'Lapsed'],
};

const HOLD_STATES: Record<HoldState, Pair> = {
  held: ['보전 중', 'Held'],
  released: ['해제됨', 'Released'],
  lapsed: ['기한이 지나 끝남', 'Lapsed'],
};

const TICKET_STATES: Record<TicketState, Pair> = {
  planned: ['예정', 'Planned'],
  open: ['열림', 'Open'],
  closed: ['닫힘', 'Closed'],
  lapsed: ['시간이 지나 끝남', 'Time over'],
};

const PROMISE_STATES: Record<PromiseState, Pair> = {
  kept: ['지켜짐', 'Kept'],
  broken: ['어긋남', 'Broken'],
  unproven: ['확인 안 됨', 'Unproven'],
};

const POLICY_STATES: Record<PolicyState, Pair> = {
  announced: ['공고됨, 시행 전', 'Announced'],
  'in-force': ['시행 중', 'In force'],
  archived: ['지난 방침', 'Past'],
};

const SEEN: Record<Seen, Pair> = {
  'seen-so': ['약속대로임', 'As promised'],
  'seen-otherwise': ['약속과 다름', 'Otherwise than promised'],
};

const SOUNDS: Record<CameraSound, Pair> = {
  none: ['내보내지 않음', 'None offered'],
  offered: ['마이크가 켜져 있음 (받지 않음)', 'Its microphone is on (not taken)'],
  sent: ['청하지 않은 소리를 보냄 (버림)', 'Sends sound unasked (dropped)'],
};

const TASK_KINDS: Record<TaskKind, Pair> = {
  mend: ['바로잡기', 'Mend'],
  attest: ['직접 확인', 'Look'],
  supervise: ['수탁업체 감독', 'Supervise'],
  'take-effect': ['방침 시행', 'Takes effect'],
  'renew-contract': ['위탁 계약', 'Contract'],
  'law-changes': ['법 개정', 'Law changes'],
  appoint: ['임명', 'Appointment'],
  asset: ['장비', 'Device'],
};

const SEVERITIES: Record<Severity, Pair> = {
  error: ['오류', 'Error'],
  warning: ['주의', 'Warning'],
};

const CLOSE_REASONS: Record<CloseReason, Pair> = {
  ended: ['끝났습니다.', 'Ended.'],
  'signed-out': ['로그아웃되어 영상이 끝났습니다.', 'You were signed out, so the pictures ended.'],
  revoked: ['열람 권한이 없어져 영상이 끝났습니다.', 'The right to watch was taken away.'],
  'grant-over': ['열람 허가 시간이 끝났습니다.', "The grant's time is over."],
  'ledger-unavailable': [
    '원장에 기록할 수 없어 영상을 보여 드릴 수 없습니다. 녹화는 계속됩니다.',
    'The ledger cannot append, so nothing is shown. Recording goes on.',
  ],
  'too-slow': ['화면이 영상을 따라가지 못했습니다.', 'This page could not keep up.'],
  stopping: ['녹화기가 다시 시작하는 중입니다.', 'The recorder is restarting.'],
  failed: ['내부 오류로 영상이 끝났습니다.', 'Something broke inside.'],
};

const ACTIONS: Record<string, Pair> = {
  'live.watch': ['실시간 관제', 'Watched live'],
  'footage.play': ['녹화 영상 재생', 'Played footage'],
  'range.read': ['촬영범위 사진 조회', 'Saw a picture of a range'],
  'range.change': ['촬영범위 사진 기록', 'Kept a picture of a range'],
  'camera.still': ['시험 화면 촬영', 'Took a test picture'],
  'camera.pattern': ['시험 무늬', 'Saw the pattern'],
  'footage.timeline': ['녹화 현황 조회', 'Read the timeline'],
  'camera.list': ['카메라 목록 조회', 'Read the cameras'],
  'camera.add': ['카메라 추가', 'Added a camera'],
  'camera.change': ['카메라 변경', 'Changed a camera'],
  'camera.replace': ['기기 교체', 'Replaced a device'],
  'camera.retire': ['카메라 운영 종료', 'Retired a camera'],
  'camera.shorten-retention': ['보관 기간 단축', 'Shorter retention'],
  'camera.lengthen-retention': ['보관 기간 연장', 'Longer retention'],
  'plan.read': ['평면도 조회', 'Read the plans'],
  'plan.change': ['평면도 변경', 'Changed a plan'],
  'approval.list': ['승인 요청 조회', 'Read the proposals'],
  'approval.propose': ['승인 요청', 'Proposed an act'],
  'approval.decide': ['승인 요청 결정', 'Decided of a proposal'],
  'health.read': ['상태 조회', 'Read the health'],
  'ledger.read': ['원장 조회', 'Read the ledger'],
  'policy.read': ['방침 조회', 'Read the policy'],
  'policy.announce': ['방침 공고', 'Announced a policy'],
  'policy.loosen': ['덜 약속하는 방침 공고', 'Announced a policy that promises less'],
  'ticket.open': ['유지보수 작업표 열기', 'Opened a ticket'],
  'ticket.close': ['유지보수 작업표 닫기', 'Closed a ticket'],
  'ticket.list': ['작업표 조회', 'Read the tickets'],
  'visit.record': ['통제구역 출입 기록', 'Entered a visit'],
  'disclosure.receive': ['제3자 제공 요청 접수', 'Received a disclosure request'],
  'disclosure.continue': ['제3자 제공 처리', 'Worked on a disclosure'],
  'disclosure.decide': ['제3자 제공 결정', 'Decided a disclosure'],
  'disclosure.compel': ['제3자 제공 긴급 결정(혼자)', 'Granted a disclosure alone'],
  'disclosure.review': ['긴급 제공 사후 검토', 'Reviewed a disclosure granted alone'],
  'disclosure.list': ['제3자 제공 목록 열람', 'Listed disclosures'],
  'export.prepare': ['반출 작업본 만들기', 'Prepared a working copy'],
  'export.look': ['반출 작업본 확인', 'Looked at a working copy'],
  'export.original': ['가리기 전 영상 확인', 'Looked at footage before it is masked'],
  'export.seal': ['반출 파일 봉인', 'Sealed a file that leaves'],
  'export.discard': ['반출 작업본 파기', 'Destroyed a working copy'],
  'export.deliver': ['반출 파일 전달', 'Handed a sealed file out'],
  'export.revoke': ['반출 파일 철회', 'Revoked a file that left'],
  'export.list': ['반출 목록 조회', 'Listed exports'],
  'disclosure.read': ['제3자 제공 한 건 열람', 'Read a disclosure'],
  'request.receive': ['정보주체 청구 접수', 'Received a request'],
  'request.continue': ['정보주체 청구 진행', 'Went on with a request'],
  'request.decide': ['정보주체 청구 결정', 'Decided a request'],
  'request.list': ['정보주체 청구 목록 조회', 'Read the requests'],
  'register.read': ['대장 열람', 'Read a register'],
  'request.read': ['정보주체 청구 조회', 'Read a request'],
  'visit.list': ['출입 기록 조회', 'Read the visitors’ book'],
  'attestation.record': ['약속 확인 기록', 'Recorded what was seen'],
  'ledger.records': ['열람기록 조회', 'Read records'],
  'footage.certify': ['파기 증명서 발급', 'Certify destruction'],
  'account.list': ['계정 조회', 'Read the accounts'],
  'account.appoint-technical': ['계정 발급', 'Gave an account'],
  'account.appoint-footage': ['영상 열람 권한 부여', 'Gave footage rights'],
  'account.change': ['임명 내용 변경', 'Changed an appointment'],
  'account.end': ['계정 종료', 'Ended an account'],
  'account.reset-technical': ['비밀번호 재설정 링크', 'Issued a reset link'],
  'account.reset-footage': ['비밀번호 재설정 링크(영상 권한)', 'Issued a reset link (footage)'],
  'session.sign-in': ['로그인', 'Signed in'],
  'session.sign-out': ['로그아웃', 'Signed out'],
  'session.unlock': ['잠금 해제', 'Unlocked'],
  'session.hand-over': ['근무 교대', 'Handed over'],
  'session.read': ['세션 조회', 'Read the session'],
  'house.doctor': ['주장 점검(공격해 보기)', 'Attacked the claims'],
  'site.publish': ['공개 자료 만들기', 'Write the public site'],
  'system.check': ['전체 점검', 'Checked everything'],
  'footage.allow-early': ['조기 파기 허용', 'Allowed early destruction'],
  'footage.revoke-early': ['조기 파기 규칙 철회', 'Took the rule on early destruction back'],
  'footage.destroy-early': ['기간 전 영상 파기', 'Destroyed footage before its time'],
  'footage.destroy-minutes': ['일부 영상 파기', 'Destroyed single minutes'],
  'footage.hold': ['영상 보전', 'Held footage'],
  'footage.renew-hold': ['보전 기간 연장', 'Renewed a hold'],
  'footage.release-hold': ['보전 해제', 'Released a hold'],
  'footage.list-holds': ['보전 목록 조회', 'Read the holds'],
  'footage.destroy-expired': ['만료 영상 파기', 'Destroyed what was due'],
  'records.destroy-expired': ['보관 기간이 끝난 기록 파기', 'Destroyed records whose time was up'],
  'system.repair': ['중단된 일 정리', 'Closed what a crash left open'],
};

const KINDS: Record<string, Pair> = {
  opened: ['원장 시작', 'Log opened'],
  alive: ['녹화기 가동 중', 'Recorder runs'],
  started: ['녹화기 시작', 'Recorder started'],
  stopped: ['녹화기 정지', 'Recorder stopped'],
  intent: ['행위', 'Act'],
  outcome: ['결과', 'Outcome'],
  served: ['제공 구간', 'Served so far'],
  refusal: ['거부', 'Refused'],
  proposal: ['승인 요청', 'Proposal'],
  approval: ['승인 결정', 'Decision'],
  account: ['계정 변경', 'Account changed'],
  credential: ['비밀번호 설정', 'Password set'],
  camera: ['카메라 대장 변경', 'Camera register changed'],
  plan: ['평면도 변경', 'Floor plan changed'],
  hold: ['보전 변경', 'Hold changed'],
  keys: ['키 생성', 'Keys made'],
  'vault-key': ['금고 키 교체', 'New vault key'],
  destroyed: ['키 파기', 'Keys destroyed'],
  'log-key': ['둘째 서명 열쇠', 'Second signing key'],
  holders: ['키 보관 장치 변경', 'Key holders changed'],
  witnesses: ['증인 변경', 'Witnesses changed'],
  policy: ['방침 공고', 'Policy announced'],
  promises: ['약속 점검', 'Promises looked at'],
  attestation: ['약속 확인', 'A person looked'],
  ticket: ['유지보수 작업표', 'Maintenance ticket'],
  visit: ['통제구역 출입', 'Visit of a controlled area'],
  request: ['정보주체 청구', 'Request of a person'],
  disclosure: ['제3자 제공·목적 외 이용', 'Disclosure to another body'],
  export: ['영상 반출', 'Footage exported'],
  'record-root': ['기록 열쇠 생성·파기', 'Record key made or destroyed'],
  'reel-closed': ['릴 봉인', 'Reel closed'],
  'reel-damaged': ['릴 손상 발견', 'Damaged reel found'],
  scrubbed: ['저장소 점검 완료', 'Everything read again'],
  doctor: ['주장 점검', 'Claims attacked'],
  site: ['공개 자료', 'Site published'],
  'early-rule': ['조기 파기 규칙 변경', 'Rule on early destruction changed'],
  'clock-step': ['시계 변동', 'Clock stepped'],
};

const OUTCOMES: Record<string, Pair> = {
  done: ['완료', 'Done'],
  failed: ['실패', 'Failed'],
  unknown: ['알 수 없음', 'Unknown'],
  approved: ['승인', 'Approved'],
  refused: ['반려', 'Refused'],
  withdrawn: ['철회', 'Withdrawn'],
  opened: ['작업표 열림', 'Ticket opened'],
  entered: ['접속 시작', 'Session began'],
  left: ['접속 끝', 'Session ended'],
  closed: ['작업표 닫힘', 'Ticket closed'],
  lapsed: ['작업표 시간 끝', 'Ticket’s time over'],
  arrived: ['방문', 'Came'],
  departed: ['나감', 'Left'],
  'consent-withdrawn': ['동의 거둠', 'Consent taken back'],
  received: ['접수', 'Received'],
  identified: ['본인 확인', 'Seen who asks'],
  compelled: ['긴급 결정(혼자)', 'Granted by one alone'],
  reviewed: ['사후 검토', 'Reviewed'],
  provided: ['제공', 'Given'],
  reported: ['받은 쪽의 통보', 'Recipient reported'],
  decided: ['결정', 'Decided'],
};

/** What Jikim claims of itself, as `jikim doctor --claims` names it. */
const CLAIMS: Record<string, Pair> = {
  'view-without-session': ['로그인 없이는 아무것도 볼 수 없다', 'Nothing is shown without signing in'],
  'view-without-purpose': ['목적 없이는 영상을 볼 수 없다', 'No footage is shown without a purpose'],
  'reel-without-key': ['열쇠 없이는 영상 파일을 열 수 없다', 'No reel opens without its key'],
  'destroyed-key': ['파기된 키는 어디에도 없다', 'A destroyed key is nowhere'],
  'destroyed-footage': ['파기된 영상은 다시 열리지 않는다', 'Destroyed footage opens no more'],
  'history-edited': ['공개된 원장을 고치면 드러난다', 'An edit of the published ledger shows'],
  'journal-edited': ['고친 기록으로는 다시 시작되지 않는다', 'Nothing starts on an edited journal'],
  'history-forked': ['증인은 다른 역사에 서명하지 않는다', 'A witness cosigns no second history'],
  'old-copy-put-back': ['되돌린 옛 복사본은 서명하지 못한다', 'An old copy that is put back signs nothing'],
};

const CLAIM_RESULTS: Record<string, Pair> = {
  held: ['지켜짐', 'Held'],
  broken: ['뚫림', 'Broken'],
  untested: ['해 볼 것이 없었음', 'Not tested'],
};

/** Why the rules refused, as the ledger keeps it. */
const REFUSAL_REASONS: Record<string, Pair> = {
  'no-role': ['역할에 없는 일', 'Not in the role'],
  'out-of-scope': ['맡은 범위 밖', 'Outside the scope'],
  'purpose-missing': ['목적 없음', 'No purpose'],
  'too-long-ago': ['볼 수 있는 기간보다 오래됨', 'Too long ago'],
  'too-much': ['한 번에 너무 많음', 'Too much at once'],
  locked: ['잠긴 화면', 'Controls locked'],
  'roles-clash': ['함께 가질 수 없는 역할', 'Roles that clash'],
  'still-already-taken': ['이미 찍은 시험 화면', 'Test picture taken already'],
  'wrong-credentials': ['이름 또는 비밀번호 틀림', 'Wrong name or password'],
  'too-many-attempts': ['너무 잦은 시도', 'Too many attempts'],
  'approval-missing': ['승인 없음', 'Not approved'],
  'own-decision': ['스스로 한 결정이나 스스로 접수한 이의신청', "A decision, or the entry of an objection, of one's own"],
  'own-request': ['스스로 접수한 청구', "A request received by oneself"],
  'own-disclosure': ['스스로 접수했거나 먼저 제공한 건', 'A disclosure begun by oneself'],
  'case-not-granted': ['승인되지 않은 건이거나 그 범위 밖', 'No granted case lets it out'],
  'mask-missing': ['가리지 않은 본인 영상', 'Others were not masked'],
  'own-proposal': ['스스로 올린 승인 요청', "One's own proposal"],
  'proposal-closed': ['이미 끝난 승인 요청', 'Proposal closed'],
  'too-soon': ['승인 뒤 하루가 지나지 않음', 'Approved less than a day ago'],
  'manager-missing': ['관리책임자 없음', 'No manager among the two'],
  'ticket-missing': ['열린 작업표 없음', 'No ticket'],
  'ticket-not-yet': ['작업표 시작 전', 'Ticket not begun'],
  'ticket-over': ['작업표 끝남', 'Ticket over'],
  'escort-missing': ['입회할 사람 없음', 'Nobody accompanies'],
  'clock-set-back': ['시계가 뒤로 감', 'Clock was set back'],
  'ticket-time-unfit': ['작업표 시간이 맞지 않음', 'Time of the ticket'],
  'appointment-not-yet': ['임기 시작 전', 'Appointment not begun'],
  'appointment-over': ['임기 끝남', 'Appointment over'],
  'off-duty': ['당번 아님', 'Off duty'],
  'not-a-contractor': ['수탁업체가 아님', 'Not a contractor'],
};

/** A word that the page does not know yet is shown as it came: true, if not pretty. */
function named(table: Record<string, Pair | null>, word: string): string {
  const pair = table[word];
  return pair ? say(...pair) : word;
}

export const ALL_ROLES = Object.keys(ROLES) as Role[];
export const ALL_PURPOSES = Object.keys(PURPOSES) as PurposeKind[];

export const roleName = (word: Role) => named(ROLES, word);
export const purposeName = (word: PurposeKind) => named(PURPOSES, word);
export const cameraStateName = (word: CameraState) => named(CAMERA_STATES, word);
export const cameraAdvice = (word: CameraState) => {
  const pair = CAMERA_ADVICE[word];
  return pair ? say(...pair) : null;
};
/** What a camera does with sound, which is never taken. */
export const soundName = (word: CameraSound | null | undefined) => (word ? named(SOUNDS, word) : '–');
export const suspectedName = (word: Suspected) => named(SUSPECTED, word);
export const suspectedAdvice = (word: Suspected) => named(SUSPECTED_ADVICE, word);
export const gapCauseName = (word: GapCause) => named(GAP_CAUSES, word);
export const healthStateName = (word: HealthState) => named(HEALTH_STATES, word);
export const partStateName = (word: PartState) => named(PART_STATES, word);
export const proposalStateName = (word: ProposalState) => named(PROPOSAL_STATES, word);
export const holdStateName = (word: HoldState) => named(HOLD_STATES, word);
export const ticketStateName = (word: TicketState) => named(TICKET_STATES, word);
export const promiseStateName = (word: PromiseState) => named(PROMISE_STATES, word);
export const policyStateName = (word: PolicyState) => named(POLICY_STATES, word);
export const seenName = (word: Seen) => named(SEEN, word);
export const taskKindName = (word: TaskKind) => named(TASK_KINDS, word);
export const severityName = (word: Severity) => named(SEVERITIES, word);
export const closeReasonName = (word: CloseReason) => named(CLOSE_REASONS, word);
export const actionName = (word: string) => named(ACTIONS, word);
export const entryKindName = (word: string) => named(KINDS, word);
export const claimName = (word: string) => named(CLAIMS, word);
export const claimResultName = (word: string) => named(CLAIM_RESULTS, word);
export const outcomeName = (word: string) => named({ ...OUTCOMES, ...REFUSAL_REASONS }, word);

/** Roles that let a person see footage; only a manager may give them. */
export const seesFootage = (role: Role) =>
  role === 'manager' || role === 'officer' || role === 'operator';
