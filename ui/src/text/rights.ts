import type { CellView, DraftColumn, DraftRow } from "../ipc/generated/ipc";
import { cell, type Cell } from "./en";
import { visible } from "./draw/hidden";
import { count, number } from "./time";

/** The adapter's word for several of a kind; English is all it speaks. */
export function several(kind: string): string {
  if (kind === "") return "rows";
  const word = visible(kind, 40);
  if (/(s|x|ch|sh)$/i.test(word)) return `${word}es`;
  return /[^aeiou]y$/i.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** "all 21 collections", "42 shown of 1,000 collections". */
function onRows(shown: number, total: number, kind: string): string {
  if (shown < total) return `${number(shown)} shown of ${number(total)} ${several(kind)}`;
  return total === 1 ? `1 ${kind === "" ? "row" : visible(kind, 40)}` : `all ${number(total)} ${several(kind)}`;
}

const VERBS = {
  all: (what: string) => `Allow ${what} on`,
  none: (what: string) => `Take ${what} away on`,
  mix: (what: string) => `Put ${what} back as it was on`,
};

export const rightsText = {
  edit: "Edit rights",
  editKey: (label: string) => `Edit the rights of ${label === "" ? "this key" : visible(label, 80)}`,
  gridOf: (label: string) => `Rights of ${label === "" ? "this key" : visible(label)}`,
  back: "Back to the keys",
  notDone: "not done yet",
  notDoneTitle: "The changes are kept here; nothing has been sent to the server",
  discard: "Discard",
  discardAll: "Discard all changes of the draft",
  showUnfinished: (label: string) => `Show the unfinished change of ${label === "" ? "a key" : visible(label, 80)}`,
  discardTitle: "Take every change back; Ctrl+Z brings them again",
  review: (n: number) => (n === 0 ? "Review changes" : `Review ${count(n, "change", "changes")}`),
  filter: (n: number) => `Filter ${count(n, "row", "rows")}`,
  filterLabel: "Filter the rows by name",
  show: "Rows shown",
  shows: { all: "All", allowed: "Allowed", changed: "Changed" },
  nothingShown: "Nothing to show",
  nothingMatches: (text: string) => `Nothing has “${visible(text, 60)}” in its name.`,
  nothingAllowed: "This key is allowed nothing by name.",
  nothingChanged: "Nothing is changed yet.",
  noRows: "The deployment lists nothing that this key could have rights on.",
  clear: "Show all rows",
  name: "Name",
  whyNot: "The rights of this key cannot be edited here.",
  stale: "This key has changed on the server since the draft was begun.",
  staleMore: "The review shows what is different. Your changes stay when you build on what the server has now.",
  rebase: "Build on the server’s state",
  notKept: "The draft could not be kept.",
  begun: "The change was begun, and cannot be shown yet.",
  unfinished: "A change of this key has no end yet.",
  unfinishedMore: "Its rights can be edited again afterwards.",
  unfinishedCount: (n: number) => count(n, "change unfinished", "changes unfinished"),
  showIt: "Show it",
  missing: "not on the server",
  draftKept: "Draft kept, not sent",
  draftNotKept: "Draft not kept",
  noDraft: "No changes",
  cells: (all: number, changed: number) =>
    changed === 0 ? count(all, "cell", "cells") : `${count(all, "cell", "cells")}, ${number(changed)} changed`,
  of: (some: number, all: number) => `${number(some)} of ${number(all)}`,

  was: (word: string) => `was ${word}`,
  bulkTitle: (to: keyof typeof VERBS, column: string | null, shown: number, total: number, kind: string) =>
    `${VERBS[to](column === null ? "every right" : visible(column, 40))} ${onRows(shown, total, kind)}?`,
  bulkText: (n: number) =>
    `${count(n, "cell changes", "cells change")} in the draft. Nothing is sent to the server yet.`,
  bulkHidden: "Rows that the filter hides stay as they are.",
  bulkYes: (n: number) => `Change ${count(n, "cell", "cells")}`,

  /** Names of the toggles in the head and in the rows. */
  toggleColumn: (to: keyof typeof VERBS, column: string | null, shown: number, total: number, kind: string) =>
    `${VERBS[to](column === null ? "every right" : visible(column, 40))} ${onRows(shown, total, kind)}`,
  toggleRow: (to: keyof typeof VERBS, resource: string) => `${VERBS[to]("every right")} ${visible(resource)}`,
  toggleState: { all: "all allowed", none: "none allowed", mixed: "partly allowed" },

  undo: (what: string) => `Undo: ${what}`,
  redo: (what: string) => `Redo: ${what}`,
  noUndo: "Nothing to undo",
  noRedo: "Nothing to redo",
  stepCells: (n: number) => count(n, "cell", "cells"),
};

/** What a cell of the editor says. */
export function rightCell(view: CellView, fields: string[] | null): Cell {
  if (view.state === "fields" && view.only?.length === 0) {
    return { glyph: "some", word: "no field", short: "0", title: "A rule that lets no field through" };
  }
  if (view.state === "inherited") {
    return { glyph: "same", word: `by ${visible(view.from, 40)}`, title: `Whatever ${visible(view.from)} says` };
  }
  return cell(view, fields);
}

function spoken(view: CellView, fields: string[] | null): string {
  if (view.state === "all") return "allowed";
  if (view.state === "none") return "not allowed";
  const { word } = rightCell(view, fields);
  if (view.state === "fields") return /field|all but/.test(word) ? word : `${word} fields`;
  return word;
}

/** "orders, write, allowed, was not allowed"; `why` is the reason why it cannot be edited. */
export function cellName(
  row: DraftRow,
  column: DraftColumn,
  at: number,
  view: CellView,
  changed: boolean,
  fields: string[] | null,
  why: string | null,
): string {
  const base = row.base[at];
  const parts = [
    visible(row.resource),
    visible(column.title),
    spoken(view, fields),
    changed && base !== undefined ? `was ${spoken(base, fields)}` : "",
    why === null ? "" : `locked: ${visible(why)}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** A step as undo names it: "orders, write", or how many cells it was. */
export function stepName(cells: { resource: string; column: string }[]): string {
  const [first] = cells;
  if (cells.length === 1 && first !== undefined) return `${visible(first.resource, 60)}, ${visible(first.column, 40)}`;
  return rightsText.stepCells(cells.length);
}

const WORDS = new Map([
  ["read", "see"],
  ["write", "write"],
]);
const ABLE = new Map([
  ["see", "visible"],
  ["write", "writable"],
]);
const word = (column: DraftColumn) => WORDS.get(column.action) ?? visible(column.title, 40);

export const fieldText = {
  panel: (resource: string) => `Fields of ${visible(resource)}`,
  column: word,
  head: "Field",
  meta: (column: DraftColumn, some: number, all: number) => {
    const able = ABLE.get(word(column));
    return able === undefined
      ? `${word(column)}: ${rightsText.of(some, all)}`
      : `${rightsText.of(some, all)} ${all === 1 ? "field" : "fields"} ${able}`;
  },
  box: (column: DraftColumn, field: string) => `${word(column)} ${visible(field)}`,
  modes: { none: "none", all: "all", only: "only these", except: "all but these" },
  modeOf: (column: DraftColumn) => `Fields to ${word(column)}`,
  both: "A rule that lists fields and excludes some of them.",
  noField: "The list is empty: no field. That is a rule, not the absence of one.",
  /** The sentence before its last word, and the word. */
  tomorrow: (column: DraftColumn, yes: boolean): [string, string] => {
    const able = ABLE.get(word(column)) ?? "included";
    const not = able === "visible" ? "be hidden" : `not be ${able}`;
    return ["A field added tomorrow will ", yes ? `be ${able}` : not];
  },
  store: (deployment: string) => `What ${visible(deployment, 60)} will store`,
  stores: (cell: CellView) => {
    switch (cell.state) {
      case "none":
        return "nothing allowed";
      case "all":
        return "allowed, no rule";
      case "fields":
        return [rule("only", cell.only), rule("all but", cell.except)].filter((part) => part !== "").join("; ");
      default:
        return rightCell(cell, null).word;
    }
  },
  unchanged: "unchanged",
  undeclared: "not declared",
  unknown: "The fields of this resource are not known. Add those that a rule should name.",
  add: "Add a field",
  addLabel: "Name of a field to add",
  previous: "Previous row",
  next: "Next row",
  close: "Close the field panel",
  reset: "Reset to server",
  done: "Done",
  changed: "changed",
  lints: {
    unseen: (fields: string[]) => `${names(fields)} can be written but not seen.`,
    contradiction: (fields: string[]) =>
      `${names(fields)} ${fields.length === 1 ? "is" : "are"} both selected and excluded; excluding wins.`,
    sensitive: (fields: string[]) => `Nothing is excluded, and ${names(fields)} may be sensitive.`,
  },
  fix: {
    unseen: (fields: string[]) => (fields.length === 1 ? "Don’t write it" : "Don’t write them"),
    contradiction: (fields: string[]) => (fields.length === 1 ? "Don’t select it" : "Don’t select them"),
    sensitive: (fields: string[]) => (fields.length === 1 ? "Hide it" : "Hide them"),
  },
};

function rule(word: string, names: string[] | null): string {
  if (names === null) return "";
  return `${word} ${names.length === 0 ? "an empty list, so no field" : names.map((name) => visible(name, 60)).join(", ")}`;
}

/** "tax_id", "tax_id and iban", "a, b, c and 4 more". */
export function names(fields: string[], most = 3): string {
  const shown = fields.slice(0, most).map((field) => visible(field, 60));
  if (fields.length > most) return `${shown.join(", ")} and ${number(fields.length - most)} more`;
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}
