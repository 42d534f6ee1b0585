import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import type { Call } from "./ipc/client";
import { EFFECTS } from "./ipc/generated/ipc";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";

let app: Console;

const call = (async (name, args) => transport.call(EFFECTS[name], name, args)) as Call;

beforeEach(async () => {
  app = new Console(call, (listener) => transport.subscribe(listener));
  await app.start();
  render(App, { app });
});

afterEach(() => app.clock.stop());

const dialog = () => screen.getByRole("dialog");
const inDialog = () => within(dialog());
const typed = () => inDialog().getByLabelText<HTMLInputElement>(/^Type the/);
const fill = (label: string, value: string) => fireEvent.input(inDialog().getByLabelText(label), { target: { value } });

async function open() {
  const button = screen.getByRole("button", { name: "Add deployment" });
  button.focus();
  await fireEvent.click(button);
  await waitFor(() => expect(app.form.busy).toBe("rest"));
}

async function complete(name: string, url: string) {
  await open();
  await fill("Name", name);
  await fill("Address", url);
  await fireEvent.click(inDialog().getByRole("radio", { name: "staging", hidden: true }));
  await fireEvent.change(typed(), { target: { value: "led_prod_typed_secret" } });
  await inDialog().findByLabelText("taken, hidden");
}

describe("a list that cannot be read", () => {
  it("is tried again without hearing everything twice, and its failure ends with it", async () => {
    let broken = true;
    let subscriptions = 0;
    const failing = (async (name, args) => {
      const wrong = name === "deployments_list" || name === "sync_start";
      if (broken && wrong) throw Object.assign(new Error(), { code: "timed_out", params: {} });
      return call(name, args);
    }) as Call;
    const other = new Console(failing, async () => {
      subscriptions += 1;
      return Promise.resolve();
    });
    await other.start();
    expect(other.deployments.failure?.code).toBe("timed_out");
    await other.start();
    expect(subscriptions).toBe(1);
    broken = false;
    await other.deployments.load();
    expect(other.deployments.failure).toBeNull();
    broken = true;
    await other.deployments.sync(null);
    broken = false;
    await other.deployments.load();
    expect(other.deployments.failure?.code).toBe("timed_out");
    other.clock.stop();
  });
});

describe("the dialog for a deployment", () => {
  it("empties the field at once and shows dots, prefix and fingerprint", async () => {
    await open();
    const field = typed();
    expect([field.type, field.autocomplete, field.getAttribute("spellcheck")]).toEqual(["password", "off", "false"]);
    await fireEvent.change(field, { target: { value: "led_prod_typed_secret" } });
    expect(field.value).toBe("");
    const taken = await inDialog().findByLabelText("taken, hidden");
    expect(taken.textContent).toContain("led_prod_9f•");
    expect(document.body.innerHTML).not.toContain("typed_secret");
  });

  it("takes from the clipboard and says whether that was emptied", async () => {
    await open();
    await fireEvent.click(inDialog().getByRole("button", { name: "Paste from clipboard" }));
    expect(await inDialog().findByText("Clipboard cleared")).toBeTruthy();
  });

  it("lists every step of a test, and the first failure with what to do", async () => {
    await complete("two", "https://dead.example");
    await fireEvent.click(inDialog().getByRole("button", { name: "Test connection" }));
    const steps = await inDialog().findByRole("region", { name: "Connection test" });
    await waitFor(() => expect(within(steps).getByText(/cannot be reached/)).toBeTruthy());
    expect(within(steps).getAllByText("not tried")).toHaveLength(3);
    expect(inDialog().getByLabelText<HTMLInputElement>("Name").value).toBe("two");
  });

  it("frames itself for production", async () => {
    await open();
    expect(dialog().className).not.toContain("production");
    await fireEvent.click(inDialog().getByRole("radio", { name: "production", hidden: true }));
    expect(dialog().className).toContain("production");
  });

  it("says what is missing when one goes on", async () => {
    await open();
    await fireEvent.click(inDialog().getByRole("button", { name: "Add deployment" }));
    expect((await inDialog().findAllByRole("alert")).map((one) => one.textContent)).toContain("Choose what it is for.");
  });

  it("adds, and shows the new deployment", async () => {
    await complete("shop-two", "https://shop-two.example");
    await fireEvent.click(inDialog().getByRole("button", { name: "Add shop-two" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(app.keys.filter.deployment).toBe("n-shop-two"));
    expect(app.toasts.text).toBe("shop-two added");
  });

  it("closes with Esc, and the focus is back", async () => {
    await open();
    dialog().dispatchEvent(new Event("cancel", { cancelable: true }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(document.activeElement?.textContent).toContain("Add deployment");
  });

  it("stays when the page beside it is clicked", async () => {
    await open();
    await fireEvent.click(dialog());
    expect(screen.queryByRole("dialog")).not.toBeNull();
  });
});

describe("removing", () => {
  it("waits for the name, and says what goes and what stays", async () => {
    await fireEvent.click(screen.getByRole("button", { name: "Edit search-try" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Remove…" }));
    const remove = () => inDialog().getByRole<HTMLButtonElement>("button", { name: "Remove search-try" });
    const field = await inDialog().findByLabelText("Type search-try to confirm");
    expect(await inDialog().findByText(/nothing is revoked there/)).toBeTruthy();
    expect(remove().disabled).toBe(true);
    await fireEvent.input(field, { target: { value: "search-tr" } });
    expect(remove().disabled).toBe(true);
    await fireEvent.input(field, { target: { value: "search-try" } });
    await fireEvent.click(remove());
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(app.deployments.list.map(({ name }) => name)).not.toContain("search-try"));
  });
});

describe("without a vault", () => {
  it("says why nothing can be added", async () => {
    app.session.app = {
      ...(app.session.app as NonNullable<typeof app.session.app>),
      no_vault: { code: "no_vault", params: {} },
    };
    const add = screen.getByRole<HTMLButtonElement>("button", { name: "Add deployment" });
    await waitFor(() => expect(add.disabled).toBe(true));
    expect(add.title).toContain("vault");
  });
});
