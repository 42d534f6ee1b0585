import { failure, type Call } from "../../ipc/client";
import type { Failure, RemovePreview } from "../../ipc/generated/ipc";

/** A deployment about to be removed. */
export class Removal {
  id = $state<string | null>(null);
  preview = $state.raw<RemovePreview | null>(null);
  confirmation = $state("");
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async begin(id: string): Promise<void> {
    this.id = id;
    this.preview = null;
    this.confirmation = "";
    this.failure = null;
    try {
      this.preview = await this.#call("deployment_remove_preview", { deployment: id });
    } catch (thrown) {
      this.failure = failure(thrown);
    }
  }

  /** True once it is gone. */
  async remove(): Promise<boolean> {
    if (this.id === null || this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await this.#call("deployment_remove", { deployment: this.id, confirmation: this.confirmation });
      return true;
    } catch (thrown) {
      this.failure = failure(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
