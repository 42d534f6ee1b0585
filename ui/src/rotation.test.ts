import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { late } from "./screens/late.svelte";
import type { Call } from "./ipc/client";
import { EFFECTS } from "./ipc/generated/ipc";
import { pretend } from "./ipc/sample/rotation/machine";
import { clipboard, forgetAll } from "./ipc/sample/rotation/operations";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";

let app: Console;
let sent: { name: string; args: object }[] = [];
const LABEL = "billing-worker";
const KEY = "d1-k6";

/** The call that waits, and for what. */
let held: { name: string; until: Promise<void> } | null = null;

const call = (async (name, args) => {
  sent.push({ name, args });
  if (held?.name === name) await held.until;
  return transport.call(EFFECTS[name], name, args);
}) as Call;

async function window() {
  app = new Console(call, (listener) => transport.subscribe(listener));
  await app.start();
  await late.load();
  render(App, { app });
}

function shut() {
  app.clock.stop();
  cleanup();
}

beforeEach(async () => {
  sent = [];
  held = null;
  pretend.ms = 1;
  pretend.fault = "none";
  clipboard.ms = 30_000;
  forgetAll();
  await window();
});

afterEach(shut);

const main = () => within(screen.getByRole("main"));

/** By name, as `findByRole` does it, without working out the roles of the whole page. */
const button = (name: string | RegExp) =>
  waitFor(() => {
    const fits = (one: HTMLButtonElement) => {
      const said = (one.getAttribute("aria-label") ?? one.textContent).trim();
      return typeof name === "string" ? said === name : name.test(said);
    };
    const found = [...document.querySelectorAll("button")].find(fits);
    if (found === undefined) throw new Error(`There is no button ${String(name)}.`);
    return found;
  });

const press = async (name: string | RegExp) => fireEvent.click(await button(name));
const type = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } });
const heading = (name: string) => screen.findByRole("heading", { name });
const calls = (name: string) => sent.filter((one) => one.name === name).map(({ args }) => args);
const active = () => document.activeElement as HTMLElement;
const steps = () => within(screen.getByRole("list", { name: "Steps" })).getAllByRole("listitem");

async function rotate() {
  app.open(KEY);
  const panel = within(await screen.findByRole("complementary"));
  const ask = await panel.findByRole("button", { name: "Rotate…" });
  ask.focus();
  await fireEvent.click(ask);
  await screen.findByText("7 calls, each at its step");
}

async function begin() {
  await rotate();
  await press("Begin the rotation");
}

async function adopted() {
  await begin();
  await press("Continue to Deliver");
  await type(await screen.findByLabelText("Who was told"), "Ada");
  await press("Note it");
  await press("Continue to Adopt");
  await type(await screen.findByLabelText("Who says so"), "M. Kovač");
  await press("Confirm the switch");
  await heading("Pause the old key");
}

async function overdue() {
  await adopted();
  await press("Pause the old key");
  await press("Begin the wait");
  await press("Cut the wait short…");
  await fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Cut it short" }));
  await press(`Revoke ${LABEL}…`);
  return within(await screen.findByRole("dialog", { name: `Revoke ${LABEL}` }));
}

describe("the plan", () => {
  it("shows every call, the permanent one by its word, the budget, and what cannot be undone", async () => {
    await rotate();
    const list = main().getByText("7 calls, each at its step").nextElementSibling as HTMLElement;
    expect(within(list).getAllByRole("listitem")).toHaveLength(7);
    expect(within(list).getByText("permanent").closest("li")?.textContent).toContain("DELETE");
    expect(main().getByText("about 27 of 250 a minute")).toBeTruthy();
    expect(main().getByText(/^loses nothing/)).toBeTruthy();
    expect(main().getByText(/^Step 8, Revoke, and nothing before it/)).toBeTruthy();
    expect(calls("rotation_begin")).toEqual([]);
  });

  it("says what an emergency means, and plans anew for each choice", async () => {
    await rotate();
    await fireEvent.click(await screen.findByRole("radio", { name: "3 d" }));
    await waitFor(() => expect(calls("rotation_plan").at(-1)).toMatchObject({ soak_minutes: 4320 }));
    await fireEvent.click(screen.getByRole("checkbox", { name: "This key has leaked" }));
    expect(await screen.findByText(/neither the confirmed switch nor the wait is required/)).toBeTruthy();
    await waitFor(() => expect(calls("rotation_plan").at(-1)).toMatchObject({ emergency: true }));
  });

  it("names the deployment of its own key while it is read", async () => {
    app.open("d3-k4");
    await waitFor(() => expect(app.opened.detail?.row.deployment).toBe("d3"));
    const other = app.opened.detail?.row.deployment_name ?? "";
    let answer: () => void = () => undefined;
    held = { name: "rotation_plan", until: new Promise((done) => (answer = done)) };
    app.rotate(KEY, LABEL);
    expect(await screen.findByText(/^Reading shop-eu afresh/)).toBeTruthy();
    expect(main().queryByText(other)).toBeNull();
    answer();
    await screen.findByText("7 calls, each at its step");
  });

  it("is over once it was begun, though what was begun cannot be shown yet", async () => {
    await rotate();
    expect(screen.getByText("Nothing has been sent yet")).toBeTruthy();
    let answer: () => void = () => undefined;
    const late = new Promise<void>((done) => (answer = done));
    held = { name: "rotation_show", until: late.then(() => Promise.reject(new Error("no answer"))) };
    held.until.catch(() => undefined);
    await press("Begin the rotation");
    await waitFor(() => expect(app.wizard.page?.kind).toBe("operation"));
    expect(screen.queryByText("Nothing has been sent yet")).toBeNull();
    answer();
    await waitFor(() => expect(app.wizard.reading.failure).not.toBeNull());
    expect(screen.queryByText("This cannot be begun.")).toBeNull();
    held = null;
    await app.wizard.follow();
    await heading("Verify the new key");
  });

  it("says why it cannot be begun", async () => {
    app.revoke("d3-k4", "");
    expect(await screen.findByText(/does not say enough about this key to tell it apart/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Go on to Revoke" })).toBeNull();
  });

  it("closes with Esc, sends nothing, and the focus is back on its button", async () => {
    await rotate();
    await waitFor(() => expect(active().textContent.trim()).toBe("Begin the rotation"));
    await fireEvent.keyDown(active(), { key: "Escape" });
    await waitFor(() => expect(active().textContent.trim()).toBe("Rotate…"));
    expect(calls("rotation_begin")).toEqual([]);
  });

  it("is refused in the panel for an admin key, with the reason", async () => {
    app.open("d1-k0");
    const panel = within(await screen.findByRole("complementary"));
    const ask = await panel.findByRole<HTMLButtonElement>("button", { name: "Rotate…" });
    expect(ask.disabled).toBe(true);
    expect(ask.title).toContain("admin key");
  });
});

describe("checks", () => {
  it("stand with their verdicts, how they are known, and their evidence", async () => {
    await begin();
    await heading("Verify the new key");
    const list = within(await screen.findByRole("list", { name: "Checks" }));
    expect(list.getAllByRole("listitem").map((one) => one.className.split(" ")[0])).toEqual(Array(7).fill("passed"));
    await fireEvent.click(list.getByRole("button", { name: /^The rights on the server equal/ }));
    expect(list.getByText("declared. Told to the administrator by the server.")).toBeTruthy();
    expect(screen.getByText("7 checks: 7 passed.")).toBeTruthy();
  });

  it("that prove nothing are named and not green", async () => {
    pretend.fault = "unproved";
    await begin();
    expect(await screen.findByText("7 checks: 6 passed, 1 not proved.")).toBeTruthy();
    const open = screen.getByText("not proved").closest("li");
    expect(open?.className).toContain("not_proved");
    expect(open?.className).not.toContain("passed ");
    expect(screen.getByText("One point is not proved.")).toBeTruthy();
  });

  it("that fail stop it, and say what to do", async () => {
    pretend.fault = "failed";
    await begin();
    expect(await screen.findByText("A check failed: “The rights on the server equal the snapshot”.")).toBeTruthy();
    expect(await button("Go on where it stopped")).toBeTruthy();
    expect(await button("Roll back…")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Continue/ })).toBeNull();
  });
});

describe("the rail", () => {
  it("marks where it stands and the one permanent step", async () => {
    await begin();
    await button("Continue to Deliver");
    expect(steps()).toHaveLength(9);
    expect(steps().filter((step) => step.getAttribute("aria-current") === "step")).toHaveLength(1);
    expect(steps().map((step) => step.className.includes("final"))).toEqual([...Array(7).fill(false), true, false]);
  });

  it("leads back to a step that is done, and on again", async () => {
    await adopted();
    await press(/^Verify/);
    await heading("Verify the new key");
    await press("Continue to Pause");
    await heading("Pause the old key");
  });
});

describe("delivering", () => {
  it("shows what changes in the file, masked, before it is written", async () => {
    await begin();
    await press("Continue to Deliver");
    await press("Choose a file…");
    expect(await screen.findByText(/What changes in the file/)).toBeTruthy();
    expect(calls("rotation_deliver")).toEqual([]);
    await press("Write LEDGER_API_KEY");
    expect(await screen.findByText(/copy of what was there/)).toBeTruthy();
    expect(calls("rotation_deliver")).toMatchObject([{ to: { to: "env_file", variable: "LEDGER_API_KEY" } }]);
  });

  it("looks again when the variable is another, and says why a name is refused", async () => {
    await begin();
    await press("Continue to Deliver");
    await press("Choose a file…");
    const field = await screen.findByLabelText("Variable");
    await screen.findByText(/What changes in the file/);
    await type(field, "1 BAD");
    expect(screen.queryByText(/What changes in the file/)).toBeNull();
    await press("Show what changes");
    expect(await screen.findByText("This file cannot take the secret.")).toBeTruthy();
  });

  it("shows only what belongs to the name in the field, however late an answer comes", async () => {
    await begin();
    await press("Continue to Deliver");
    await press("Choose a file…");
    await button("Write LEDGER_API_KEY");
    const looking = app.wizard.handover.look();
    app.wizard.handover.rename("ANOTHER_KEY");
    await looking;
    expect(app.wizard.handover.preview).toBeNull();
    await press("Show what changes");
    expect(await button("Write ANOTHER_KEY")).toBeTruthy();
  });

  it("counts the seconds on the clipboard and says what became of it", async () => {
    clipboard.ms = 1500;
    await begin();
    await press("Continue to Deliver");
    await press("Lay it on the clipboard");
    expect(await screen.findByText(/^On the clipboard for \d more seconds?$/)).toBeTruthy();
    await waitFor(() => expect(app.wizard.handover.cleared).toBe(true), { timeout: 8000 });
    expect(app.toasts.text).toBe("The clipboard was cleared.");
  });
});

describe("what cannot be undone", () => {
  it("waits for the name, typed", async () => {
    const dialog = await overdue();
    const end = dialog.getByRole<HTMLButtonElement>("button", { name: `Revoke ${LABEL} for good` });
    expect(dialog.getByText("permanent")).toBeTruthy();
    expect(end.disabled).toBe(true);
    await type(dialog.getByLabelText(`Type ${LABEL} to confirm`), LABEL.slice(1));
    await fireEvent.submit(end.closest("dialog")?.querySelector("form") as HTMLFormElement);
    expect(calls("rotation_revoke")).toEqual([]);
    await type(dialog.getByLabelText(`Type ${LABEL} to confirm`), LABEL);
    expect(end.disabled).toBe(false);
    await fireEvent.click(end);
    await heading("Done, and proved");
    expect(screen.getByRole("img", { name: "Grade A" })).toBeTruthy();
    expect(calls("rotation_revoke")).toMatchObject([{ of: "old", typed: LABEL }]);
  });

  it("stays undone when a condition does not hold, each in a sentence", async () => {
    const dialog = await overdue();
    pretend.fault = "guarded";
    await type(dialog.getByLabelText(`Type ${LABEL} to confirm`), LABEL);
    await fireEvent.click(dialog.getByRole("button", { name: `Revoke ${LABEL} for good` }));
    expect(await dialog.findByText(/Somebody has changed the old key meanwhile\./)).toBeTruthy();
    expect(dialog.getByText("The key was not revoked.")).toBeTruthy();
    expect(dialog.getByLabelText<HTMLInputElement>(`Type ${LABEL} to confirm`).value).toBe(LABEL);
  });

  it("keeps its dialog until the answer is here, and what went wrong in sight after that", async () => {
    const dialog = await overdue();
    let answer: () => void = () => undefined;
    held = { name: "rotation_revoke", until: new Promise((done) => (answer = done)) };
    pretend.fault = "guarded";
    await type(dialog.getByLabelText(`Type ${LABEL} to confirm`), LABEL);
    await fireEvent.click(dialog.getByRole("button", { name: `Revoke ${LABEL} for good` }));
    for (const name of ["Cancel", "Close"])
      expect(dialog.getByRole("button", { name }).hasAttribute("disabled")).toBe(true);
    const box = screen.getByRole("dialog");
    expect(await fireEvent.keyDown(box, { key: "Escape" })).toBe(false);
    await fireEvent(box, new Event("cancel", { cancelable: true }));
    expect(app.wizard.ending).toBe("old");
    answer();
    await dialog.findByText(/Somebody has changed the old key meanwhile\./);
    await fireEvent.click(dialog.getByRole("button", { name: "Cancel" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(main().getByText("The key was not revoked.")).toBeTruthy();
  });

  it("keeps a question until its answer is here", async () => {
    await adopted();
    await press("Do not pause…");
    const dialog = within(await screen.findByRole("dialog"));
    let answer: () => void = () => undefined;
    held = { name: "rotation_act", until: new Promise((done) => (answer = done)) };
    await type(dialog.getByLabelText("Reason"), "It runs once a year");
    await fireEvent.click(dialog.getByRole("button", { name: "Go on without a pause" }));
    await fireEvent(screen.getByRole("dialog"), new Event("cancel", { cancelable: true }));
    expect(app.wizard.asking).toBe("skip_pause");
    answer();
    await heading("Watch before the end");
  });

  it("frames its window in production", async () => {
    await overdue();
    expect(screen.getByRole("dialog").className).toContain("production");
    expect(document.querySelector(".app")?.className).toContain("production");
  });

  it("gives the rights back with one click", async () => {
    await adopted();
    await press("Pause the old key");
    await press("Restore its rights");
    await heading("Pause the old key");
    await waitFor(() => expect(app.wizard.view?.paused).toBe(false));
  });

  it("leaves a pause out only for a reason", async () => {
    await adopted();
    await press("Do not pause…");
    const dialog = within(await screen.findByRole("dialog"));
    const yes = dialog.getByRole<HTMLButtonElement>("button", { name: "Go on without a pause" });
    expect(yes.disabled).toBe(true);
    await type(dialog.getByLabelText("Reason"), "It runs once a year");
    await fireEvent.click(yes);
    await heading("Watch before the end");
    expect(calls("rotation_act").at(-1)).toMatchObject({ act: { act: "skip_pause", why: "It runs once a year" } });
  });
});

describe("closing", () => {
  it("is safe: a new window goes on where it stood", async () => {
    await adopted();
    await press("Close for now");
    await waitFor(() => expect(screen.queryByRole("list", { name: "Steps" })).toBeNull());
    shut();
    await window();
    await press("Rotations, 1 waits for you");
    const row = await screen.findByRole("row", { name: /^billing-worker, rotation, adopted, waits for you/ });
    await fireEvent.click(row);
    await heading("Pause the old key");
    expect(await screen.findByText(/Confirmed by M. Kovač/)).toBeTruthy();
  });

  it("keeps every secret out of the page", async () => {
    await overdue();
    expect(document.body.innerHTML).not.toMatch(/led_(prod|ks)_[a-z0-9]{6,}/);
  });
});

describe("a key left behind", () => {
  it("is named, and ended only by a person", async () => {
    pretend.fault = "orphan";
    await begin();
    expect(await screen.findByText("A key was made, and its value is not to be had.")).toBeTruthy();
    await press("Revoke the key left behind…");
    expect(await screen.findByRole("dialog", { name: "Revoke the key left behind" })).toBeTruthy();
  });

  it("may be there: what is not known is asked again, never sent again", async () => {
    pretend.fault = "unknown";
    await begin();
    expect(await screen.findByText("It is not known what became of the last call.")).toBeTruthy();
    expect(await button("Ask the server again")).toBeTruthy();
  });
});

describe("a new key", () => {
  async function form() {
    app.createKey("d1");
    await screen.findByRole("grid", { name: "Rights of the new key" });
  }

  it("asks which deployment when several are in view", async () => {
    await fireEvent.click(await button("New key…"));
    const dialog = within(await screen.findByRole("dialog", { name: "On which deployment?" }));
    await fireEvent.click(dialog.getByRole("button", { name: /^shop-stg/ }));
    await heading("New key on shop-stg");
  });

  it("wants a label, takes the rights of another key, and plans from them", async () => {
    await form();
    await press("Review the plan");
    expect((await screen.findByRole("alert")).textContent).toBe("Give it a label.");
    await type(screen.getByLabelText("Label"), "invoice-bot");
    await type(screen.getByRole("combobox", { name: "Like key" }), "billing-worker");
    await screen.findAllByRole("option");
    await fireEvent.keyDown(screen.getByRole("combobox", { name: "Like key" }), { key: "Enter" });
    await waitFor(() => expect(app.newKey.allowedCells).toBeGreaterThan(5));
    await press("Review the plan");
    await heading("New key invoice-bot");
    const wish = calls("rotation_plan").at(-1) as { label: string; rights: { cells: unknown[] }[] };
    expect(wish.label).toBe("invoice-bot");
    expect(wish.rights.length).toBeGreaterThan(5);
    await press("Change it");
    expect((await screen.findByLabelText<HTMLInputElement>("Label")).value).toBe("invoice-bot");
  });

  it("keeps what was typed when Esc closes it, and not when it is cancelled", async () => {
    await form();
    await type(screen.getByLabelText("Label"), "invoice-bot");
    app.newKey.cycle({ row: 0, column: 0 });
    await fireEvent.keyDown(document.body, { key: "Escape" });
    expect(app.working).toBe(false);
    app.rotate(KEY, LABEL);
    await screen.findByText("7 calls, each at its step");
    await form();
    expect(screen.getByLabelText<HTMLInputElement>("Label").value).toBe("invoice-bot");
    expect(app.newKey.allowedCells).toBe(1);
    await press("Cancel");
    expect(app.working).toBe(false);
    await form();
    expect(screen.getByLabelText<HTMLInputElement>("Label").value).toBe("");
    expect(app.newKey.allowedCells).toBe(0);
  });

  it("is not planned by a shortcut where no key can be made", async () => {
    await form();
    await type(screen.getByLabelText("Label"), "invoice-bot");
    const { form: made } = app.newKey;
    if (made !== null) app.newKey.form = { ...made, why_not: "The server is full." };
    await fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
    expect(app.wizard.page).toBeNull();
    app.newKey.form = made;
    await fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
    await heading("New key invoice-bot");
  });

  it("goes four steps and is ready", async () => {
    await form();
    await type(screen.getByLabelText("Label"), "invoice-bot");
    app.newKey.cycle({ row: 0, column: 0 });
    await press("Review the plan");
    await press("Create the key");
    await press("Continue to Deliver");
    expect(steps()).toHaveLength(4);
    await press("Finish without delivering");
    await heading("The key is ready");
    await form();
    expect(screen.getByLabelText<HTMLInputElement>("Label").value).toBe("");
  });
});

describe("a certificate", () => {
  it("has its seal, its grade and its evidence, and is saved by the core", async () => {
    const dialog = await overdue();
    await type(dialog.getByLabelText(`Type ${LABEL} to confirm`), LABEL);
    await fireEvent.click(dialog.getByRole("button", { name: `Revoke ${LABEL} for good` }));
    await press("Show the certificate");
    expect(await screen.findByText("Unaltered")).toBeTruthy();
    const evidence = within(screen.getByRole("table", { name: "Evidence" }));
    expect(evidence.getByText("The old secret is refused")).toBeTruthy();
    expect(evidence.getByText("Switch confirmed by M. Kovač")).toBeTruthy();
    await press("Save as JSON…");
    await waitFor(() => expect(app.toasts.text).toMatch(/^Saved as /));
  });
});
