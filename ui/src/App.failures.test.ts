import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { late } from "./screens/late.svelte";
import { EFFECTS, type Commands, type Event } from "./ipc/generated/ipc";
import type { Call } from "./ipc/client";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";

// What cannot be read or done is said where it is missed, and tried again from there.
let app: Console;
let broken: (keyof Commands)[] = [];
let asked: (keyof Commands)[] = [];
let say: (event: Event) => void = () => undefined;

const call = (async (name, args) => {
  asked.push(name);
  if (broken.includes(name)) throw Object.assign(new Error(), { code: "disk_full", params: { folder: "/x" } });
  return transport.call(EFFECTS[name], name, args);
}) as Call;

async function window() {
  app = new Console(call, async (listener) => {
    say = listener;
    await transport.subscribe(listener);
  });
  await app.start();
  await late.load();
  render(App, { app });
}

beforeEach(() => {
  broken = [];
  asked = [];
});

afterEach(() => {
  app.clock.stop();
});

const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));

describe("rights of a key that cannot be read", () => {
  it("are not called none, and are read again from there", async () => {
    await window();
    broken = ["key_rights"];
    app.open("d1-k9");
    const panel = within(await screen.findByRole("complementary"));
    expect(await panel.findByText("The disk is full.")).toBeTruthy();
    expect(panel.queryByText(/has no rights/)).toBeNull();
    broken = [];
    await fireEvent.click(panel.getByRole("button", { name: "Try again" }));
    expect(await panel.findByRole("table", { name: /^Rights of/ })).toBeTruthy();
    expect(panel.queryByText("The disk is full.")).toBeNull();
  });
});

describe("a key that cannot be shown", () => {
  it("does not leave the panel to the one before", async () => {
    await window();
    app.open("d1-k6");
    await screen.findByRole("complementary", { name: "billing-worker" });
    broken = ["key_show"];
    app.open("d1-k9");
    const panel = await screen.findByRole("complementary", { name: "About this key" });
    const again = await within(panel).findByRole("button", { name: "Try again" });
    again.focus();
    await fireEvent.keyDown(again, { key: "e" });
    await fireEvent.keyDown(again, { key: "o" });
    expect([app.editor.key, app.working]).toEqual([null, false]);
    broken = [];
    await fireEvent.click(again);
    await waitFor(() => expect(app.opened.detail?.row.id).toBe("d1-k9"));
  });
});

describe("a list of rotations that cannot be read", () => {
  it("is not called empty, and is read again from there", async () => {
    broken = ["rotations_list"];
    await window();
    app.goToRotations();
    expect(await screen.findByText("The disk is full.")).toBeTruthy();
    expect(screen.queryByText(/Nothing|No key has been rotated/)).toBeNull();
    broken = [];
    await press("Try again");
    expect(await screen.findByText("No key has been rotated yet")).toBeTruthy();
    expect(screen.queryByText("The disk is full.")).toBeNull();
  });
});

describe("a secret that may still lie on the clipboard", () => {
  it("is spoken of wherever the user is, and on the lock screen", async () => {
    await window();
    say({ kind: "clipboard", cleared: false });
    expect((await screen.findByText(/^The clipboard was not cleared/)).closest("[role=status]")).toBeTruthy();
    expect(app.place).toBe("keys");
    const { app: known } = app.session;
    if (known !== null) app.session.app = { ...known, vault: { home: "passphrase", open: false, locked_at: 1 } };
    await screen.findByLabelText("Passphrase");
    expect(screen.getByText(/^The clipboard was not cleared/)).toBeTruthy();
  });
});

describe("a draft", () => {
  async function edit(key: string) {
    app.edit(key);
    await waitFor(() => expect(app.editor.ready && app.editor.key === key).toBe(true));
  }

  it("that could not be kept is not called kept", async () => {
    await window();
    await edit("d1-k9");
    broken = ["draft_save"];
    app.editor.cycle({ row: 0, column: 1 });
    await app.editor.flush();
    expect(await screen.findByText("The draft could not be kept.")).toBeTruthy();
    const line = within(screen.getByRole("contentinfo", { name: "Status" }));
    expect(line.getByText("Draft not kept")).toBeTruthy();
    broken = [];
    await press("Try again");
    expect(await line.findByText("Draft kept, not sent")).toBeTruthy();
    app.editor.reset(null);
    await app.editor.leave();
  });

  it("whose review could not be brought up to date is tried again from there, and only there", async () => {
    await window();
    await edit("d1-k9");
    broken = ["draft_rebase"];
    await app.saving.rebase();
    expect(await screen.findByText("The disk is full.")).toBeTruthy();
    asked = [];
    await press("Try again");
    await waitFor(() => expect(asked).toContain("draft_rebase"));
    await screen.findByText("The disk is full.");
    await edit("d1-k11");
    expect(screen.queryByText("The disk is full.")).toBeNull();
    await app.editor.leave();
  });
});
