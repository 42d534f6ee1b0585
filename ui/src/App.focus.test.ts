import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { late } from "./screens/late.svelte";
import { EFFECTS, type Commands } from "./ipc/generated/ipc";
import type { Call } from "./ipc/client";
import { pretend } from "./ipc/sample/rotation/machine";
import { forgetAll } from "./ipc/sample/rotation/operations";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";

// Whoever presses something that goes away with it stands somewhere after that, and never on the bare page.
let app: Console;
let broken: keyof Commands | null = null;

const call = (async (name, args) => {
  if (broken === name) throw Object.assign(new Error(), { code: "timed_out", params: {} });
  return transport.call(EFFECTS[name], name, args);
}) as Call;

beforeEach(async () => {
  broken = null;
  pretend.ms = 1;
  pretend.fault = "none";
  forgetAll();
  app = new Console(call, (listener) => transport.subscribe(listener));
  await app.start();
  await late.load();
  render(App, { app });
});

afterEach(async () => {
  app.editor.reset(null);
  await app.editor.leave();
  app.clock.stop();
});

const active = () => document.activeElement as HTMLElement;
const key = (name: string) => fireEvent.keyDown(active(), { key: name });
const words = () => (active().getAttribute("aria-label") ?? active().textContent).trim();

async function press(button: HTMLElement) {
  button.focus();
  await fireEvent.click(button);
}

async function standInKeys() {
  const row = within(await screen.findByRole("grid", { name: "Keys" })).getAllByRole("row")[1];
  row?.focus();
  await waitFor(() => expect(active().getAttribute("role")).toBe("row"));
}

const inKeys = () => waitFor(() => expect(active().closest("[role=grid]")?.getAttribute("aria-label")).toBe("Keys"));

describe("the focus", () => {
  it("goes along from list to list, and to the button that helps where there is none", async () => {
    await standInKeys();
    await key("g");
    await waitFor(() => expect(words()).toBe("Go to the keys"));
    await key("Escape");
    await inKeys();
    app.rotate("d1-k6", "billing-worker");
    await screen.findByText("7 calls, each at its step");
    await app.begin();
    await waitFor(() => expect(app.rotations.rows).toHaveLength(1));
    await press(await within(screen.getByRole("main")).findByRole("button", { name: "Rotations" }));
    await waitFor(() => expect(active().closest("[role=grid]")?.getAttribute("aria-label")).toBe("Rotations"));
    app.rotations.narrow("nobody");
    await press(await screen.findByRole("button", { name: "Show all" }));
    await waitFor(() => expect(active().getAttribute("role")).toBe("row"));
  });

  it("goes to the list that is chosen from among the commands", async () => {
    await standInKeys();
    app.rotate("d1-k6", "billing-worker");
    await screen.findByText("7 calls, each at its step");
    await waitFor(() => expect(words()).toBe("Begin the rotation"));
    app.dialog = "palette";
    const field = await screen.findByRole("combobox");
    await fireEvent.input(field, { target: { value: "all keys" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await inKeys();
  });

  it("is in the list once nothing narrows it any more", async () => {
    app.narrow({ ...app.keys.filter, text: "nobody has this" });
    await press(await screen.findByRole("button", { name: "Clear the filter" }));
    await inKeys();
  });

  it("goes on where the user is when a remark is dismissed", async () => {
    app.attention = { code: "timed_out", params: {} };
    await press(await screen.findByRole("button", { name: "Dismiss" }));
    await inKeys();
  });

  it("is in the grid once the draft is discarded", async () => {
    app.edit("d1-k9");
    await screen.findByRole("grid", { name: /^Rights of/ });
    app.editor.cycle({ row: 0, column: 1 });
    await press(await screen.findByRole("button", { name: "Discard" }));
    await waitFor(() => expect(active().closest("[role=grid]")).not.toBeNull());
  });

  it("stays in the panel of fields when a rule is mended or put back", async () => {
    app.edit("d1-k9");
    await screen.findByRole("grid", { name: /^Rights of/ });
    app.editor.set([{ row: 0, column: 0 }], [{ state: "fields", only: ["id", "phone"], except: ["phone"] }]);
    app.editor.fieldRow = 0;
    const panel = within(await screen.findByRole("complementary"));
    await press(await panel.findByRole("button", { name: "Don’t select it" }));
    await waitFor(() => expect(active().closest("#panel")).not.toBeNull());
    await press(await panel.findByRole("button", { name: "Reset to server" }));
    await waitFor(() => expect(active().closest("#panel")).not.toBeNull());
  });

  it("is back in the field of a dialog whose act was refused", async () => {
    app.rotate("d1-k6", "billing-worker");
    await screen.findByText("7 calls, each at its step");
    await app.begin();
    await waitFor(() => expect(app.wizard.view?.state).toBe("verified"));
    app.wizard.end("new");
    const dialog = within(await screen.findByRole("dialog"));
    const wanted = app.wizard.view?.rollback_confirmation ?? "";
    const field = dialog.getByRole("textbox");
    await fireEvent.input(field, { target: { value: wanted } });
    broken = "rotation_revoke";
    await press(dialog.getByRole("button", { name: /for good$/ }));
    await dialog.findByText(/did not answer in time/);
    await waitFor(() => expect(active()).toBe(field));
  });
});
