/* eslint svelte/prefer-svelte-reactivity: "off" -- maps and sets here are replaced as a whole, or nobody watches them */
import type { DraftRow } from "../../ipc/generated/ipc";
import { allowed, rowChanged } from "../draft/cells";
import { fitting, itemsOf, shownRows, type Show } from "./shown";

/** What of the draft is in sight: the filter, the rows it leaves, and where the focus is among them. */
export class Sight {
  text = $state("");
  show = $state<Show>("all");
  /** Place among the shown rows: row -1 is the head, column 0 the name. */
  place = $state.raw({ row: 0, column: 1 });
  /** Counts new questions: the grid goes back to its top then. */
  asked = $state(0);
  #kept = $state.raw(new Set<number>());
  readonly #rows: () => DraftRow[];
  /** The rows for whoever asks only what they are called, so that a change of rights asks nothing again. */
  readonly #names: () => DraftRow[];
  readonly shown = $derived.by(() => {
    const rows = this.show === "all" ? this.#names() : this.#rows();
    return shownRows(rows, this.text, this.show, this.#kept);
  });
  readonly items = $derived.by(() => itemsOf(this.#names(), this.shown));
  readonly allowed = $derived.by(() => this.#rows().filter(allowed).length);
  readonly changed = $derived.by(() => this.#rows().filter(rowChanged).length);
  /** Line of the grid that has the focus; -1 is the head. */
  readonly line = $derived.by(() => {
    const { row } = this.place;
    return row < 0 ? -1 : this.items.findIndex((item) => "row" in item && item.at === row);
  });
  /** Index of the row that has the focus. */
  readonly row = $derived.by(() => this.shown[this.place.row]);

  constructor(rows: () => DraftRow[], names: () => DraftRow[]) {
    this.#rows = rows;
    this.#names = names;
  }

  narrow(text: string) {
    this.text = text;
    this.#again();
  }

  choose(show: Show) {
    this.show = show;
    this.#again();
  }

  go(row: number, column: number) {
    this.place = { row, column };
  }

  /** Moves to a row that may be hidden by the filter: then the filter gives way. */
  goTo(row: number, column: number) {
    if (!this.shown.includes(row)) {
      this.text = "";
      this.show = "all";
    }
    this.go(this.shown.indexOf(row), column);
  }

  /** The next changed cell after the focus, round the end. */
  nextChange(isChanged: (row: number, column: number) => boolean, columns: number): boolean {
    const size = this.shown.length * columns;
    const start = Math.max(0, this.place.row) * columns + this.place.column - 1;
    for (let step = 1; step <= size; step += 1) {
      const at = (start + step + size) % size;
      const row = Math.floor(at / columns);
      if (!isChanged(this.shown[row] ?? -1, at % columns)) continue;
      this.go(row, (at % columns) + 1);
      return true;
    }
    return false;
  }

  /** Other rows are here: the focus stays on its row, and what was kept in sight stays there, wherever they are now. */
  moved(focused: number | undefined, to: (row: number) => number | null) {
    this.#kept = new Set([...this.#kept].map(to).filter((row) => row !== null));
    const row = focused === undefined ? null : to(focused);
    const at = row === null ? -1 : this.shown.indexOf(row);
    this.go(at === -1 ? Math.min(this.place.row, this.shown.length - 1) : at, this.place.column);
  }

  reset() {
    this.text = "";
    this.show = "all";
    this.#kept = new Set();
    this.place = { row: 0, column: 1 };
  }

  #again() {
    this.#kept = fitting(this.#rows(), this.show);
    this.place = { row: Math.min(0, this.shown.length - 1), column: this.place.column };
    this.asked += 1;
  }
}
