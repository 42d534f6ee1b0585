/* eslint svelte/prefer-svelte-reactivity: "off" -- the map is replaced as a whole */
import { failure, type Call } from "../ipc/client";
import type { Failure, KeyDetail, ResourceRef, RightsPage, RightsRow } from "../ipc/generated/ipc";
import { Pages } from "./pages.svelte";

type Rights = Pages<{ key: string; text: string }, RightsRow, RightsPage>;

export type Tab = "rights" | "limits" | "life";

/** The key in the side panel. */
export class Opened {
  id = $state<string | null>(null);
  detail = $state.raw<KeyDetail | null>(null);
  /** Another key was asked for, and `detail` still shows the one before: a look at it, nothing to act on. */
  readonly turning = $derived.by(() => this.detail !== null && this.detail.row.id !== this.id);
  failure = $state.raw<Failure | null>(null);
  tab = $state<Tab>("rights");
  text = $state("");
  /** Changes together with `detail`, so that cells always stand under their own columns. */
  rights = $state.raw() as Rights;
  /** Fields of resources that came without them, by name. */
  fields = $state.raw<ReadonlyMap<string, string[] | null>>(new Map());
  #asking = false;
  #shown: [number, number] = [0, -1];
  /** The key for which asking failed. */
  #unanswered: string | null = null;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
    this.rights = this.#pages();
  }

  /** Its place is made at once; it is read when the time for it has come, unless another was opened by then. */
  async open(id: string, time?: Promise<void>): Promise<void> {
    if (id === this.id) return;
    this.id = id;
    this.text = "";
    this.#unanswered = null;
    if (time !== undefined) {
      await time;
      if (this.id !== id) return;
    }
    await this.load();
  }

  close() {
    this.id = null;
    this.detail = null;
    this.failure = null;
    this.fields = new Map();
  }

  async load(): Promise<void> {
    const id = this.id;
    if (id === null) return;
    const again = this.detail?.row.id === id;
    const rights = again ? this.rights : this.#pages();
    try {
      const [detail] = await Promise.all([
        this.#call("key_show", { key: id }),
        again ? rights.refresh() : rights.ask({ key: id, text: this.text }),
      ]);
      if (this.id !== id) return;
      if (!again) this.fields = new Map();
      this.rights = rights;
      this.detail = detail;
      this.failure = null;
    } catch (thrown) {
      if (this.id !== id) return;
      this.failure = failure(thrown);
      // The one before is not what was asked for, neither by name nor for a shortcut.
      if (!again) this.detail = null;
    }
  }

  narrow(text: string) {
    this.text = text;
    if (this.id !== null) void this.rights.ask({ key: this.id, text });
  }

  /**
   * Asks for the fields of the shown rows that need them to be counted: once each, one after the other, and not
   * again for this key after a failure.
   */
  async wantFields(first: number, last: number): Promise<void> {
    this.#shown = [first, last];
    if (this.#asking) return;
    this.#asking = true;
    for (let next = this.#lacking(); next !== null; next = this.#lacking()) {
      const key = this.id;
      try {
        const { fields } = await this.#call("resource_fields", next);
        if (this.id === key) this.fields = new Map([...this.fields, [next.resource, fields]]);
      } catch {
        // Offline is normal: the cells keep saying "4 fields".
        if (this.id === key) this.#unanswered = key;
      }
    }
    this.#asking = false;
  }

  #lacking(): ResourceRef | null {
    const { id, detail } = this;
    if (id === null || detail?.row.id !== id || this.#unanswered === id) return null;
    const [first, last] = this.#shown;
    for (let index = first; index <= last; index += 1) {
      const row = this.rights.row(index);
      if (row?.fields !== null || !row.exists || this.fields.has(row.resource)) continue;
      if (row.cells.some((cell) => cell.state === "fields")) {
        return { deployment: detail.row.deployment, resource: row.resource };
      }
    }
    return null;
  }

  #pages(): Rights {
    return new Pages((query, offset, limit) => this.#call("key_rights", { ...query, offset, limit }));
  }
}
