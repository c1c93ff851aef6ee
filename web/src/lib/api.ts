// Asks the server. Every failure is an ApiError with a sentence that says what to do.

import { say } from './language.svelte';
import type {
  Account,
  AccountLink,
  Accounts,
  Appointment,
  Attestation,
  Camera,
  CameraChange,
  Cameras,
  Claim,
  DisclosureCase,
  DisclosureConfirmation,
  DisclosureDecision,
  DisclosurePublication,
  DisclosureRemark,
  Disclosures,
  ErrorBody,
  ErrorCode,
  ExportPreparation,
  ExportProposal,
  ExportSealed,
  Exports,
  Floor,
  FloorChange,
  HandOver,
  EarlyDestruction,
  Health,
  Hold,
  HoldRelease,
  HoldRenewal,
  Holds,
  InstitutionView,
  LedgerPage,
  LedgerRecord,
  LetterKind,
  NewAccount,
  NewAttestation,
  NewCamera,
  NewDisclosure,
  NewExport,
  NewFloor,
  NewHold,
  NewMinutes,
  NewPlanPicture,
  NewProposal,
  NewRequest,
  NewTicket,
  PlanPicture,
  Plans,
  NewVisit,
  NewPolicyReading,
  PolicyDraft,
  PolicyReading,
  PolicyView,
  Promises,
  Proposal,
  Proposals,
  Purpose,
  RangePicture,
  Register,
  RegisterFormat,
  RegisterName,
  ReplaceDevice,
  RequestCase,
  RequestDecision,
  RequestObjection,
  RequestRemark,
  Requests,
  SealedExport,
  Session,
  SignIn,
  Still,
  Tasks,
  Ticket,
  TicketClosing,
  Tickets,
  Timeline,
  Visit,
  Visits,
} from './wire';

/** Which rows of a register: days in Korea, and the one camera or none for all. */
type RegisterAsked = { from: string; until: string; camera: string | null };

const BASE = '/api/v1';
const PATIENCE_MS = 30_000;
/** What waits for the witnesses of the ledger, and then destroys. */
const LONG_PATIENCE_MS = 180_000;

export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode | 'no-connection' | 'no-sense',
    readonly ko: string,
    readonly en: string,
    readonly retryAfterS: number | null = null,
  ) {
    super(en);
  }

  /** The sentence in the language of the page. */
  get text(): string {
    return say(this.ko, this.en);
  }
}

export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError(
    'no-sense',
    '화면에 오류가 났습니다. 새로 고침을 해 보십시오.',
    'Something broke in this page. Try reloading it.',
  );
}

let refused: (code: ApiError['code']) => void = () => {};

/** Whoever keeps the session hears of each refusal, to ask for the password or to sign out. */
export function onRefusal(listener: (code: ApiError['code']) => void): void {
  refused = listener;
}

async function failure(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as ErrorBody;
    return new ApiError(error.code, error.message_ko, error.message_en, error.retry_after_s ?? null);
  } catch {
    return new ApiError(
      'no-sense',
      `서버가 알 수 없는 답을 보냈습니다(${response.status}). 잠시 뒤 다시 해 보십시오.`,
      `The server's answer made no sense (${response.status}). Try again in a moment.`,
    );
  }
}

async function ask(method: string, path: string, body?: unknown, patienceMs = PATIENCE_MS): Promise<Response> {
  const headers: Record<string, string> = {};
  if (method !== 'GET') headers['X-Jikim-Request'] = '1';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch {
    throw new ApiError(
      'no-connection',
      '녹화기와 연결되지 않습니다. 네트워크를 확인하십시오.',
      'The recorder does not answer. Check the network.',
    );
  }
  if (!response.ok) {
    const error = await failure(response);
    refused(error.code);
    throw error;
  }
  return response;
}

async function value<T>(method: string, path: string, body?: unknown, patienceMs = PATIENCE_MS): Promise<T> {
  const response = await ask(method, path, body, patienceMs);
  return (await response.json()) as T;
}

const query = (fields: Record<string, string | number | null>) =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, field]) => (field === null ? [] : [[name, String(field)]])),
  ).toString();

/** Where what two people agreed to is carried out: the route says the act. */
const ACTS: Record<string, string> = { 'footage.allow-early': 'early-destruction', 'footage.destroy-minutes': 'single-minutes', 'policy.loosen': 'policy/proposals' };

export const api = {
  session: () => value<Session>('GET', '/session'),
  signIn: (body: SignIn) => value<Session>('POST', '/session', body),
  claim: (body: Claim) => value<Session>('POST', '/session/claim', body),
  signOut: () => ask('DELETE', '/session').then(() => undefined),
  unlock: (password: string) => value<Session>('POST', '/session/unlock', { password }),
  touch: () => value<Session>('POST', '/session/touch'),
  handOver: (body: HandOver) => value<Session>('POST', '/session/hand-over', body),

  accounts: () => value<Accounts>('GET', '/accounts'),
  appoint: (body: NewAccount) => value<AccountLink>('POST', '/accounts', body),
  changeAppointment: (id: string, body: Appointment) => value<Account>('POST', `/accounts/${id}/appointment`, body),
  endAccount: (id: string) => value<Account>('POST', `/accounts/${id}/end`),
  resetAccount: (id: string) => value<AccountLink>('POST', `/accounts/${id}/reset`),

  cameras: () => value<Cameras>('GET', '/cameras'),
  addCamera: (body: NewCamera) => value<Camera>('POST', '/cameras', body),
  changeCamera: (id: string, body: CameraChange) => value<Camera>('PATCH', `/cameras/${id}`, body),
  replaceDevice: (id: string, body: ReplaceDevice) =>
    value<Camera>('POST', `/cameras/${id}/replace`, body),
  retireCamera: (id: string, reason: string) =>
    value<Camera>('POST', `/cameras/${id}/retire`, { reason }),
  shortenRetention: (id: string, retention_max_s: number) =>
    value<Camera>('POST', `/cameras/${id}/retention`, { retention_max_s }),
  range: (id: string) => value<RangePicture>('GET', `/cameras/${id}/range`),
  setRange: (id: string, picture_base64: string | null) => value<Camera>('POST', `/cameras/${id}/range`, { picture_base64 }),
  still: (id: string, purpose: Purpose) => value<Still>('POST', `/cameras/${id}/still`, { purpose }),
  pattern: (id: string) => ask('GET', `/cameras/${id}/pattern`).then(() => undefined),

  proposals: () => value<Proposals>('GET', '/proposals'),
  propose: (body: NewProposal) => value<Proposal>('POST', '/proposals', body),
  decide: ({ year, number }: Proposal, approves: boolean) =>
    value<Proposal>('POST', `/proposals/${year}/${number}/decide`, { approves }),
  carryOut: ({ year, number, action }: Proposal) => {
    const act = ACTS[action] ?? 'proposals';
    return value<Proposal>('POST', `/${act}/${year}/${number}/carry-out`, undefined, LONG_PATIENCE_MS);
  },
  proposeMinutes: (body: NewMinutes) => value<Proposal>('POST', '/single-minutes', body),
  proposeEarly: (reason: string) => value<Proposal>('POST', '/early-destruction', { reason }),
  revokeEarly: () => value<EarlyDestruction>('POST', '/early-destruction/revoke'),

  holds: () => value<Holds>('GET', '/holds'),
  exports: () => value<Exports>('GET', '/exports'),
  prepareExport: (body: NewExport) => value<ExportPreparation>('POST', '/exports', body),
  exportClip: (copy: string, clip: number) => ask('GET', `/exports/copies/${copy}/clips/${clip}`, undefined, LONG_PATIENCE_MS).then((response) => response.blob()),
  exportBoxes: (copy: string, clip: number) => ask('GET', `/exports/copies/${copy}/boxes/${clip}`, undefined, LONG_PATIENCE_MS).then((response) => response.blob()),
  exportOriginal: (copy: string, clip: number) => ask('GET', `/exports/copies/${copy}/originals/${clip}`, undefined, LONG_PATIENCE_MS).then((response) => response.blob()),
  proposeExport: (copy: string, reason: string) => value<ExportProposal>('POST', `/exports/copies/${copy}/proposal`, { reason }),
  decideExport: (year: number, number: number, approves: boolean) => ask('POST', `/proposals/${year}/${number}/decide`, { approves }),
  sealExport: (copy: string) => value<ExportSealed>('POST', `/exports/copies/${copy}/seal`, undefined, LONG_PATIENCE_MS),
  discardExport: (copy: string) => value<Exports>('POST', `/exports/copies/${copy}/destruction`),
  exportFile: (year: number, number: number) => ask('GET', `/exports/${year}/${number}`, undefined, LONG_PATIENCE_MS).then((response) => response.blob()),
  revokeExport: (year: number, number: number, reason: string) => value<SealedExport>('POST', `/exports/${year}/${number}/revocation`, { reason }),
  placeHold: (body: NewHold) => value<Hold>('POST', '/holds', body),
  renewHold: (id: string, body: HoldRenewal) => value<Hold>('POST', `/holds/${id}/renew`, body),
  releaseHold: (id: string, body: HoldRelease) => value<Hold>('POST', `/holds/${id}/release`, body),

  policy: (version: number | null) => value<PolicyView>('GET', version === null ? '/policy' : `/policy/${version}`),
  readPublished: (body: NewPolicyReading) => value<PolicyReading>('POST', '/policy/reading', body),
  draftPolicy: (description: string) => value<PolicyDraft>('POST', '/policy/draft', { description }),
  proposePolicy: (description: string, reason: string) => value<Proposal>('POST', '/policy/proposals', { description, reason }),
  announcePolicy: (description: string) => value<PolicyView>('POST', '/policy', { description }),
  institution: () => value<InstitutionView>('GET', '/institution'),
  promises: () => value<Promises>('GET', '/promises'),
  tasks: () => value<Tasks>('GET', '/tasks'),
  tickets: () => value<Tickets>('GET', '/tickets'),
  openTicket: (body: NewTicket) => value<Ticket>('POST', '/tickets', body),
  closeTicket: ({ year, number }: Ticket, body: TicketClosing) => value<Ticket>('POST', `/tickets/${year}/${number}/close`, body),
  visits: () => value<Visits>('GET', '/visits'),
  enterVisit: (body: NewVisit) => value<Visit>('POST', '/visits', body),
  leaveVisit: ({ year, number }: Visit) => value<Visit>('POST', `/visits/${year}/${number}/leave`, {}),
  withdrawVisit: ({ year, number }: Visit) => value<Visit>('POST', `/visits/${year}/${number}/withdraw`, {}),
  register: (name: RegisterName, asked: RegisterAsked) =>
    value<Register>('GET', `/registers/${name}?${query({ ...asked })}`, undefined, LONG_PATIENCE_MS),
  registerFile: async (name: RegisterName, asked: RegisterAsked, format: RegisterFormat) => {
    const response = await ask('GET', `/registers/${name}?${query({ ...asked, format })}`, undefined, LONG_PATIENCE_MS);
    return { blob: await response.blob(), title: `${name}-${asked.from}-${asked.until}.${format}` };
  },
  requests: () => value<Requests>('GET', '/requests'),
  receiveRequest: (body: NewRequest) => value<RequestCase>('POST', '/requests', body),
  readRequest: (number: string) => value<RequestCase>('GET', `/requests/${number}`),
  continueRequest: (number: string, step: 'identity' | 'answer' | 'withdrawal', body: RequestRemark) =>
    value<RequestCase>('POST', `/requests/${number}/${step}`, body),
  objectToRequest: (number: string, body: RequestObjection) => value<RequestCase>('POST', `/requests/${number}/objection`, body),
  decideRequest: (number: string, body: RequestDecision) => value<RequestCase>('POST', `/requests/${number}/decision`, body),
  disclosures: () => value<Disclosures>('GET', '/disclosures'),
  receiveDisclosure: (body: NewDisclosure) => value<DisclosureCase>('POST', '/disclosures', body),
  readDisclosure: (number: string) => value<DisclosureCase>('GET', `/disclosures/${number}`),
  decideDisclosure: (number: string, body: DisclosureDecision) => value<DisclosureCase>('POST', `/disclosures/${number}/decision`, body),
  compelDisclosure: (number: string, body: DisclosureConfirmation) => value<DisclosureCase>('POST', `/disclosures/${number}/compulsion`, body),
  publishDisclosure: (number: string, body: DisclosurePublication) => value<DisclosureCase>('POST', `/disclosures/${number}/publication`, body),
  continueDisclosure: (number: string, step: 'review' | 'provision' | 'report' | 'withdrawal', body: DisclosureRemark) =>
    value<DisclosureCase>('POST', `/disclosures/${number}/${step}`, body),
  letter: (number: string, kind: LetterKind, fields: Record<string, string | null>) =>
    ask('GET', `/requests/${number}/letters/${kind}?${query(fields)}`, undefined, LONG_PATIENCE_MS).then((response) => response.blob()),
  attest: (body: NewAttestation) => value<Attestation>('POST', '/attestations', body),

  plans: () => value<Plans>('GET', '/plans'),
  addFloor: (body: NewFloor) => value<Floor>('POST', '/plans', body),
  changeFloor: (id: string, body: FloorChange) => value<Floor>('PATCH', `/plans/${id}`, body),
  removeFloor: (id: string, revision: string) => value<Floor>('POST', `/plans/${id}/remove`, { revision }),
  planPicture: (id: string) => value<PlanPicture>('GET', `/plans/${id}/picture`),
  setPlanPicture: (id: string, body: NewPlanPicture) => value<Floor>('POST', `/plans/${id}/picture`, body),

  timeline: (camera: string, from: string, to: string) =>
    value<Timeline>('GET', `/footage/timeline?${query({ camera, from, to })}`),
  health: () => value<Health>('GET', '/health'),
  ledger: (before: string | null, limit: number) =>
    value<LedgerPage>('GET', `/ledger?${query({ before, limit })}`),
  entry: (year: number, number: number) => value<LedgerRecord>('GET', `/ledger/${year}/${number}`),
  record: (year: number, number: number, purpose: Purpose) =>
    value<LedgerRecord>('POST', `/ledger/${year}/${number}/record`, { purpose }),
  proof: (year: number, number: number) =>
    ask('GET', `/ledger/${year}/${number}/proof`).then((response) => response.text()),
};

/** Address of a WebSocket of this server. */
export const socketAddress = (path: string) =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${BASE}${path}`;
