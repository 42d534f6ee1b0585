import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Call } from "../../ipc/client";
import { EFFECTS, type Commands, type DraftSave } from "../../ipc/generated/ipc";
import { transport } from "../../ipc/sample/sample";
import { Editor } from "./editor.svelte";

let saves: DraftSave[] = [];
let broken = false;
/** Rows that were read wait here before they arrive. */
let held: Promise<void> | null = null;
/** A row has come before all others. */
let inserted = false;

const call = (async (name, args) => {
  if (name === "draft_save") {
    if (broken) throw Object.assign(new Error(), { code: "disk_full", params: { folder: "/x" } });
    saves.push(args as DraftSave);
  }
  const answer = await transport.call(EFFECTS[name], name, args);
  if (name === "draft_rows") await held;
  if (name === "draft_rows" && inserted) {
    const { rows, ...page } = answer as Commands["draft_rows"][2];
    const row = rows.find(({ locked }) => locked === null);
    return { ...page, total: page.total + 1, rows: [{ ...row, resource: "aardvarks" }, ...rows] };
  }
  return answer;
}) as Call;

const KEY = "d1-k9";
let editor: Editor;

beforeEach(async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  saves = [];
  broken = false;
  held = null;
  inserted = false;
  editor = new Editor(call);
  await editor.open(KEY);
});

afterEach(async () => {
  editor.reset(null);
  await editor.flush();
  vi.useRealTimers();
});

const at = (resource: string) => editor.rows.findIndex((row) => row.resource === resource);
const states = (column: number, rows = editor.sight.shown) => rows.map((row) => editor.cell({ row, column })?.state);

describe("a draft", () => {
  it("is kept a moment after the last change, changed rows only", async () => {
    editor.cycle({ row: at("addresses"), column: 1 });
    editor.cycle({ row: at("customers"), column: 1 });
    expect(saves).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(450);
    expect(saves).toHaveLength(1);
    expect(saves[0]?.changes.map(({ resource }) => resource)).toEqual(["addresses", "customers"]);
    expect(editor.view?.changed).toBe(2);
  });

  it("is kept at once when the user leaves, and is there again", async () => {
    editor.cycle({ row: at("addresses"), column: 1 });
    await editor.leave();
    expect(saves).toHaveLength(1);
    await editor.open(KEY);
    expect(editor.changedCells).toBe(1);
    expect(editor.cell({ row: at("addresses"), column: 1 })?.state).toBe("all");
  });

  it("stays in sight when it cannot be kept", async () => {
    broken = true;
    editor.cycle({ row: at("addresses"), column: 1 });
    await editor.leave();
    expect(editor.key).toBe(KEY);
    expect(editor.saveFailure?.code).toBe("disk_full");
    await editor.load();
    expect(editor.changedCells).toBe(1);
    broken = false;
    await editor.again();
    expect(editor.saveFailure).toBeNull();
    expect(saves).toHaveLength(1);
  });
});

describe("reading again", () => {
  it("never puts older rows over a change that was kept meanwhile", async () => {
    let arrive: () => void = () => undefined;
    held = new Promise((done) => (arrive = done));
    const news = editor.load();
    await vi.advanceTimersByTimeAsync(20);
    editor.cycle({ row: at("addresses"), column: 1 });
    await vi.advanceTimersByTimeAsync(450);
    expect(saves).toHaveLength(1);
    held = null;
    arrive();
    await news;
    expect(editor.changedCells).toBe(1);
    expect(editor.view?.changed).toBe(1);
  });

  it("finds every row where it is now, and asks anew before it changes many cells", async () => {
    await editor.leave();
    await editor.open("d1-k28");
    const [fields, focused] = [at("customers"), at("orders")];
    editor.fieldRow = fields;
    editor.sight.go(focused, 2);
    editor.fill({ row: null, column: null }, { state: "none" });
    expect(editor.bulk).not.toBeNull();
    inserted = true;
    await editor.load();
    inserted = false;
    expect(editor.rows[0]?.resource).toBe("aardvarks");
    expect(editor.bulk).toBeNull();
    expect(editor.fieldRow).toBe(fields + 1);
    expect(editor.sight.row).toBe(focused + 1);
    expect(editor.sight.place.column).toBe(2);
    await editor.load();
    expect(editor.sight.row).toBe(focused);
    editor.confirm();
    expect(editor.changedCells).toBe(0);
  });

  it("closes what was about a row that is not there any more", async () => {
    inserted = true;
    await editor.load();
    editor.fieldRow = 0;
    inserted = false;
    await editor.load();
    expect(editor.fieldRow).toBeNull();
    expect(editor.sight.place.row).toBe(0);
  });

  it("of another key waits until the draft of this one is kept", async () => {
    broken = true;
    editor.cycle({ row: at("addresses"), column: 1 });
    await editor.open("d1-k11");
    expect(editor.key).toBe(KEY);
    expect(editor.changedCells).toBe(1);
    broken = false;
    await editor.again();
    await editor.open("d1-k11");
    expect(editor.key).toBe("d1-k11");
    await editor.open(KEY);
  });
});

describe("undo", () => {
  it("goes back step by step, and forth", () => {
    const spot = { row: at("customers"), column: 0 };
    editor.cycle(spot);
    editor.set([spot], [{ state: "fields", only: [], except: null }]);
    expect(editor.changedCells).toBe(1);
    editor.undo();
    expect(editor.cell(spot)?.state).toBe("none");
    editor.undo();
    expect(editor.changedCells).toBe(0);
    editor.redo();
    editor.redo();
    expect(editor.cell(spot)).toEqual({ state: "fields", only: [], except: null });
  });

  it("brings back what was discarded", () => {
    editor.cycle({ row: at("addresses"), column: 1 });
    editor.cycle({ row: at("customers"), column: 1 });
    editor.reset(null);
    expect(editor.changedCells).toBe(0);
    editor.undo();
    expect(editor.changedCells).toBe(2);
  });
});

describe("a column's toggle", () => {
  it("acts on the shown rows only, and brings the mix back", () => {
    editor.sight.narrow("re");
    const others = editor.rows.map((_, row) => row).filter((row) => !editor.sight.shown.includes(row));
    const [mix, rest] = [states(1), states(1, others)];
    const scope = { row: null, column: 1 };
    expect(editor.look(scope).state).toBe("mixed");
    editor.toggle(scope);
    expect(new Set(states(1))).toEqual(new Set(["all"]));
    editor.toggle(scope);
    expect(new Set(states(1))).toEqual(new Set(["none"]));
    editor.toggle(scope);
    expect(states(1)).toEqual(mix);
    expect(states(1, others)).toEqual(rest);
  });

  it("forgets the mix when something else is done meanwhile", () => {
    editor.sight.narrow("re");
    const scope = { row: null, column: 1 };
    editor.toggle(scope);
    editor.toggle(scope);
    editor.cycle({ row: at("addresses"), column: 0 });
    expect(editor.look(scope).to).toBe("all");
  });

  it("passes locked rows and columns by", () => {
    expect(editor.spots({ row: null, column: 2 })).toEqual([]);
    expect(editor.spots({ row: at("audit__led0"), column: null })).toEqual([]);
  });

  it("asks before it changes more than 25 cells", async () => {
    await editor.leave();
    await editor.open("d1-k28");
    editor.fill({ row: null, column: null }, { state: "none" });
    expect(editor.bulk?.count).toBeGreaterThan(25);
    expect(editor.changedCells).toBe(0);
    editor.confirm();
    expect(editor.changedCells).toBeGreaterThan(25);
    editor.undo();
    expect(editor.changedCells).toBe(0);
  });
});

describe("what is in sight", () => {
  it("keeps a row that stops to fit while it is looked at", () => {
    const row = at("addresses");
    editor.cycle({ row, column: 1 });
    editor.sight.choose("changed");
    expect(editor.sight.shown).toEqual([row]);
    editor.undo();
    expect(editor.sight.shown).toEqual([row]);
    editor.sight.choose("changed");
    expect(editor.sight.shown).toEqual([]);
  });

  it("finds the next change, round the end", () => {
    const [first, last] = [at("addresses"), at("session:")];
    editor.cycle({ row: first, column: 1 });
    editor.cycle({ row: last, column: 0 });
    const isChanged = (row: number, column: number) =>
      (row === first && column === 1) || (row === last && column === 0);
    editor.sight.go(0, 2);
    editor.sight.nextChange(isChanged, 3);
    expect([editor.sight.row, editor.sight.place.column]).toEqual([last, 1]);
    editor.sight.nextChange(isChanged, 3);
    expect([editor.sight.row, editor.sight.place.column]).toEqual([first, 2]);
  });
});
