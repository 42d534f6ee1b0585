import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { late } from "./screens/late.svelte";
import type { Call } from "./ipc/client";
import { EFFECTS, type Commands } from "./ipc/generated/ipc";
import { pretend } from "./ipc/sample/rotation/machine";
import { forgetAll } from "./ipc/sample/rotation/operations";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";

// What a person does while an answer is out, and what becomes of the answer then.
const KEY = "d1-k6";
const LABEL = "billing-worker";
let app: Console;
let sent: { name: string; args: object }[] = [];
let held: { name: string; until: Promise<void> } | null = null;
let broken: keyof Commands | null = null;

const call = (async (name, args) => {
  sent.push({ name, args });
  if (held?.name === name) await held.until;
  if (broken === name) throw Object.assign(new Error(), { code: "timed_out", params: {} });
  return transport.call(EFFECTS[name], name, args);
}) as Call;

/** Holds the answers of a command back; what is returned lets them through. */
function hold(name: keyof Commands): () => void {
  let answer: () => void = () => undefined;
  held = { name, until: new Promise((done) => (answer = done)) };
  return () => {
    held = null;
    answer();
  };
}

beforeEach(async () => {
  sent = [];
  held = broken = null;
  pretend.ms = 1;
  pretend.fault = "none";
  forgetAll();
  app = new Console(call, (listener) => transport.subscribe(listener));
  await app.start();
  await late.load();
  render(App, { app });
});

afterEach(() => {
  app.clock.stop();
  cleanup();
});

const button = (name: string) =>
  waitFor(() => {
    const said = (one: HTMLElement) => (one.getAttribute("aria-label") ?? one.textContent).trim();
    const found = [...document.querySelectorAll("button")].find((one) => said(one) === name);
    if (found === undefined) throw new Error(`There is no button ${name}.`);
    return found;
  });
const press = async (name: string) => fireEvent.click(await button(name));
const type = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } });
const calls = (name: keyof Commands) => sent.filter((one) => one.name === name);

describe("a plan that begins", () => {
  async function planned() {
    app.createKey("d1");
    await screen.findByRole("grid", { name: "Rights of the new key" });
    await type(screen.getByLabelText("Label"), "invoice-bot");
    app.newKey.cycle({ row: 0, column: 0 });
    await press("Review the plan");
    await button("Create the key");
  }

  it("is not left before the answer, and its form has served then", async () => {
    await planned();
    const answer = hold("rotation_begin");
    await press("Create the key");
    expect((await button("Change it")).disabled).toBe(true);
    await press("Change it");
    await fireEvent.keyDown(document.body, { key: "Escape" });
    expect(app.wizard.page?.kind).toBe("plan");
    answer();
    await screen.findByRole("heading", { name: "Verify the key" });
    expect(app.newKey.label).toBe("");
  });

  it("has used its form up too when the user went elsewhere meanwhile", async () => {
    await planned();
    const answer = hold("rotation_begin");
    await press("Create the key");
    app.goToRotations();
    expect(app.working).toBe(false);
    answer();
    await screen.findByRole("row", { name: /^invoice-bot, new key/ });
    await waitFor(() => expect(app.newKey.label).toBe(""));
    expect(app.working).toBe(false);
    expect(calls("rotation_begin")).toHaveLength(1);
  });

  it("says wherever the user is that it did not", async () => {
    await planned();
    const answer = hold("rotation_begin");
    broken = "rotation_begin";
    await press("Create the key");
    app.goToRotations();
    answer();
    await waitFor(() => expect(app.attention?.code).toBe("timed_out"));
    expect(app.newKey.label).toBe("invoice-bot");
  });

  it("is not changed before the answer", async () => {
    app.rotate(KEY, LABEL);
    await screen.findByText("7 calls, each at its step");
    const answer = hold("rotation_begin");
    await press("Begin the rotation");
    const leaked = screen.getByRole<HTMLInputElement>("checkbox", { name: "This key has leaked" });
    expect(leaked.disabled).toBe(true);
    await fireEvent.click(leaked);
    await app.wizard.choose({ emergency: true });
    expect(calls("rotation_plan")).toHaveLength(1);
    for (const length of within(screen.getByRole("radiogroup", { name: /^Watch/ })).getAllByRole("radio"))
      expect(length.hasAttribute("disabled")).toBe(true);
    answer();
    await screen.findByRole("heading", { name: "Verify the new key" });
    expect(app.wizard.view?.emergency).toBe(false);
  });
});

describe("the rights of another key", () => {
  async function form() {
    app.createKey("d1");
    await screen.findByRole("grid", { name: "Rights of the new key" });
    await type(screen.getByLabelText("Label"), "invoice-bot");
    app.newKey.cycle({ row: 0, column: 0 });
  }

  async function choose() {
    const field = screen.getByRole("combobox", { name: "Like key" });
    field.focus();
    await type(field, LABEL);
    await screen.findAllByRole("option");
    await fireEvent.keyDown(field, { key: "Enter" });
  }

  it("are not planned before they are here, and are named only then", async () => {
    await form();
    const answer = hold("create_open");
    await choose();
    expect(app.newKey.like).toBeNull();
    expect((await button("Review the plan")).disabled).toBe(true);
    await fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
    expect(app.wizard.page).toBeNull();
    answer();
    await waitFor(() => expect(app.newKey.like?.label).toBe(LABEL));
    await waitFor(() => expect(document.activeElement?.textContent.trim()).toBe("Begin with no rights"));
    await fireEvent.click(document.activeElement as HTMLElement);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("combobox", { name: "Like key" })));
  });

  it("that cannot be read are not named, and leave what is here as it is", async () => {
    await form();
    broken = "create_open";
    await choose();
    await waitFor(() => expect(app.newKey.attempts.failure?.code).toBe("timed_out"));
    expect(app.newKey.like).toBeNull();
    expect(app.newKey.allowedCells).toBe(1);
  });

  it("are one step, which can be undone", async () => {
    await form();
    await choose();
    await waitFor(() => expect(app.newKey.allowedCells).toBeGreaterThan(5));
    app.newKey.undo();
    expect(app.newKey.allowedCells).toBe(1);
    app.newKey.redo();
    expect(app.newKey.allowedCells).toBeGreaterThan(5);
  });
});

async function verified() {
  app.rotate(KEY, LABEL);
  await screen.findByText("7 calls, each at its step");
  await press("Begin the rotation");
  await press("Continue to Deliver");
}

describe("a file of variables", () => {
  it("keeps the name as it is typed, whatever happens meanwhile", async () => {
    await verified();
    await press("Choose a file…");
    const field = await screen.findByLabelText<HTMLInputElement>("Variable");
    await type(field, "");
    await app.wizard.follow();
    expect(field.value).toBe("");
  });

  it("is said to be written only while it is", async () => {
    await verified();
    await press("Choose a file…");
    await button("Write LEDGER_API_KEY");
    let answer = hold("file_pick");
    await press("Choose another…");
    expect((await button("Write LEDGER_API_KEY")).disabled).toBe(true);
    answer();
    await waitFor(async () => expect((await button("Write LEDGER_API_KEY")).disabled).toBe(false));
    answer = hold("rotation_deliver");
    await press("Write LEDGER_API_KEY");
    await button("Writing…");
    answer();
    await screen.findByText(/copy of what was there/);
  });
});

describe("Enter, twice", () => {
  const submit = (field: HTMLElement) => fireEvent.submit(field.closest("form") as HTMLFormElement);

  it("shows what changes in the file, and does not write it", async () => {
    await verified();
    await press("Choose a file…");
    const field = await screen.findByLabelText("Variable");
    await button("Write LEDGER_API_KEY");
    await type(field, "OTHER_KEY");
    const answer = hold("env_preview");
    await submit(field);
    await submit(field);
    expect(calls("env_preview")).toHaveLength(2);
    answer();
    await button("Write OTHER_KEY");
    await submit(field);
    expect(document.activeElement?.tagName).toBe("FIGURE");
    expect(calls("rotation_deliver")).toHaveLength(0);
  });

  it("notes a person once, and confirms the switch once", async () => {
    await verified();
    const told = await screen.findByLabelText("Who was told");
    await type(told, "Ada");
    let answer = hold("rotation_deliver");
    await submit(told);
    await submit(told);
    answer();
    await press("Continue to Adopt");
    expect(calls("rotation_deliver")).toHaveLength(1);
    const who = await screen.findByLabelText("Who says so");
    await type(who, "M. Kovač");
    answer = hold("rotation_act");
    await submit(who);
    await submit(who);
    answer();
    await screen.findByRole("heading", { name: "Pause the old key" });
    expect(calls("rotation_act")).toHaveLength(1);
  });
});

describe("the focus", () => {
  it("stays in the sidebar and the status line while the work goes on", async () => {
    await verified();
    const beside = await button("Keyboard shortcuts");
    beside.focus();
    app.wizard.handover.person = "Ada";
    await app.wizard.handover.tell();
    await app.wizard.follow();
    await button("Continue to Adopt");
    await new Promise((next) => setTimeout(next, 20));
    expect(document.activeElement).toBe(beside);
  });
});
