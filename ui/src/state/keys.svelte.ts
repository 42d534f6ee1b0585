import type { Call } from "../ipc/client";
import type { KeyPage, KeyRow, KeySort } from "../ipc/generated/ipc";
import { EVERYTHING, type Filter } from "./filter";
import { Pages } from "./pages.svelte";

type Query = Filter & { sort: KeySort; descending: boolean };

/** The list of keys: what is asked for, which rows are here, where the user stands in it. */
export class Keys {
  filter = $state.raw<Filter>(EVERYTHING);
  sort = $state<KeySort>("name");
  descending = $state(false);
  /** Row that has, or would get, the focus. */
  active = $state(0);
  readonly pages: Pages<Query, KeyRow, KeyPage>;
  #activeId: string | null = null;
  /** Counts new questions: the list goes back to its top then. */
  asked = $state(0);

  constructor(call: Call) {
    this.pages = new Pages<Query, KeyRow, KeyPage>((query, offset, limit) =>
      call("keys_list", { ...query, offset, limit }),
    );
  }

  ask(): Promise<void> {
    this.active = 0;
    this.#activeId = null;
    this.asked += 1;
    return this.pages.ask({ ...this.filter, sort: this.sort, descending: this.descending });
  }

  narrow(filter: Filter): void {
    this.filter = filter;
    void this.ask();
  }

  /** A second click on the same column turns the order round; ages start with the oldest. */
  order(sort: KeySort): void {
    this.descending = this.sort === sort ? !this.descending : sort === "age";
    this.sort = sort;
    void this.ask();
  }

  move(index: number): void {
    this.active = Math.max(0, Math.min(index, this.pages.total - 1));
    this.#activeId = this.pages.row(this.active)?.id ?? null;
  }

  /** Reads again what is shown; whoever stood on a key stays on it. */
  async refresh(): Promise<void> {
    await this.pages.refresh();
    const id = this.#activeId;
    const at = id === null ? -1 : this.pages.find((row) => row.id === id);
    if (at !== -1) this.active = at;
    else this.active = Math.max(0, Math.min(this.active, this.pages.total - 1));
  }
}
