import { failure, type Call } from "../../ipc/client";
import type { Failure, RotationRow } from "../../ipc/generated/ipc";

export type Shown = "open" | "waiting" | "all";
export type Order = "label" | "state" | "deployment" | "began";

/** Every operation that makes, replaces or ends a key; the open ones first. */
export class Rotations {
  rows = $state.raw<RotationRow[]>([]);
  ready = $state(false);
  failure = $state.raw<Failure | null>(null);
  text = $state("");
  show = $state<Shown>("all");
  order = $state<Order>("began");
  descending = $state(true);
  /** Row that has, or would get, the focus. */
  active = $state(0);
  /** Counts new questions: the list goes back to its top then. */
  asked = $state(0);
  readonly open = $derived(this.rows.filter(({ closed_at }) => closed_at === null));
  readonly waiting = $derived(this.rows.filter((row) => row.waits_for_you).length);
  readonly shown = $derived.by(() => {
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (row: RotationRow) =>
      (this.show === "all" || (this.show === "open" ? row.closed_at === null : row.waits_for_you)) &&
      words.every((word) => `${row.label} ${row.deployment_name}`.toLowerCase().includes(word));
    const turn = this.descending ? -1 : 1;
    const ended = (row: RotationRow) => Number(row.closed_at !== null);
    return this.rows
      .filter(fits)
      .sort((a, b) => ended(a) - ended(b) || turn * compared(a, b, this.order) || b.began_at - a.began_at);
  });
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Whoever stood on one stays on it. */
  async load(): Promise<void> {
    try {
      const rows = await this.#call("rotations_list", {});
      const id = this.shown[this.active]?.id;
      this.rows = rows;
      this.failure = null;
      const at = this.shown.findIndex((row) => row.id === id);
      if (at !== -1) this.active = at;
    } catch (thrown) {
      this.failure = failure(thrown);
    }
    this.ready = true;
    this.move(this.active);
  }

  has(id: string): boolean {
    return this.rows.some((row) => row.id === id);
  }

  narrow(text: string) {
    this.text = text;
    this.#again();
  }

  choose(show: Shown) {
    this.show = show;
    this.#again();
  }

  /** A second click on the same column turns the order round; times start with the newest. */
  sort(order: Order) {
    this.descending = this.order === order ? !this.descending : order === "began";
    this.order = order;
    this.#again();
  }

  move(index: number) {
    this.active = Math.max(0, Math.min(index, this.shown.length - 1));
  }

  #again() {
    this.active = 0;
    this.asked += 1;
  }
}

function compared(a: RotationRow, b: RotationRow, order: Order): number {
  switch (order) {
    case "label":
      return a.label.localeCompare(b.label);
    case "deployment":
      return a.deployment_name.localeCompare(b.deployment_name);
    case "state":
      return a.step.localeCompare(b.step);
    case "began":
      return a.began_at - b.began_at;
  }
}
