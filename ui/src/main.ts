import { mount, tick } from "svelte";
import App from "./App.svelte";
import { call, subscribe } from "./ipc/client";
import { mac } from "./screens/frame/platform";
import { Console } from "./state/console.svelte";
import "./style/base.css";

if (mac) document.documentElement.dataset["system"] = "mac";
const target = document.getElementById("app");
if (target !== null) void open(target);

/** The page's own skeleton stays until there is something true to show. */
async function open(target: HTMLElement) {
  const app = new Console(call, subscribe);
  await app.start();
  target.replaceChildren();
  mount(App, { target, props: { app } });
  await tick();
  requestAnimationFrame(() => requestAnimationFrame(() => (document.documentElement.dataset["ready"] = "true")));
}
