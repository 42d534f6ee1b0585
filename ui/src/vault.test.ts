import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { late } from "./screens/late.svelte";
import { EFFECTS, type HomeWord, type VaultView } from "./ipc/generated/ipc";
import type { Call } from "./ipc/client";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";

let app: Console;
let asked: { name: string; args: object }[] = [];
let view: VaultView;
/** Until when the deployments are not answered. */
let held = Promise.resolve();
/** What the next vault command says instead of doing it. */
let refusal: object | null = null;

const call = (async (name, args) => {
  asked.push({ name, args });
  if (name.startsWith("vault_")) {
    if (refusal !== null) throw refusal;
    const sent = (args as { passphrase?: { secret: string } | null }).passphrase;
    if (name === "vault_setup") view = { home: sent === null ? "keyring" : "passphrase", open: true, locked_at: null };
    else view = { ...view, open: name === "vault_unlock", locked_at: name === "vault_lock" ? 1 : null };
    return {};
  }
  const answer = (await transport.call(EFFECTS[name], name, args)) as object;
  if (name === "deployments_list") await held;
  if (name === "app_state") return { ...answer, vault: view };
  return name === "deployments_list" && view.home === "unset" ? [] : answer;
}) as Call;

async function open(home: HomeWord, isOpen: boolean, lockedAt: number | null = null) {
  asked = [];
  refusal = null;
  view = { home, open: isOpen, locked_at: lockedAt };
  app = new Console(call, (listener) => transport.subscribe(listener));
  await app.start();
  await late.load();
  render(App, { app });
}

afterEach(() => {
  app.clock.stop();
});

const names = () => asked.map(({ name }) => name);
const sent = (name: string) => asked.filter((one) => one.name === name).map(({ args }) => args);
const button = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });
const title = () => screen.findByRole("heading", { name: "Keystead is locked" });
const type = (field: HTMLInputElement, value: string) => fireEvent.input(field, { target: { value } });
const submit = (name: string) => fireEvent.submit(button(name).closest("form") as HTMLFormElement);

describe("a locked vault", () => {
  it("shows and asks for nothing else", async () => {
    await open("passphrase", false);
    expect(await title()).toBeTruthy();
    expect(screen.queryByRole("grid")).toBeNull();
    expect(names()).toEqual(["app_state"]);
  });

  it("stays until what is in it is here: nobody sees an empty console first", async () => {
    await open("passphrase", false);
    let release: () => void = () => undefined;
    held = new Promise((resolve) => (release = resolve));
    await type(screen.getByLabelText("Passphrase"), "correct horse battery");
    await submit("Unlock");
    await waitFor(() => expect(names()).toContain("deployments_list"));
    expect(await title()).toBeTruthy();
    expect(button("Unlocking…").disabled).toBe(true);
    release();
    expect(await screen.findByRole("grid")).toBeTruthy();
    expect(screen.queryByRole("heading", { name: "Keystead is locked" })).toBeNull();
  });

  it("sends the passphrase once, clears the field, and says why it stays shut", async () => {
    await open("passphrase", false);
    const field = screen.getByLabelText<HTMLInputElement>("Passphrase");
    expect([field.type, field.getAttribute("autocomplete"), field.getAttribute("spellcheck")]).toEqual([
      "password",
      "off",
      "false",
    ]);
    await waitFor(() => expect(document.activeElement).toBe(field));
    refusal = { code: "passphrase_wrong", params: {} };
    await type(field, "wrong horse battery");
    await submit("Unlock");
    expect(await screen.findByText("This passphrase does not open the vault.")).toBeTruthy();
    expect(field.value).toBe("");
    refusal = null;
    await type(field, "correct horse battery");
    await submit("Unlock");
    expect(await screen.findByRole("grid")).toBeTruthy();
    expect(sent("vault_unlock")).toEqual([
      { passphrase: { secret: "wrong horse battery" } },
      { passphrase: { secret: "correct horse battery" } },
    ]);
    expect(names()).toContain("keys_list");
  });

  it("asks the keyring at once at the start, and again on the button", async () => {
    await open("keyring", false);
    await waitFor(() => expect(sent("vault_unlock")).toEqual([{ passphrase: null }]));
    expect(await screen.findByRole("grid")).toBeTruthy();
  });

  it("does not ask the keyring by itself after a lock", async () => {
    await open("keyring", false, 1);
    await title();
    expect(names()).not.toContain("vault_unlock");
    refusal = { code: "keyring_locked", params: {} };
    await submit("Unlock");
    expect(await screen.findByText("The system keyring is locked.")).toBeTruthy();
    refusal = null;
    await submit("Unlock");
    expect(await screen.findByRole("grid")).toBeTruthy();
  });
});

describe("locking", () => {
  it("is a shortcut, a command and an entry in the status line", async () => {
    await open("file", true);
    const again = async () => {
      await title();
      await submit("Unlock");
      await screen.findByRole("grid");
    };
    await fireEvent.keyDown(document.body, { key: "L", ctrlKey: true, shiftKey: true });
    await again();
    await fireEvent.click(button("Lock"));
    await again();
    await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
    const box = await screen.findByRole("combobox");
    await fireEvent.input(box, { target: { value: "lock" } });
    await fireEvent.keyDown(box, { key: "Enter" });
    await title();
    expect(sent("vault_lock")).toHaveLength(3);
  });

  it("is not offered where there is no vault", async () => {
    await open("unset", false);
    expect(screen.queryByRole("button", { name: "Lock" })).toBeNull();
    await fireEvent.keyDown(document.body, { key: "L", ctrlKey: true, shiftKey: true });
    expect(names()).not.toContain("vault_lock");
  });
});

describe("the set-up", () => {
  const begin = async () => {
    await open("unset", false);
    await fireEvent.click(button("Add a deployment"));
    await screen.findByRole("heading", { name: "Where should the key of the vault be kept?" });
  };

  it("takes the keyring unless told otherwise", async () => {
    await begin();
    await submit("Set up the vault");
    await waitFor(() => expect(sent("vault_setup")).toEqual([{ passphrase: null }]));
    await waitFor(() => expect(screen.queryByText("In the system keyring")).toBeNull());
  });

  it("takes a passphrase that is long enough and typed twice, and warns of its loss", async () => {
    await begin();
    await fireEvent.click(screen.getByRole("radio", { name: /Behind a passphrase/ }));
    expect(await screen.findByText(/A lost passphrase cannot be recovered/)).toBeTruthy();
    const first = screen.getByLabelText<HTMLInputElement>("Passphrase");
    const second = screen.getByLabelText<HTMLInputElement>("The same again");
    await type(first, "123456789");
    await submit("Set up the vault");
    expect(await screen.findByText("One more character is needed.")).toBeTruthy();
    await type(first, "1234567890");
    await type(second, "1234567891");
    await submit("Set up the vault");
    expect(await screen.findByText("The two are not the same.")).toBeTruthy();
    expect(sent("vault_setup")).toEqual([]);
    await type(second, "1234567890");
    await submit("Set up the vault");
    await waitFor(() => expect(sent("vault_setup")).toEqual([{ passphrase: { secret: "1234567890" } }]));
    expect([first.value, second.value]).toEqual(["", ""]);
  });

  it("says what the keyring said, and can be left", async () => {
    await begin();
    refusal = { code: "keyring_unavailable", params: {} };
    await submit("Set up the vault");
    expect(await screen.findByText("There is no system keyring that Keystead can use.")).toBeTruthy();
    await fireEvent.keyDown(document.body, { key: "Escape" });
    expect(await screen.findByRole("button", { name: "Add a deployment" })).toBeTruthy();
  });
});
