import { failure } from "../../ipc/client";
import type { Failure } from "../../ipc/generated/ipc";

/** One thing at a time, with what went wrong; what is no longer asked for changes nothing. */
export class Attempts {
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  #turn = 0;

  /** True when it went well. */
  async run(act: (still: () => boolean) => Promise<void>): Promise<boolean> {
    const mine = (this.#turn += 1);
    const still = () => mine === this.#turn;
    this.busy = true;
    this.failure = null;
    try {
      await act(still);
      return still();
    } catch (thrown) {
      if (still()) this.failure = failure(thrown);
      return false;
    } finally {
      if (still()) this.busy = false;
    }
  }

  forget() {
    this.#turn += 1;
    this.busy = false;
    this.failure = null;
  }
}
