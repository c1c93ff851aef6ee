// Something read from the server: what it is, or why it is not there.

import { type ApiError, asApiError } from './api';
import { session } from './session.svelte';

export class Resource<T> {
  value = $state.raw<T | null>(null);
  failure = $state<ApiError | null>(null);
  loading = $state(false);
  #turn = 0;

  constructor(private readonly read: () => Promise<T>) {}

  /** Reads again; an answer that a later one has overtaken is dropped. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const value = await this.read();
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = null;
    } catch (thrown) {
      if (turn === this.#turn) this.failure = asApiError(thrown);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  /**
   * Reads now and again each so many milliseconds; returns what stops it. For an `$effect`: while
   * the controls are locked nothing is asked, and once they are unlocked it begins anew.
   */
  keep(everyMs: number): () => void {
    if (session.locked) return () => undefined;
    void this.load();
    const timer = setInterval(() => {
      if (!document.hidden) void this.load();
    }, everyMs);
    return () => clearInterval(timer);
  }
}
