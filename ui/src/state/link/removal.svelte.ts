import { failure, type Call } from "../../ipc/client";
import type { Failure, RemovePreview } from "../../ipc/generated/ipc";

/** A deployment about to be removed. */
export class Removal {
  id = $state<string | null>(null);
  preview = $state.raw<RemovePreview | null>(null);
  confirmation = $state("");
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** It may be asked for: what goes is known, and its name is typed. */
  readonly ready = $derived.by(
    () => this.preview !== null && !this.busy && this.confirmation.trim() === this.preview.name.trim(),
  );
  #turn = 0;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async begin(id: string): Promise<void> {
    const mine = (this.#turn += 1);
    this.id = id;
    this.preview = null;
    this.confirmation = "";
    this.failure = null;
    this.busy = false;
    try {
      const preview = await this.#call("deployment_remove_preview", { deployment: id });
      if (mine === this.#turn) this.preview = preview;
    } catch (thrown) {
      if (mine === this.#turn) this.failure = failure(thrown);
    }
  }

  /** True once it is gone. */
  async remove(): Promise<boolean> {
    if (this.id === null || !this.ready) return false;
    const mine = this.#turn;
    this.busy = true;
    this.failure = null;
    try {
      await this.#call("deployment_remove", { deployment: this.id, confirmation: this.confirmation });
      return true;
    } catch (thrown) {
      if (mine === this.#turn) this.failure = failure(thrown);
      return false;
    } finally {
      if (mine === this.#turn) this.busy = false;
    }
  }
}
