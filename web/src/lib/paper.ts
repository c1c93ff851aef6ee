// A document as content (docs/formats/document.md), as far as a policy is one: a paper.

export type Sentence = { text: string; promise?: string };
export type Cell = { text: string; columns?: number; is_label?: boolean };
export type Row = { cells: Cell[]; promise?: string };
export type Block =
  | { block: 'heading'; level: number; text: string }
  | { block: 'paragraph'; sentences: Sentence[] }
  | { block: 'list'; is_numbered: boolean; items: Sentence[] }
  | { block: 'table'; caption: string; head: string[]; rows: Row[] }
  | { block: 'note'; sentence: Sentence }
  | { block: 'page-break' };
export type Paper = { document: 'paper'; title: string; language: string; date: string; footer: string; blocks: Block[] };

/** The wire knows a document as an object only: what is no paper is none that a policy could be. */
export function paperOf(document: object | null | undefined): Paper | null {
  const paper = document as Partial<Paper> | null | undefined;
  return paper?.document === 'paper' && Array.isArray(paper.blocks) ? (paper as Paper) : null;
}

/** The promises that a block makes. */
function promisesOf(block: Block): string[] {
  const made = (parts: { promise?: string }[]) => parts.flatMap((part) => part.promise ?? []);
  switch (block.block) {
    case 'paragraph':
      return made(block.sentences);
    case 'list':
      return made(block.items);
    case 'table':
      return made(block.rows);
    case 'note':
      return made([block.sentence]);
    default:
      return [];
  }
}

/** Under which section's heading each promise stands first. */
export function headingsOfPromises(paper: Paper): Map<string, string> {
  const found = new Map<string, string>();
  let heading = '';
  for (const block of paper.blocks) {
    if (block.block === 'heading') heading = block.level === 1 ? block.text : heading;
    else for (const promise of promisesOf(block)) if (!found.has(promise)) found.set(promise, heading);
  }
  return found;
}

/** How many columns a table has: it is ragged nowhere. */
export const columnsOf = (head: string[], rows: Row[]) =>
  head.length || (rows[0]?.cells ?? []).reduce((sum, cell) => sum + (cell.columns ?? 1), 0);
