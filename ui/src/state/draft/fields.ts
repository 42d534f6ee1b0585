import type { CellView, DraftColumn, DraftRow } from "../../ipc/generated/ipc";
import { ALL, NONE } from "./cells";

/** How a cell deals with fields. `both`: a rule that selects and excludes. */
export type Mode = "none" | "all" | "only" | "except" | "both" | "fixed";

type Rules = Pick<DraftColumn, "only" | "except">;

export function mode(cell: CellView): Mode {
  switch (cell.state) {
    case "none":
    case "all":
      return cell.state;
    case "fields":
      if (cell.only !== null) return cell.except === null ? "only" : "both";
      return cell.except === null ? "all" : "except";
    default:
      return "fixed";
  }
}

export function allows(cell: CellView, field: string): boolean {
  if (cell.state !== "fields") return cell.state === "all";
  return (cell.only?.includes(field) ?? true) && !(cell.except?.includes(field) ?? false);
}

/** A field that the resource gets later. */
export function tomorrow(cell: CellView): boolean {
  return cell.state === "all" || (cell.state === "fields" && cell.only === null);
}

const only = (names: string[]): CellView => ({ state: "fields", only: names, except: null });
const except = (names: string[]): CellView => ({ state: "fields", only: null, except: names });

/** The same fields under another kind of rule, as far as the known fields say. */
export function withMode(cell: CellView, wanted: Mode, fields: string[]): CellView {
  switch (wanted) {
    case "none":
      return NONE;
    case "all":
      return ALL;
    case "only":
      return only(fields.filter((field) => allows(cell, field)));
    case "except":
      return except(cell.state === "none" ? [] : fields.filter((field) => !allows(cell, field)));
    default:
      return cell;
  }
}

/**
 * One field allowed or not. The last field taken from a list leaves the empty list, "no field", which is not "none";
 * the last exclusion taken back leaves no rule.
 */
export function withField(cell: CellView, field: string, on: boolean, fields: string[], rules: Rules): CellView {
  if (allows(cell, field) === on) return cell;
  const without = (names: string[]) => names.filter((name) => name !== field);
  if (cell.state === "none") return rules.only ? only([field]) : except(without(fields));
  if (cell.state === "all") return rules.except ? except([field]) : only(without(fields));
  if (cell.state !== "fields") return cell;
  if (!on) {
    return cell.only === null
      ? except([...(cell.except ?? []), field])
      : { ...cell, only: without(cell.only), except: cell.except };
  }
  const names = cell.only === null ? null : cell.only.includes(field) ? cell.only : [...cell.only, field];
  const left = cell.except === null ? [] : without(cell.except);
  if (names === null && left.length === 0) return ALL;
  return { state: "fields", only: names, except: left.length === 0 ? null : left };
}

/** Every field that is known or named by a rule, the declared ones first. */
export function namesOf(row: DraftRow, fields: string[] | null): { name: string; declared: boolean }[] {
  const declared = fields ?? [];
  const named = [...row.base, ...row.now].flatMap((cell) =>
    cell.state === "fields" ? [...(cell.only ?? []), ...(cell.except ?? [])] : [],
  );
  const more = [...new Set(named)].filter((name) => !declared.includes(name)).sort();
  return [
    ...declared.map((name) => ({ name, declared: true })),
    ...more.map((name) => ({ name, declared: fields === null })),
  ];
}

const SENSITIVE = /passw|passphrase|secret|token|ssn|social_?security|iban|card_?num|cvv|cvc|\bpin\b|private_?key/i;

export type Lint =
  | { kind: "unseen"; fields: string[] }
  | { kind: "contradiction"; column: number; fields: string[] }
  | { kind: "sensitive"; fields: string[] };

/** What is probably not meant. `see` and `write` are columns; -1 where the grid has none. */
export function lints(cells: CellView[], see: number, write: number, names: string[]): Lint[] {
  const found: Lint[] = [];
  const seeing = cells[see];
  const writing = cells[write];
  if (seeing !== undefined && writing?.state === "fields" && seeing.state !== "locked") {
    const unseen = names.filter((name) => allows(writing, name) && !allows(seeing, name));
    if (unseen.length > 0) found.push({ kind: "unseen", fields: unseen });
  } else if (seeing?.state === "fields" && writing?.state === "all") {
    const unseen = names.filter((name) => !allows(seeing, name));
    if (unseen.length > 0) found.push({ kind: "unseen", fields: unseen });
  }
  cells.forEach((cell, column) => {
    if (cell.state !== "fields") return;
    const twice = (cell.only ?? []).filter((name) => cell.except?.includes(name) ?? false);
    if (twice.length > 0) found.push({ kind: "contradiction", column, fields: twice });
  });
  if (seeing?.state === "all" || (seeing?.state === "fields" && seeing.only === null && seeing.except?.length === 0)) {
    const sensitive = names.filter((name) => SENSITIVE.test(name));
    if (sensitive.length > 0) found.push({ kind: "sensitive", fields: sensitive });
  }
  return found;
}
