import { mount, tick } from "svelte";
import { call, subscribe } from "./ipc/client";
import { mac } from "./screens/frame/platform";
import { late } from "./screens/late.svelte";
import { Console } from "./state/console.svelte";
import "./style/base.css";

/** From when on waiting is noticed, in ms. */
const NOTICED = 150;

if (mac) document.documentElement.dataset["system"] = "mac";
const target = document.getElementById("app");
if (target !== null) void open(target);

/** The page's own skeleton stands in for something true to show, where that is long in coming: else it would flash. */
async function open(target: HTMLElement) {
  const app = new Console(call, subscribe);
  const waiting = setTimeout(() => target.querySelector(".skeleton")?.removeAttribute("hidden"), NOTICED);
  // The core is asked before what shows its answer is even parsed.
  const [{ default: App }] = await Promise.all([import("./App.svelte"), app.start()]);
  clearTimeout(waiting);
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
