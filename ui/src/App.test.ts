import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { late } from "./screens/late.svelte";
import { EFFECTS, type RotationRow } from "./ipc/generated/ipc";
import type { Call } from "./ipc/client";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";

interface Asked {
  name: string;
  args: Record<string, unknown>;
}

let app: Console;
let asked: Asked[] = [];
let rotations: RotationRow[] | null = null;

/** The next answer to a command waits for this. */
let held: Promise<void> | null = null;

const call = (async (name, args) => {
  asked.push({ name, args: args as Record<string, unknown> });
  if (name === "key_show") await held;
  if (name === "rotations_list" && rotations !== null) return rotations;
  return transport.call(EFFECTS[name], name, args);
}) as Call;

beforeEach(async () => {
  asked = [];
  held = null;
  rotations = null;
  app = new Console(call, (listener) => transport.subscribe(listener));
  await app.start();
  await late.load();
  render(App, { app });
});

afterEach(() => {
  app.clock.stop();
});

const grid = () => screen.getByRole("grid");
const rows = () => within(grid()).getAllByRole("row").slice(1);
const active = () => document.activeElement as HTMLElement;
const position = () => Number(active().getAttribute("aria-rowindex"));
const press = (key: string, more: object = {}) => fireEvent.keyDown(active(), { key, ...more });

async function stand() {
  const first = rows().find((row) => row.tabIndex === 0);
  first?.focus();
  await waitFor(() => expect(position()).toBe(2));
}

describe("the list", () => {
  it("says how long it is and draws only what is near", () => {
    expect(grid().getAttribute("aria-rowcount")).toBe("413");
    expect(rows().length).toBeLessThan(60);
  });

  it("has one tab stop, and the keys move it", async () => {
    await stand();
    expect(rows().filter((row) => row.tabIndex === 0)).toHaveLength(1);
    await press("ArrowDown");
    await waitFor(() => expect(position()).toBe(3));
    await press("ArrowUp");
    await waitFor(() => expect(position()).toBe(2));
    await press("End");
    await waitFor(() => expect(position()).toBe(413));
    await press("Home");
    await waitFor(() => expect(position()).toBe(2));
    expect(rows().filter((row) => row.tabIndex === 0)).toHaveLength(1);
  });

  it("reads every row as a sentence", () => {
    expect(rows().map((row) => row.getAttribute("aria-label"))).toContainEqual(
      expect.stringMatching(/^alarm-relay, on shop-eu, production, 6 read · 11 write, 261 days old$/),
    );
  });

  it("sorts by a column, and the other way round", async () => {
    const header = () => screen.getByRole("columnheader", { name: /Age/ });
    await fireEvent.click(within(header()).getByRole("button"));
    expect(header().getAttribute("aria-sort")).toBe("descending");
    await fireEvent.click(within(header()).getByRole("button"));
    expect(header().getAttribute("aria-sort")).toBe("ascending");
    expect(asked.at(-1)).toMatchObject({ name: "keys_list", args: { sort: "age", descending: false } });
  });

  it("never asks for more than 200 rows", () => {
    const limits = asked.filter(({ name }) => name === "keys_list").map(({ args }) => args["limit"] as number);
    expect(Math.max(...limits)).toBeLessThanOrEqual(200);
  });
});

describe("the panel", () => {
  it("opens with Enter, closes with Esc, and the focus is back on the row", async () => {
    await stand();
    await press("ArrowDown");
    await waitFor(() => expect(position()).toBe(3));
    await press("Enter");
    const panel = await screen.findByRole("complementary");
    await waitFor(() => expect(within(panel).getByRole("heading").textContent).toContain("alarm-relay"));
    within(panel).getByRole("tab", { name: "Limits" }).focus();
    await press("Escape");
    await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
    await waitFor(() => expect(position()).toBe(3));
    expect(asked.filter(({ name }) => name === "settings_save").at(-1)?.args).toMatchObject({ panel_open: false });
  });

  it("lets nothing be done with the key before while it turns to the chosen one", async () => {
    await fireEvent.click(rows()[0] as HTMLElement);
    const edit = async () => (await screen.findByRole("button", { name: "Edit rights" })) as HTMLButtonElement;
    expect((await edit()).closest("[inert]")).toBeNull();
    const first = app.opened.detail?.row.id;
    let answer!: () => void;
    held = new Promise((done) => (answer = done));
    await fireEvent.click(rows()[1] as HTMLElement);
    // It is the key before that is still shown, and that its button would act on.
    expect(app.opened.detail?.row.id).toBe(first);
    expect((await edit()).closest("[inert]")).not.toBeNull();
    expect(screen.getByRole("complementary").getAttribute("aria-busy")).toBe("true");
    answer();
    held = null;
    await waitFor(() => expect(app.opened.detail?.row.id).not.toBe(first));
    expect((await edit()).closest("[inert]")).toBeNull();
    await fireEvent.click(await edit());
    await waitFor(() => expect(app.editor.key).toBe(app.opened.id));
  });

  it("does not open by itself once the first rows have come", async () => {
    app.session.settings = { ...app.session.settings, panel_open: true };
    const width = window.innerWidth;
    Object.assign(window, { innerWidth: 1280 });
    await fireEvent.input(screen.getByRole("textbox", { name: "Search keys" }), { target: { value: "billing" } });
    await waitFor(() => expect(Number(grid().getAttribute("aria-rowcount"))).toBeLessThan(40));
    Object.assign(window, { innerWidth: width });
    expect(app.opened.id).toBeNull();
  });

  it("changes tabs with the arrow keys", async () => {
    await stand();
    await press("Enter");
    const tab = await screen.findByRole("tab", { name: /Rights/ });
    tab.focus();
    await press("ArrowRight");
    expect(active().textContent.trim()).toBe("Limits");
    expect(active().getAttribute("aria-selected")).toBe("true");
  });

  it("changes its width with the arrow keys and remembers it", async () => {
    await stand();
    await press("Enter");
    const edge = await screen.findByRole("separator");
    const before = Number(edge.getAttribute("aria-valuenow"));
    edge.focus();
    await press("ArrowRight");
    await waitFor(() => expect(Number(edge.getAttribute("aria-valuenow"))).toBe(before - 16));
    expect(asked.at(-1)).toMatchObject({ name: "settings_save", args: { panel_width: before - 16 } });
  });
});

describe("the search", () => {
  const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Search keys" });

  it("starts with a slash and narrows with every letter", async () => {
    await stand();
    await press("/");
    expect(active()).toBe(field());
    await fireEvent.input(field(), { target: { value: "billing" } });
    await waitFor(() => expect(Number(grid().getAttribute("aria-rowcount"))).toBeLessThan(40));
  });

  it("turns a token into a chip, and Backspace takes it away", async () => {
    field().focus();
    await fireEvent.input(field(), { target: { value: "env:production " } });
    expect(await screen.findByRole("button", { name: "Remove the filter env:production" })).toBeTruthy();
    await waitFor(() => expect(screen.getByRole("contentinfo").textContent).toContain("production"));
    field().setSelectionRange(0, 0);
    await press("Backspace");
    await waitFor(() => expect(screen.queryByRole("button", { name: /^Remove the filter/ })).toBeNull());
  });

  it("says what nothing matches, and offers to clear it", async () => {
    await fireEvent.input(field(), { target: { value: "zzz" } });
    expect(await screen.findByText("No key has the words “zzz”.")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Clear the filter" }));
    await waitFor(() => expect(grid().getAttribute("aria-rowcount")).toBe("413"));
  });
});

describe("the palette", () => {
  it("finds a command by its words and runs it", async () => {
    await stand();
    await press("k", { ctrlKey: true });
    const box = await screen.findByRole("combobox");
    await fireEvent.input(box, { target: { value: "iot lab" } });
    await fireEvent.keyDown(box, { key: "Enter" });
    await waitFor(() => expect(app.keys.filter.deployment).toBe("d5"));
    expect(screen.queryByRole("combobox")).toBeNull();
    expect(await screen.findByText("iot-lab.example cannot be reached.")).toBeTruthy();
  });

  it("edits the key that it names, wherever the focus is", async () => {
    await fireEvent.click(rows()[3] as HTMLElement);
    await waitFor(() => expect(app.opened.detail?.row.id).toBe(app.opened.id));
    const { id, label } = app.opened.detail?.row ?? { id: "", label: "" };
    app.keys.move(0);
    expect(app.keys.pages.row(0)?.id).not.toBe(id);
    await press("k", { ctrlKey: true });
    const box = await screen.findByRole("combobox");
    await fireEvent.input(box, { target: { value: `edit the rights of ${label}` } });
    await fireEvent.keyDown(box, { key: "Enter" });
    await waitFor(() => expect(app.editor.key).toBe(id));
  });
});

describe("what the core wants to be seen", () => {
  it("is seen wherever the user is, once", async () => {
    app.attention = { code: "disk_full", params: { folder: "/x" } };
    const dismiss = () => screen.findByRole("button", { name: "Dismiss" });
    await dismiss();
    app.goToRotations();
    await screen.findByRole("heading", { name: "Rotations" });
    await dismiss();
    app.edit("d1-k9");
    await screen.findByRole("grid", { name: /^Rights of/ });
    await dismiss();
    await app.editor.leave();
    app.rotate("d1-k6", "billing-worker");
    await screen.findByRole("heading", { name: "Rotate billing-worker" });
    await fireEvent.click(await dismiss());
    expect(app.attention).toBeNull();
    expect(screen.queryByRole("button", { name: "Dismiss" })).toBeNull();
  });
});

describe("a change on the other side", () => {
  it("leaves the focus on its rotation when another comes before it", async () => {
    const row = (id: string, began_at: number): RotationRow => ({
      ...{ id, label: id, began_at, purpose: "rotate", emergency: false, deployment_name: "shop-eu" },
      ...{ environment: "production", state: "verified", step: "deliver", waits_for_you: false, grade: null },
      closed_at: null,
    });
    rotations = [row("first", 1), row("second", 2)];
    await app.rotations.load();
    app.goToRotations();
    await screen.findByRole("grid", { name: "Rotations" });
    await stand();
    await press("ArrowDown");
    await waitFor(() => expect(active().getAttribute("aria-label")).toContain("first"));
    rotations = [...rotations, row("third", 3)];
    await app.rotations.load();
    await waitFor(() => expect(position()).toBe(4));
    expect(active().getAttribute("aria-label")).toContain("first");
  });

  it("leaves the focus on its key", async () => {
    await stand();
    await press("ArrowDown");
    await press("ArrowDown");
    const label = active().getAttribute("aria-label");
    await app.keys.refresh();
    expect(active().getAttribute("aria-label")).toBe(label);
    expect(app.keys.active).toBe(Number(active().getAttribute("aria-rowindex")) - 2);
  });
});
