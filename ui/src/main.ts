import { mount, tick } from "svelte";
import { call, subscribe } from "./ipc/client";
import { late } from "./screens/late.svelte";
import { Console } from "./state/console.svelte";
import "./style/base.css";

const target = document.getElementById("app");
if (target !== null) void open(target);

/** The page's own skeleton stays until there is something true to show. */
async function open(target: HTMLElement) {
  const app = new Console(call, subscribe);
  // The core is asked before what shows its answer runs.
  const [{ default: App }] = await Promise.all([import("./App.svelte"), app.start()]);
  target.replaceChildren();
  mount(App, { target, props: { app } });
  await tick();
  requestAnimationFrame(() => requestAnimationFrame(() => void ready()));
}

/** Everything is there that can be asked for. */
async function ready() {
  await late.load();
  document.documentElement.dataset["ready"] = "true";
}
