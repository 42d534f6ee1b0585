import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { late } from "./screens/late.svelte";
import type { Call } from "./ipc/client";
import { EFFECTS } from "./ipc/generated/ipc";
import { server } from "./ipc/sample/operations";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";

let app: Console;

const call = (async (name, args) => transport.call(EFFECTS[name], name, args)) as Call;

beforeEach(async () => {
  server.ms = 1;
  app = new Console(call, (listener) => transport.subscribe(listener));
  await app.start();
  await late.load();
  render(App, { app });
  app.edit("d1-k9");
  await screen.findByRole("grid", { name: /^Rights of/ });
  await waitFor(() => expect(name()).toBe("addresses, read, allowed"));
});

afterEach(async () => {
  app.editor.reset(null);
  await app.editor.leave();
  app.clock.stop();
  cleanup();
});

const active = () => document.activeElement as HTMLElement;
const name = () => active().getAttribute("aria-label") ?? active().querySelector(".sr")?.textContent;
const press = (key: string, more: object = {}) => fireEvent.keyDown(active(), { key, ...more });
const grid = () => screen.getByRole("grid");

async function go(...keys: string[]) {
  for (const key of keys) await press(key);
  await new Promise((next) => setTimeout(next, 5));
}

describe("the grid of rights", () => {
  it("has one tab stop, and says how large it is", () => {
    expect(within(grid()).getAllByRole("gridcell").length).toBeGreaterThan(20);
    expect(grid().querySelectorAll('[tabindex="0"][data-column]')).toHaveLength(1);
    expect(Number(grid().getAttribute("aria-rowcount"))).toBeGreaterThan(app.editor.rows.length);
    expect(grid().getAttribute("aria-colcount")).toBe("4");
  });

  it("moves by cell, into the names and the head", async () => {
    await go("ArrowRight", "ArrowDown");
    expect(name()).toContain("audit__led0, write, fixed, locked: Kept by the server for itself");
    await go("Home");
    expect(active().getAttribute("role")).toBe("rowheader");
    await go("ArrowUp", "ArrowUp");
    expect(active().getAttribute("role")).toBe("columnheader");
    await press("End", { ctrlKey: true });
    await waitFor(() => expect(name()).toMatch(/^session:, delete/));
    await press("Home", { ctrlKey: true });
    await waitFor(() => expect(active().getAttribute("data-row")).toBe("0"));
  });

  it("changes a right with Space and letters, and says what it was", async () => {
    await go("ArrowRight", " ");
    expect(name()).toBe("addresses, write, allowed, was not allowed");
    expect(screen.getByText("was none")).toBeTruthy();
    await go(" ");
    expect(name()).toBe("addresses, write, not allowed");
    await go("Home", "r");
    expect(screen.getByRole("gridcell", { name: "addresses, read, not allowed, was allowed" })).toBeTruthy();
    await go("*");
    expect(app.editor.changedCells).toBe(1);
    await press("z", { ctrlKey: true });
    await press("z", { ctrlKey: true });
    expect(app.editor.changedCells).toBe(0);
    await press("z", { ctrlKey: true, shiftKey: true });
    expect(app.editor.changedCells).toBe(1);
  });

  it("toggles a row and a column", async () => {
    await press(" ", { shiftKey: true });
    expect(app.editor.cell({ row: 0, column: 1 })?.state).toBe("all");
    await press(" ", { ctrlKey: true });
    const dialog = screen.queryByRole("dialog");
    if (dialog !== null) await fireEvent.click(within(dialog).getByRole("button", { name: /^Change/ }));
    expect(app.editor.look({ row: null, column: 0 }).state).toBe("all");
  });

  it("filters with a slash, and the toggles say so", async () => {
    await press("/");
    const field = screen.getByRole("textbox", { name: "Filter the rows by name" });
    expect(active()).toBe(field);
    await fireEvent.input(field, { target: { value: "re" } });
    const head = screen.getAllByRole("columnheader")[1];
    expect(head?.title).toMatch(/ read (away )?on \d shown of \d+ rows$/);
    await fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(name()).toMatch(/re.*, read/));
  });

  it("gives the focus back to the list", async () => {
    await press("Escape");
    await waitFor(() => expect(screen.getByRole("grid", { name: "Keys" })).toBeTruthy());
    await waitFor(() => expect(active().getAttribute("role")).toBe("row"));
    await press("e");
    await waitFor(() => expect(screen.getByRole("grid", { name: /^Rights of/ })).toBeTruthy());
    await waitFor(() => expect(active().getAttribute("data-row")).toBe("0"));
  });

  it("only shows what cannot be edited, and says why", async () => {
    await app.editor.open("d2-k3");
    expect(await screen.findByText("Its rights come from roles that it shares with other keys.")).toBeTruthy();
    expect(grid().getAttribute("aria-readonly")).toBe("true");
    expect(screen.queryByRole("button", { name: /^Review/ })).toBeNull();
    app.editor.cycle({ row: 0, column: 0 });
    expect(app.editor.changedCells).toBe(0);
  });
});

describe("the fields of a row", () => {
  it("open with F2, change by checkbox, and close with Esc onto the cell", async () => {
    await press("F2");
    const panel = await screen.findByRole("complementary", { name: "Fields of addresses" });
    await waitFor(() => expect(name()).toBe("see id"));
    await fireEvent.click(within(panel).getByRole("checkbox", { name: "see phone" }));
    expect(app.editor.cell({ row: 0, column: 0 })).toEqual({ state: "fields", only: null, except: ["phone"] });
    expect(panel.textContent).toContain("A field added tomorrow will be visible.");
    const see = within(panel).getByRole("radiogroup", { name: "Fields to see" });
    await fireEvent.click(within(see).getByRole("radio", { name: "only these" }));
    expect(panel.textContent).toContain("A field added tomorrow will be hidden.");
    await press("Escape");
    await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
    await waitFor(() => expect(name()).toMatch(/^addresses, read/));
  });

  it("contradict themselves to see and to write, each said for itself", async () => {
    const both = { state: "fields" as const, only: ["id", "phone"], except: ["phone"] };
    app.editor.set(
      [
        { row: 0, column: 0 },
        { row: 0, column: 1 },
      ],
      [both, both],
    );
    await press("F2");
    const panel = within(await screen.findByRole("complementary", { name: "Fields of addresses" }));
    expect(panel.getAllByText(/both selected and excluded/)).toHaveLength(2);
  });

  it("may be named although nobody declares them", async () => {
    await press("F2");
    const panel = await screen.findByRole("complementary");
    const input = within(panel).getByRole("textbox", { name: "Name of a field to add" });
    for (let twice = 0; twice < 2; twice += 1) {
      await fireEvent.input(input, { target: { value: "later" } });
      await fireEvent.keyDown(input, { key: "Enter" });
    }
    expect(within(panel).getByRole("checkbox", { name: "see later" })).toBeTruthy();
    expect(within(panel).getByText("not declared")).toBeTruthy();
  });
});

describe("saving", () => {
  it("reviews with the focus on the safe button, then shows how it ended", async () => {
    await go("ArrowRight", " ");
    await press("Enter", { ctrlKey: true });
    const dialog = await screen.findByRole("dialog", { name: "Review 1 change to " + app.editor.view?.label });
    await waitFor(() => expect(active().textContent.trim()).toBe("Keep editing"));
    expect(await within(dialog).findByText("1 call, in this order")).toBeTruthy();
    await fireEvent.click(within(dialog).getByRole("button", { name: "Save 1 change to shop-eu" }));
    expect(await screen.findByText("Verified: shop-eu stores exactly this.")).toBeTruthy();
    await waitFor(() => expect(active().textContent.trim()).toBe("Done"));
    await fireEvent.click(active());
    await waitFor(() => expect(app.editor.changedCells).toBe(0));
  });

  it("stays in sight while the server is read, until it is known whether the change was begun", async () => {
    await go("ArrowRight", " ");
    await app.saving.begin();
    const dialog = within(await screen.findByRole("dialog"));
    const sent = app.saving.save();
    await waitFor(() =>
      expect(dialog.getByRole("button", { name: "Keep editing" }).hasAttribute("disabled")).toBe(true),
    );
    await fireEvent(screen.getByRole("dialog"), new Event("cancel", { cancelable: true }));
    expect(app.saving.stage?.kind).toBe("checking");
    await sent;
    expect(await screen.findByText("Verified: shop-eu stores exactly this.")).toBeTruthy();
    app.saving.close();
    await waitFor(() => expect(app.editor.changedCells).toBe(0));
  });

  it("leads from the status line back to a change without an end", async () => {
    server.fault = "unknown";
    await go("ArrowDown", "ArrowDown", " ");
    await app.saving.begin();
    await app.saving.save();
    await screen.findByText("It is not known whether the last call arrived.");
    app.saving.close();
    const line = screen.getByRole("contentinfo");
    await fireEvent.click(await within(line).findByRole("button", { name: "1 change unfinished" }));
    expect(await screen.findByText("It is not known whether the last call arrived.")).toBeTruthy();
    await waitFor(() => expect(app.editor.fixed).toBe(true));
    server.fault = "none";
    app.saving.close();
  });
});
