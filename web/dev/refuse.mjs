// How the mock says no.

/** To be thrown by a handler: status, code of the closed set, and a sentence in both languages. */
export function refuse(status, code, message_ko, message_en, more = {}) {
  return { status, error: { code, message_ko, message_en, ...more } };
}
