// The language of the pages: Korean first, English by a switch.

export type Language = 'ko' | 'en';

const KEPT_UNDER = 'jikim.language';

function kept(): Language {
  return localStorage.getItem(KEPT_UNDER) === 'en' ? 'en' : 'ko';
}

let current = $state<Language>(kept());

export function language(): Language {
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  localStorage.setItem(KEPT_UNDER, next);
  document.documentElement.lang = next;
}

/** The text in the language of the page. Both stand side by side so that neither is forgotten. */
export function say(ko: string, en: string): string {
  return current === 'ko' ? ko : en;
}
