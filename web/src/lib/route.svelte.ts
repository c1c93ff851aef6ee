// Which page is shown: what stands behind `#/` in the address.

export const PAGES = ['live', 'footage', 'holds', 'requests', 'disclosures', 'exports', 'cameras', 'plans', 'approvals', 'health', 'ledger', 'registers', 'policy', 'institution', 'signs', 'reading', 'promises', 'tasks', 'tickets', 'visits', 'accounts'] as const;
export type PageName = (typeof PAGES)[number];

function read(): { page: PageName | null; fields: URLSearchParams } {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { page: PAGES.find((page) => page === path) ?? null, fields: new URLSearchParams(query) };
}

let current = $state(read());

window.addEventListener('hashchange', () => {
  current = read();
});

export const route = () => current;

export function go(page: PageName, fields: Record<string, string> = {}): void {
  const query = new URLSearchParams(fields).toString();
  location.hash = `/${page}${query ? `?${query}` : ''}`;
}
