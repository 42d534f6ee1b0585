import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../../ipc/client";
import { EFFECTS } from "../../ipc/generated/ipc";
import { server, type Fault } from "../../ipc/sample/operations";
import { transport } from "../../ipc/sample/sample";
import { Editor } from "./editor.svelte";
import { running, Saving } from "./saving.svelte";

const call = (async (name, args) => transport.call(EFFECTS[name], name, args)) as Call;
let editor: Editor;
let saving: Saving;
let key = 20;

beforeEach(async () => {
  server.ms = 1;
  editor = new Editor(call);
  saving = new Saving(call, editor);
  // A key of its own for each test: the stand-in remembers what was stored.
  key += 1;
  await editor.open(`d1-k${key}`);
  const rows = editor.rows.flatMap((_, at) => (editor.editable({ row: at, column: 1 }) ? [at] : [])).slice(0, 4);
  for (const row of rows) editor.cycle({ row, column: 1 });
});

afterEach(() => {
  server.fault = "none";
});

async function save(fault: Fault) {
  server.fault = fault;
  await saving.begin();
  await saving.save();
}

async function ended() {
  for (let turn = 0; turn < 200; turn += 1) {
    await saving.follow();
    if (saving.stage?.kind === "operation" && !running(saving.stage.operation)) return saving.stage.operation;
    await new Promise((next) => setTimeout(next, 5));
  }
  throw new Error("no end");
}

describe("saving", () => {
  it("keeps the draft first, then shows exactly what it will do", async () => {
    await saving.begin();
    expect(saving.stage).toMatchObject({ kind: "review" });
    if (saving.stage?.kind === "review") expect(saving.stage.review.changes).toHaveLength(4);
  });

  it("ends verified, and begins anew", async () => {
    await save("none");
    expect(await ended()).toMatchObject({ state: "done", can_undo: true });
    await editor.load();
    expect(editor.changedCells).toBe(0);
  });

  it("stops at the first refusal, and undoes what was applied as a draft", async () => {
    await save("refused");
    const operation = await ended();
    expect(operation.state).toBe("stopped");
    expect(operation.steps.map(({ outcome }) => outcome)).toEqual(["applied", "refused", "waiting", "waiting"]);
    expect(await saving.undo()).toBe(editor.key);
    expect(saving.stage).toBeNull();
    await editor.load();
    expect(editor.changedRows).toBe(1);
  });

  it("never lets the last writer win", async () => {
    await save("conflict");
    expect(saving.stage?.kind).toBe("conflict");
    const mine = editor.rows.map((row) => row.now[1]);
    await saving.rebase();
    expect(saving.stage).toMatchObject({ kind: "review" });
    expect(editor.rows.map((row) => row.now[1])).toEqual(mine);
  });

  it("may be closed before and after, but not while nobody knows whether it was begun", async () => {
    server.fault = "none";
    await saving.begin();
    saving.close();
    expect(saving.stage).toBeNull();
    await saving.begin();
    const sent = saving.save();
    saving.close();
    expect(saving.stage?.kind).toBe("checking");
    await sent;
    expect(saving.stage?.kind).toBe("operation");
    saving.close();
    expect(saving.stage).toBeNull();
  });

  it("goes back to the review when it fails before anything was sent", async () => {
    let broken = false;
    const failing = (async (name, args) => {
      if (broken && name === "rights_apply") throw Object.assign(new Error(), { code: "timed_out", params: {} });
      return call(name, args);
    }) as Call;
    const other = new Saving(failing, editor);
    await other.begin();
    broken = true;
    await other.save();
    expect(other.stage?.kind).toBe("review");
    expect(other.failure?.code).toBe("timed_out");
  });

  it("never says that nothing was saved once the change was begun, and shows it as soon as it can be", async () => {
    let broken = true;
    let applied = 0;
    const failing = (async (name, args) => {
      if (name === "rights_apply") applied += 1;
      if (broken && name === "operation_show") throw Object.assign(new Error(), { code: "timed_out", params: {} });
      return call(name, args);
    }) as Call;
    saving = new Saving(failing, editor);
    await saving.begin();
    await saving.save();
    expect(saving.stage).toBeNull();
    expect(saving.begun).not.toBeNull();
    expect(saving.failure?.code).toBe("timed_out");
    broken = false;
    await saving.again();
    expect(saving.stage).toMatchObject({ kind: "operation" });
    expect([saving.begun, saving.failure, applied]).toEqual([null, null, 1]);
    await ended();
  });

  it("tries again what failed, and forgets a failure of news that come after all", async () => {
    let broken: string | null = "draft_rebase";
    const failing = (async (name, args) => {
      if (broken === name) throw Object.assign(new Error(), { code: "timed_out", params: {} });
      return call(name, args);
    }) as Call;
    saving = new Saving(failing, editor);
    await saving.rebase();
    expect(saving.failure?.code).toBe("timed_out");
    broken = null;
    await saving.again();
    expect(saving.failure).toBeNull();
    await save("none");
    broken = "operation_show";
    await saving.follow();
    expect(saving.failure?.code).toBe("timed_out");
    broken = null;
    await saving.follow();
    expect(saving.failure).toBeNull();
    await ended();
    broken = "operation_undo";
    await saving.undo();
    broken = null;
    await saving.follow();
    expect(saving.failure?.code).toBe("timed_out");
  });

  it("is never held up by news of an operation, and what a person does meanwhile goes first", async () => {
    let slow = false;
    const late = (async (name, args) => {
      if (slow && name === "operation_show") await new Promise((next) => setTimeout(next, 20));
      return call(name, args);
    }) as Call;
    saving = new Saving(late, editor);
    await save("none");
    await ended();
    slow = true;
    const news = saving.follow();
    expect(saving.busy).toBe(false);
    expect(await saving.undo()).toBe(editor.key);
    await news;
    expect(saving.stage).toBeNull();
  });
});
