// One thing a person has ordered: whether it runs, and how it failed.

import { type ApiError, asApiError } from './api';

export class Task {
  running = $state(false);
  failure = $state<ApiError | null>(null);

  /** Runs it unless it runs already; true if it came out well. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.running) return false;
    this.running = true;
    this.failure = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.failure = asApiError(thrown);
      return false;
    } finally {
      this.running = false;
    }
  }
}
