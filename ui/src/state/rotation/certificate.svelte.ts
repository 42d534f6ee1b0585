import type { Call } from "../../ipc/client";
import type { CertificateView } from "../../ipc/generated/ipc";
import { Attempts } from "./attempt.svelte";
import { readBody, type Body } from "./body";

/** A certificate, and whether it is what was sealed. */
export class Certificates {
  view = $state.raw<CertificateView | null>(null);
  /** What it says; `null` when this window cannot read it. */
  body = $state.raw<Body | null>(null);
  readonly attempts = new Attempts();
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async load(operation: string): Promise<void> {
    await this.attempts.run(async (still) => {
      const view = await this.#call("certificate_show", { operation });
      if (!still()) return;
      this.view = view;
      this.body = readBody(view.body);
    });
  }

  /** Where it was saved; `null` when it was not. */
  async save(): Promise<string | null> {
    const { view } = this;
    if (view === null) return null;
    let path: string | null = null;
    await this.attempts.run(async () => {
      ({ path } = await this.#call("certificate_save", { operation: view.operation }));
    });
    return path;
  }

  forget() {
    this.attempts.forget();
    this.view = this.body = null;
  }
}
