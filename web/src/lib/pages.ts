// Which pages a person sees in the navigation.

import { say } from './language.svelte';
import type { PageName } from './route.svelte';

export type Page = { name: PageName; ko: string; en: string; under?: PageName; title: () => string };

/** `under`: the page beside which it stands, so that the row of names above stays short. */
const ALL: { name: PageName; ko: string; en: string; needs: string[]; under?: PageName }[] = [
  { name: 'live', ko: '관제', en: 'Live', needs: ['live.watch', 'camera.pattern'] },
  { name: 'footage', ko: '재생', en: 'Footage', needs: ['footage.play'] },
  { name: 'holds', ko: '보전', en: 'Holds', needs: ['footage.list-holds'] },
  { name: 'requests', ko: '청구', en: 'Requests', needs: ['request.list'], under: 'holds' },
  { name: 'disclosures', ko: '제공', en: 'Disclosures', needs: ['disclosure.list'], under: 'holds' },
  { name: 'exports', ko: '반출', en: 'Exports', needs: ['export.list'], under: 'holds' },
  { name: 'cameras', ko: '카메라', en: 'Cameras', needs: ['camera.list'] },
  { name: 'plans', ko: '평면도', en: 'Plans', needs: ['plan.read'], under: 'cameras' },
  { name: 'approvals', ko: '승인', en: 'Approvals', needs: ['approval.list'] },
  { name: 'health', ko: '상태', en: 'Health', needs: ['health.read'] },
  { name: 'ledger', ko: '원장', en: 'Ledger', needs: ['ledger.read'] },
  { name: 'registers', ko: '대장', en: 'Registers', needs: ['register.read'], under: 'ledger' },
  { name: 'policy', ko: '방침', en: 'Policy', needs: ['policy.read'] },
  { name: 'institution', ko: '기관', en: 'Institution', needs: ['policy.read'], under: 'policy' },
  { name: 'signs', ko: '안내판', en: 'Signs', needs: ['policy.read'], under: 'policy' },
  { name: 'reading', ko: '방침 점검', en: 'Check a text', needs: ['attestation.record'], under: 'policy' },
  { name: 'promises', ko: '약속', en: 'Promises', needs: ['policy.read'] },
  { name: 'tasks', ko: '할 일', en: 'Tasks', needs: ['attestation.record', 'ledger.records'] },
  { name: 'accounts', ko: '계정', en: 'Accounts', needs: ['account.list'] },
  { name: 'tickets', ko: '작업표', en: 'Tickets', needs: ['ticket.list'], under: 'accounts' },
  { name: 'visits', ko: '출입 기록', en: 'Visitors', needs: ['visit.list'], under: 'tickets' },
];

/** The pages of which a person may do at least one action; a contractor's wall shows patterns. */
export function pagesFor(person: { can(action: string): boolean }): Page[] {
  return ALL.filter((page) => page.needs.some((action) => person.can(action))).map((page) => ({
    ...page,
    title: () => say(page.ko, page.en),
  }));
}

/** The page under which a page stands, among those that a person sees, and so on; itself, if under none. */
export function headOf(pages: Page[], page: PageName | null): PageName | null {
  const under = pages.find((known) => known.name === page)?.under;
  return under && pages.some((known) => known.name === under) ? headOf(pages, under) : page;
}

/** A page and those that stand under it, if there are any. */
export function besides(pages: Page[], page: PageName | null): Page[] {
  const head = headOf(pages, page);
  const group = pages.filter((known) => headOf(pages, known.name) === head);
  return group.length > 1 ? group : [];
}
