import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { late } from "./screens/late.svelte";
import type { Call } from "./ipc/client";
import { EFFECTS } from "./ipc/generated/ipc";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";

let app: Console;

let asked: { name: string; args: object }[] = [];
/** The answers to this command wait. */
let held: { name: string; until: Promise<void> } | null = null;
let broken: string | null = null;

const call = (async (name, args) => {
  asked.push({ name, args });
  if (held?.name === name) await held.until;
  if (broken === name) throw Object.assign(new Error(), { code: "timed_out", params: {} });
  return transport.call(EFFECTS[name], name, args);
}) as Call;

/** What is returned lets the answers through. */
function hold(name: string): () => void {
  let answer: () => void = () => undefined;
  held = { name, until: new Promise((done) => (answer = done)) };
  return () => {
    held = null;
    answer();
  };
}

beforeEach(async () => {
  asked = [];
  held = broken = null;
  app = new Console(call, (listener) => transport.subscribe(listener));
  await app.start();
  await late.load();
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

  it("lets nobody type where the link that is being read will stand", async () => {
    const [first] = app.deployments.list;
    const answer = hold("deployment_link");
    app.editDeployment(first?.id ?? "");
    await screen.findByRole("dialog");
    const address = () => inDialog().getByLabelText<HTMLInputElement>("Address");
    const fold = () => inDialog().getByRole<HTMLButtonElement>("button", { name: /or newer$/ });
    expect([address().readOnly, fold().disabled]).toEqual([true, true]);
    answer();
    await waitFor(() => expect([address().readOnly, fold().disabled]).toEqual([false, false]));
    expect(address().value).not.toBe("");
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

  it("stays while it saves, and says what went wrong", async () => {
    await complete("shop-two", "https://shop-two.example");
    const answer = hold("deployment_add");
    broken = "deployment_add";
    await fireEvent.click(inDialog().getByRole("button", { name: "Add shop-two" }));
    await waitFor(() => expect(app.form.busy).toBe("saving"));
    expect(inDialog().getByRole("button", { name: "Close" }).hasAttribute("disabled")).toBe(true);
    await fireEvent(dialog(), new Event("cancel", { cancelable: true }));
    expect(app.dialog).toBe("link");
    answer();
    expect(await inDialog().findByText(/did not answer in time/)).toBeTruthy();
    await fireEvent(dialog(), new Event("cancel", { cancelable: true }));
    expect(app.dialog).toBeNull();
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
  async function confirmation(name: string) {
    await screen.findByRole("dialog");
    await waitFor(() => expect(app.removal.preview?.name).toBe(name));
    return inDialog().findByLabelText(`Type ${name} to confirm`);
  }
  const remove = (name: string) => inDialog().getByRole<HTMLButtonElement>("button", { name: `Remove ${name}` });
  const named = (name: string) => app.deployments.list.find((one) => one.name === name)?.id ?? "";

  it("is not sent by Enter before its name is typed, and not twice", async () => {
    app.removeDeployment(named("catalogue"));
    const field = await confirmation("catalogue");
    const form = field.closest("form") as HTMLFormElement;
    await fireEvent.submit(form);
    await fireEvent.input(field, { target: { value: "catalog" } });
    await fireEvent.submit(form);
    expect(asked.map(({ name }) => name)).not.toContain("deployment_remove");
    await fireEvent.input(field, { target: { value: "catalogue" } });
    const answer = hold("deployment_remove");
    broken = "deployment_remove";
    await fireEvent.submit(form);
    await fireEvent.submit(form);
    expect(asked.filter(({ name }) => name === "deployment_remove")).toHaveLength(1);
    answer();
    await inDialog().findByText(/did not answer in time/);
  });

  it("stays in sight until its answer is here", async () => {
    app.removeDeployment(named("catalogue"));
    await fireEvent.input(await confirmation("catalogue"), { target: { value: "catalogue" } });
    const answer = hold("deployment_remove");
    broken = "deployment_remove";
    await fireEvent.click(remove("catalogue"));
    for (const name of ["Cancel", "Close"])
      expect(inDialog().getByRole("button", { name }).hasAttribute("disabled")).toBe(true);
    await fireEvent(dialog(), new Event("cancel", { cancelable: true }));
    expect(app.dialog).toBe("remove");
    answer();
    expect(await inDialog().findByText(/did not answer in time/)).toBeTruthy();
    expect(inDialog().getByRole("button", { name: "Cancel" }).hasAttribute("disabled")).toBe(false);
  });

  it("shows what goes with the deployment that is asked for, however late the answer about another is", async () => {
    const answer = hold("deployment_remove_preview");
    app.removeDeployment(named("catalogue"));
    held = null;
    app.removeDeployment(named("search-try"));
    await waitFor(() => expect(app.removal.preview?.name).toBe("search-try"));
    answer();
    await new Promise((next) => setTimeout(next, 5));
    expect(app.removal.preview?.name).toBe("search-try");
  });

  it("closes no dialog but its own, and says what went wrong where there is none", async () => {
    app.removeDeployment(named("catalogue"));
    await fireEvent.input(await confirmation("catalogue"), { target: { value: "catalogue" } });
    const answer = hold("deployment_remove");
    broken = "deployment_remove";
    const gone = app.confirmRemoval(() => "");
    app.dialog = "shortcuts";
    answer();
    await gone;
    expect(app.dialog).toBe("shortcuts");
    expect(app.attention?.code).toBe("timed_out");
  });

  it("waits for the name, and says what goes and what stays", async () => {
    await fireEvent.click(screen.getByRole("button", { name: "Edit search-try" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Remove…" }));
    const field = await confirmation("search-try");
    expect(await inDialog().findByText(/nothing is revoked there/)).toBeTruthy();
    expect(remove("search-try").disabled).toBe(true);
    await fireEvent.input(field, { target: { value: "search-tr" } });
    expect(remove("search-try").disabled).toBe(true);
    await fireEvent.input(field, { target: { value: "search-try" } });
    await fireEvent.click(remove("search-try"));
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
