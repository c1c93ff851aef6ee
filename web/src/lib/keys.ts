// Keys of a page that shows pictures.

/** Whether a key belongs to something that takes keys itself: a field, a button, a dialog. */
export function takenElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  if (!(target instanceof Element)) return false;
  if (target.closest('input, select, textarea, dialog')) return true;
  return (event.key === ' ' || event.key === 'Enter') && target.closest('button, a, summary') !== null;
}

/** The key's name; letters by their place on the keyboard, for the Korean input method has its own. */
export const keyName = (event: KeyboardEvent) =>
  event.code.startsWith('Key') ? event.code.slice(3).toLowerCase() : event.key;

export function toggleFullscreen(element: HTMLElement | undefined): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void element?.requestFullscreen().catch(() => undefined);
}
