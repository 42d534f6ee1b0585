// Who gets in, and what the page may do: the bridge is worth as much as the window only if it is as strict.
import { readFileSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { request } from "node:http";
import { fileURLToPath } from "node:url";
import { expect, test } from "../stage/test.ts";
import { Watch } from "../stage/watch.ts";

const ROUTES: [string, string][] = [
  ["POST", "call/read/app_state"],
  ["POST", "call/write/sync_start"],
  ["POST", "call/reveal/anything"],
  ["GET", "events"],
  ["GET", "test/clock"],
  ["POST", "test/clock"],
  ["GET", "test/clipboard"],
  ["PUT", "test/clipboard"],
  ["GET", "test/desk"],
  ["POST", "test/restart"],
  ["POST", "test/servers"],
  ["DELETE", "test/servers"],
  ["GET", "test/servers/shop-eu"],
  ["POST", "test/servers/more"],
  ["DELETE", "test/servers/shop-eu"],
  ["POST", "test/servers/shop-eu/faults"],
  ["DELETE", "test/servers/shop-eu/faults"],
  ["POST", "test/servers/shop-eu/door"],
  ["GET", "test/servers/shop-eu/world"],
  ["PUT", "test/servers/shop-eu/world"],
  ["GET", "test/servers/shop-eu/journal"],
];

test("without the run's token nothing is answered", async ({ bridge }) => {
  for (const [method, path] of ROUTES) {
    for (const authorization of [null, "Bearer ", `Bearer ${"0".repeat(32)}`, bridge.token, `Basic ${bridge.token}`]) {
      const headers = { "content-type": "application/json", ...(authorization === null ? {} : { authorization }) };
      const reply = await fetch(bridge.url + path, { method, headers, ...(method === "GET" ? {} : { body: "{}" }) });
      expect(reply.status, `${method} ${path} as ${String(authorization)}`).toBe(401);
      expect(await reply.text()).toBe("");
    }
  }
  // The token opens them.
  expect(await bridge.call("read", "app_state", {})).toHaveProperty("now");
});

test("the window's doors, and no other", async ({ bridge }) => {
  const ask = (path: string) =>
    fetch(bridge.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${bridge.token}`, "content-type": "application/json" },
      body: "{}",
    });
  expect((await ask("call/reveal/secret_reveal")).status, "secrets are for another window").toBe(403);
  expect((await ask("call/delete/app_state")).status).toBe(404);
  const refused = await ask("call/read/vault_lock");
  expect(refused.status, "a command by the wrong door").toBe(422);
  expect(await refused.json()).toMatchObject({ code: "unknown_command" });
});

test("only this machine, by its number", async ({ bridge }) => {
  const { hostname, port } = new URL(bridge.url);
  expect(hostname).toBe("127.0.0.1");
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of [...others, { address: "127.0.0.2" }]) {
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), address);
      socket.once("connect", () => resolve("connected"));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    });
    expect(outcome, address).toBe("ECONNREFUSED");
  }
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const named = { host: "127.0.0.1", port, path: "/", headers: { host: `elsewhere.example:${port}` } };
    request(named, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    })
      .on("error", reject)
      .end();
  });
  expect(status, "by another name").toBe(421);
});

test("files of the screen, and no others", async ({ bridge }) => {
  for (const path of [
    "../package.json",
    "%2e%2e/package.json",
    "..%2fpackage.json",
    "assets/../../package.json",
    ".x",
  ]) {
    const reply = await fetch(`${bridge.url}${path}`);
    expect(reply.status, path).toBe(404);
  }
  expect((await fetch(`${bridge.url}icon.svg`)).headers.get("content-type")).toBe("image/svg+xml");
});

test("the page lives under the window's policy, with frozen prototypes", async ({ bridge, app }) => {
  const config = JSON.parse(readFileSync(new URL("../../../src-tauri/tauri.conf.json", import.meta.url), "utf8")) as {
    app: { security: { csp: string } };
  };
  const reply = await fetch(bridge.url);
  const policy = config.app.security.csp.replace("connect-src ipc: http://ipc.localhost", "connect-src 'self'");
  expect(policy).toContain("connect-src 'self'");
  expect(reply.headers.get("content-security-policy")).toBe(policy);
  expect(await app.evaluate(() => Object.isFrozen(Object.prototype))).toBe(true);
  expect(await Watch.violations(app)).toBe(0);
});

test.describe("the policy counts what it refuses", () => {
  // The control of every zero in these journeys: the same counter sees what is planted.
  for (const [what, plant] of [
    [
      "an inline script",
      (): void =>
        void document.body.append(
          Object.assign(document.createElement("script"), { textContent: "window.__pwned = 1" }),
        ),
    ],
    ["an inline style", (): void => document.body.setAttribute("style", "color: red")],
    ["a handler in an attribute", (): void => document.body.setAttribute("onclick", "window.__pwned = 1")],
    ["a picture from elsewhere", (): void => void (new Image().src = "http://elsewhere.example/x.png")],
    ["a request elsewhere", (): void => void fetch("http://elsewhere.example/").catch(() => undefined)],
  ] as const) {
    test(what, async ({ bridge, page }) => {
      await page.goto(bridge.page);
      await expect(page.locator("html")).toHaveAttribute("data-ready", "true");
      await page.evaluate(plant);
      await expect(page.locator("html")).toHaveAttribute("data-policy-violations", "1");
      expect(await page.evaluate(() => "__pwned" in window)).toBe(false);
    });
  }
});

test("what ships has no bridge in it", () => {
  const text = (folder: string) => {
    const at = fileURLToPath(new URL(folder, import.meta.url));
    const files = readdirSync(at, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map((file) => readFileSync(`${file.parentPath}/${file.name}`, "utf8")).join("\n");
  };
  const [shipped, tested] = [text("../../../ui/dist"), text("../dist")];
  for (const mark of ["Bearer ", "/call/", "/events", "authorization"]) {
    expect(tested, `the app of these tests has ${mark}`).toContain(mark);
    expect(shipped, `what ships has no ${mark}`).not.toContain(mark);
  }
  expect(shipped).toContain("__TAURI_INTERNALS__");
  expect(tested).not.toContain("__TAURI_INTERNALS__");
});
