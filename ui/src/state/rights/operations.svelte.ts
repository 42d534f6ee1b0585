import type { Call } from "../../ipc/client";
import type { OperationView } from "../../ipc/generated/ipc";

/** Changes on their way to a server that have no end yet. */
export class Operations {
  open = $state.raw<OperationView[]>([]);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async load(): Promise<void> {
    try {
      this.open = await this.#call("operations_open", {});
    } catch {
      // The next event asks again; a line in the status bar is not worth a banner.
    }
  }

  of(key: string | null): OperationView | null {
    return this.open.find((operation) => operation.key === key) ?? null;
  }
}
