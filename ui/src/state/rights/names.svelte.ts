/* eslint svelte/prefer-svelte-reactivity: "off" -- maps and sets here are replaced as a whole, or nobody watches them */
import type { Call } from "../../ipc/client";
import type { DraftRow } from "../../ipc/generated/ipc";

/** Fields of resources: those that came with the draft, and those asked for when somebody looks. */
export class FieldNames {
  #known = $state.raw<Record<string, string[] | null>>({});
  #asked = new Set<string>();
  #queue: DraftRow[] = [];
  #asking = false;
  deployment: string | null = null;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  of(row: DraftRow): string[] | null {
    return row.fields ?? this.#known[row.resource] ?? null;
  }

  /** Asks once; being offline is normal, then the rule's own names are all there is. */
  async want(row: DraftRow): Promise<void> {
    const { deployment } = this;
    if (deployment === null || row.fields !== null || !row.exists || this.#asked.has(row.resource)) return;
    this.#asked.add(row.resource);
    try {
      const { fields } = await this.#call("resource_fields", { deployment, resource: row.resource });
      this.#known = { ...this.#known, [row.resource]: fields };
    } catch {
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
    this.#known = {};
    this.#asked = new Set();
    this.deployment = null;
  }
}
