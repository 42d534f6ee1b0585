/* eslint svelte/prefer-svelte-reactivity: "off" -- maps and sets here are replaced as a whole, or nobody watches them */
import type { Call } from "../../ipc/client";
import type { DraftRow } from "../../ipc/generated/ipc";

/** Fields of resources: those that came with the draft, and those asked for when somebody looks. */
export class FieldNames {
  #known = $state.raw<ReadonlyMap<string, string[] | null>>(new Map());
  #asked = new Map<string, Promise<void>>();
  #queue: DraftRow[] = [];
  #asking = false;
  deployment: string | null = null;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  of(row: DraftRow): string[] | null {
    return row.fields ?? this.#known.get(row.resource) ?? null;
  }

  /** Asks once; whoever asks meanwhile waits for the same answer. */
  want(row: DraftRow): Promise<void> {
    const { deployment } = this;
    if (deployment === null || row.fields !== null || !row.exists) return Promise.resolve();
    const asked = this.#asked.get(row.resource) ?? this.#ask(deployment, row.resource);
    this.#asked.set(row.resource, asked);
    return asked;
  }

  async #ask(deployment: string, resource: string): Promise<void> {
    try {
      const { fields } = await this.#call("resource_fields", { deployment, resource });
      if (this.deployment === deployment) this.#known = new Map([...this.#known, [resource, fields]]);
    } catch {
      // Offline is normal: then the rule's own names are all there is, and the others are not asked for either.
      this.#queue = [];
    }
  }

  /** Asks for rows whose rules are to be counted, one after the other; the newest question counts. */
  async wantAll(rows: DraftRow[]): Promise<void> {
    this.#queue = rows;
    if (this.#asking) return;
    this.#asking = true;
    for (let row = this.#queue.shift(); row !== undefined; row = this.#queue.shift()) await this.want(row);
    this.#asking = false;
  }

  forget() {
    this.#queue = [];
    this.#known = new Map();
    this.#asked = new Map();
    this.deployment = null;
  }
}
