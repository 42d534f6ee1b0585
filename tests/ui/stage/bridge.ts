import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Failure } from "../../../ui/src/ipc/generated/ipc.ts";

/** The day on which everything happens: 2026-11-22. */
export const TODAY = 1_795_305_600_000;
export const HOUR = 3_600_000;

/** Where a server is, and keys of it. */
export interface Server {
  url: string;
  ca: string;
  admin: string;
  /** A key that may not list keys. */
  reader: string;
}

/** A key as the server's own memory has it; see the simulators. */
export interface Key {
  id: string;
  key: string;
  label: string | null;
  description: string | null;
  is_admin: boolean;
  grants: Record<string, Grant>;
  kv: { prefix: string; read: boolean; write: boolean }[];
  created_at: number;
  overrides: Record<string, unknown>;
  hidden: string[];
}

export interface Grant {
  read: boolean;
  write: boolean;
  delete: boolean;
  admin: boolean;
  select_fields: string[] | null;
  exclude_fields: string[] | null;
  writable_fields: string[] | null;
}

export interface World {
  keys: Key[];
  collections: Record<string, unknown>;
}

/** One request that a server had. */
export interface Entry {
  method: string;
  path: string;
  status: number;
}

export type Fault =
  | "hang"
  | "reset"
  | "truncated"
  | "html"
  | "empty"
  | "encoded"
  | "applied_then_lost"
  | "invalid_token500"
  | { status: { status: number; retry_after: string | null; body: string | null } }
  | { redirect: { status: number; to: string } }
  | { huge: { bytes: number } }
  | { deep: { levels: number } }
  | { delay: { ms: number } };

const PROGRAM = process.env["KEYSTEAD_BRIDGE"] ?? "";
const SCREEN = fileURLToPath(new URL("../dist", import.meta.url));

/** A core with its servers, in a process of its own that ends with this one. */
export class Bridge {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly token: string,
  ) {}

  static async open(profile = "sample", wait = 30_000): Promise<Bridge> {
    if (PROGRAM === "") throw new Error("KEYSTEAD_BRIDGE names no program: start these tests with `make browser`");
    const child = spawn(PROGRAM, [SCREEN, "--profile", profile, "--wait", String(wait)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as { url: string; token: string };
      return new Bridge(child, said.url, said.token);
    }
    throw new Error("the bridge ended before it said its address");
  }

  /** The address of the screen; the token stays in the browser. */
  get page(): string {
    return `${this.url}#token=${this.token}`;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.stdin?.end();
    await ended;
  }

  /** A command, as the screen would ask. */
  async call<T>(effect: "read" | "write", name: string, args: object): Promise<T> {
    const reply = await this.fetch("POST", `call/${effect}/${name}`, args);
    const body = (await reply.json()) as T | Failure;
    if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(body)}`);
    return body as T;
  }

  // Time, clipboard, desktop

  advance(ms: number) {
    return this.control<number>("POST", "clock", ms);
  }

  clipboard() {
    return this.control<{ kind: "empty" | "text" | "broken"; text?: string }>("GET", "clipboard");
  }

  /** A text, nothing, or a clipboard that is not handed over. */
  setClipboard(held: string | null | false) {
    return this.control("PUT", "clipboard", held);
  }

  /** What a person picks in the next dialogs: a path, nothing, or `false` where no dialog can be shown. */
  setPick(path: string | null | false) {
    return this.control("PUT", "picks", path);
  }

  desk() {
    return this.control<{ samples_opened: number; windows_renewed: number }>("GET", "desk");
  }

  /** The program ends and starts again. */
  restart() {
    return this.control("POST", "restart");
  }

  // Servers

  stopServers() {
    return this.control("DELETE", "servers");
  }

  startServers() {
    return this.control("POST", "servers");
  }

  server(name: string) {
    return this.control<Server>("GET", `servers/${name}`);
  }

  addServer(name: string, tls = "ca") {
    return this.control<Server>("POST", `servers/${name}`, { tls });
  }

  stopServer(name: string) {
    return this.control("DELETE", `servers/${name}`);
  }

  /** From now on, `effect` strikes every request of that path; `skip` of them pass first. */
  fault(server: string, path: string, effect: Fault, skip = 0, times = 0xffff_ffff) {
    return this.control("POST", `servers/${server}/faults`, { method: null, path, skip, times, effect });
  }

  clearFaults(server: string) {
    return this.control("DELETE", `servers/${server}/faults`);
  }

  door(server: string, door: "open" | "refusing" | "silent") {
    return this.control("POST", `servers/${server}/door`, door);
  }

  journal(server: string) {
    return this.control<Entry[]>("GET", `servers/${server}/journal`);
  }

  world(server: string) {
    return this.control<World>("GET", `servers/${server}/world`);
  }

  /** Changes what the server knows behind Keystead's back. */
  async change(server: string, change: (world: World) => void): Promise<void> {
    const world = await this.world(server);
    change(world);
    await this.control("PUT", `servers/${server}/world`, world);
  }

  private async control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const reply = await this.fetch(method, `test/${path}`, body);
    if (!reply.ok) throw new Error(`${method} /test/${path}: ${String(reply.status)} ${await reply.text()}`);
    const text = await reply.text();
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  private fetch(method: string, path: string, body?: unknown) {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    return fetch(this.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }
}
