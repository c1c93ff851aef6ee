// An article as people of the two languages write it: `Dec 25(1)2` is 시행령 제25조제1항제2호.

import { language } from './language.svelte';

const LAWS: Record<string, string> = {
  Act: '개인정보 보호법',
  Dec: '개인정보 보호법 시행령',
  Guide: '표준 개인정보 보호지침',
  Safe: '안전성 확보조치 기준',
};

const korean = (part: string): string => {
  const found = /^(?:(Act|Dec|Guide|Safe) )?(\d+)(?:\((\d+)\))?(\d+(?:[-,]\d+)?)?$/.exec(part);
  if (!found) return part;
  const [, law, article, paragraph, item] = found;
  const name = law ? `${LAWS[law]} ` : '';
  const items = item ? `제${item.replace('-', '호~제').replace(',', '호, 제')}호` : '';
  return `${name}제${article}조${paragraph ? `제${paragraph}항` : ''}${items}`;
};

export const articleName = (articles: string): string =>
  language() === 'ko' ? articles.split(', ').map(korean).join(', ') : articles;
