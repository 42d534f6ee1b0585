import { beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../../ipc/client";
import { EFFECTS, type DeploymentView, type Failure } from "../../ipc/generated/ipc";
import { transport } from "../../ipc/sample/sample";
import { LinkForm } from "./form.svelte";

let asked: { name: string; args: Record<string, unknown> }[] = [];
let refusal: [string, Failure] | null = null;
/** The call that waits, and for what. */
let held: { name: string; until: Promise<void> } | null = null;

const call = (async (name, args) => {
  asked.push({ name, args: args as Record<string, unknown> });
  if (refusal?.[0] === name) throw refusal[1] as unknown;
  if (held?.name === name) await held.until;
  return transport.call(EFFECTS[name], name, args);
}) as Call;

const names = () => asked.map(({ name }) => name);

async function filled(): Promise<LinkForm> {
  const form = new LinkForm(call);
  await form.add();
  form.name = "shop-two";
  form.environment = "staging";
  form.url = "https://shop-two.example";
  await form.type("led_prod_typed_secret");
  return form;
}

beforeEach(() => {
  asked = [];
  refusal = null;
  held = null;
});

function hold(name: string): () => void {
  let release: () => void = () => undefined;
  held = { name, until: new Promise((done) => (release = done)) };
  return release;
}

describe("adding", () => {
  it("sends a typed credential once and keeps only its handle", async () => {
    const form = await filled();
    expect(form.offered?.handle).toBe("h1");
    await form.test();
    form.name = "shop-one";
    await form.save();
    const whole = asked.filter(({ args }) => JSON.stringify(args).includes("typed_secret"));
    expect(whole.map(({ name }) => name)).toEqual(["secret_offer"]);
  });

  it("says what is missing, and sends nothing", async () => {
    const form = new LinkForm(call);
    await form.add();
    expect(form.tried).toBe(false);
    expect(await form.save()).toBeNull();
    expect(form.tried).toBe(true);
    expect(form.missing).toEqual(["name", "environment", "url", "credential"]);
    expect(names()).not.toContain("deployment_add");
  });

  it("chooses no environment by itself", async () => {
    const form = new LinkForm(call);
    await form.add();
    expect(form.environment).toBeNull();
  });

  it("loses nothing when it is refused", async () => {
    const form = await filled();
    refusal = ["deployment_add", { code: "host_unreachable", params: { host: "shop-two.example" } }];
    expect(await form.save()).toBeNull();
    expect(form.failureAt(null)?.code).toBe("host_unreachable");
    expect([form.name, form.environment, form.url, form.offered?.handle]).toEqual([
      "shop-two",
      "staging",
      "https://shop-two.example",
      "h1",
    ]);
    refusal = null;
    expect(await form.save()).toBe("n-shop-two");
  });

  it("puts a failure beside its field", async () => {
    const form = await filled();
    form.name = "shop-eu";
    await form.save();
    expect(form.failureAt("name")?.code).toBe("name_taken");
    expect(form.failureAt(null)).toBeNull();
  });

  it("asks for the credential again when the core no longer holds it", async () => {
    const form = await filled();
    refusal = ["deployment_add", { code: "credential_forgotten", params: {} }];
    await form.save();
    expect(form.offered).toBeNull();
    expect(form.failureAt("credential")?.code).toBe("credential_forgotten");
  });

  it("keeps what was typed for the next time, and the credential not", async () => {
    const form = await filled();
    await form.forget();
    expect(asked.at(-1)).toEqual({ name: "secret_forget", args: { handle: "h1" } });
    await form.add();
    expect(form.name).toBe("shop-two");
    expect(form.offered).toBeNull();
  });

  it("counts the steps of its own test only", async () => {
    const form = await filled();
    form.onProgress(3);
    expect(form.done).toBe(0);
    const running = form.test();
    await new Promise((next) => setTimeout(next, 1));
    form.onProgress(2);
    expect(form.done).toBe(2);
    await running;
    expect(form.report?.ok).toBe(true);
  });
});

describe("editing", () => {
  const known = { id: "d1", name: "shop-eu", environment: "production" } as DeploymentView;

  it("needs no credential for a new name", async () => {
    const form = new LinkForm(call);
    await form.edit(known);
    form.name = "shop-europe";
    expect(form.missing).toEqual([]);
    expect(await form.save()).toBe("d1");
    expect(asked.at(-1)?.args).toMatchObject({ name: "shop-europe", credential: null });
  });

  it("needs it for another address or trust", async () => {
    const form = new LinkForm(call);
    await form.edit(known);
    form.url = "https://shop-eu.example/";
    expect(form.missing).toEqual([]);
    form.url = "https://elsewhere.example";
    expect(form.missing).toEqual(["credential"]);
    form.url = "https://shop-eu.example";
    form.own = true;
    expect(form.missing).toEqual(["credential"]);
  });

  it("hears nothing of a test that was begun in the form before", async () => {
    const form = await filled();
    const answer = hold("link_test");
    const test = form.test();
    await new Promise((next) => setTimeout(next, 1));
    await form.edit(known);
    expect(form.busy).toBe("rest");
    expect(form.url).toBe("https://shop-eu.example");
    answer();
    await test;
    expect(form.report).toBeNull();
    expect(form.failure).toBeNull();
  });

  it("is offered no credential that was meant for another", async () => {
    const form = await filled();
    const answer = hold("secret_from_clipboard");
    const taking = form.paste();
    await form.edit(known);
    answer();
    await taking;
    expect(form.offered).toBeNull();
    expect(asked.at(-1)?.name).toBe("secret_forget");
  });

  it("does not touch what was being added", async () => {
    const form = await filled();
    await form.edit(known);
    expect([form.name, form.environment]).toEqual(["shop-eu", "production"]);
    await form.add();
    expect(form.name).toBe("");
  });
});
