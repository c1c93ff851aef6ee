// Who is signed in, what that person may do, and whether the controls are locked.

import { api, ApiError, asApiError, onRefusal } from './api';
import { millis } from './time';
import type { Permission, Session } from './wire';

const ASK_EVERY_MS = 20_000;
const TOUCH_EVERY_MS = 30_000;

class SessionKeeper {
  current = $state<Session | null>(null);
  /** Whether the first answer has come. */
  known = $state(false);
  /** Why the session could not be read, when that is not simply "nobody is signed in". */
  failure = $state<ApiError | null>(null);

  #touchedAt = 0;
  #lockTimer = 0;

  locked = $derived(this.current?.state === 'locked');

  take(session: Session | null): void {
    this.current = session;
    this.known = true;
    this.failure = null;
    clearTimeout(this.#lockTimer);
    if (session?.state === 'active') {
      // A moment late, so that the server has locked by its own clock when we ask.
      const wait = Math.max(1000, millis(session.locks_at) - Date.now() + 500);
      this.#lockTimer = window.setTimeout(() => void this.refresh(), Math.min(wait, 2 ** 30));
    }
  }

  async refresh(): Promise<void> {
    try {
      this.take(await api.session());
    } catch (thrown) {
      const error = asApiError(thrown);
      if (error.code === 'not-signed-in') this.take(null);
      else this.failure = error;
      this.known = true;
    }
  }

  permission(action: string): Permission | undefined {
    return this.current?.permissions.find((permission) => permission.action === action);
  }

  can(action: string): boolean {
    return this.permission(action) !== undefined;
  }

  /** Called at each key and pointer press: keeps the controls from locking. */
  touched(): void {
    const now = Date.now();
    if (this.current?.state !== 'active' || now - this.#touchedAt < this.#touchPause()) return;
    this.#touchedAt = now;
    api.touch().then(
      (session) => this.take(session),
      () => void this.refresh(),
    );
  }

  /** Well within the idle limit, however short it is set. */
  #touchPause(): number {
    return Math.min(TOUCH_EVERY_MS, ((this.current?.idle_limit_s ?? 60) * 1000) / 3);
  }

  start(): void {
    onRefusal((code) => {
      if (code === 'not-signed-in' && this.current) this.take(null);
      if (code === 'locked') void this.refresh();
    });
    void this.refresh();
    setInterval(() => {
      if (this.current || this.failure) void this.refresh();
    }, ASK_EVERY_MS);
  }
}

export const session = new SessionKeeper();
