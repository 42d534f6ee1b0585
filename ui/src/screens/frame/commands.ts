import type { Theme } from "../../ipc/generated/ipc";
import type { Console } from "../../state/console.svelte";
import { narrows } from "../../state/filter";
import { commands as words } from "../../text/en";
import { lock } from "../../text/vault";
import { mac } from "./platform";

export interface Command {
  id: string;
  words: string;
  /** Its shortcut. */
  keys?: string[];
  note?: string;
  run: () => void;
}

/** Every command that makes sense now, most useful first. */
export function commandsOf(app: Console, onsearch: () => void, onclosepanel: () => void): Command[] {
  const filter = app.keys.filter;
  const target = app.deployments.named(app.syncTarget);
  const list: Command[] = [{ id: "all", words: words.allKeys, run: () => app.everything() }];
  for (const { deployments } of app.deployments.groups) {
    for (const { id, name } of deployments) {
      list.push({ id: `go-${id}`, words: words.deployment(name), run: () => app.goTo(id) });
    }
  }
  for (const { environment } of app.deployments.groups) {
    list.push({
      id: `env-${environment}`,
      words: words.environment(environment),
      run: () => app.goToEnvironment(environment),
    });
  }
  list.push({ id: "search", words: words.search, keys: ["/"], run: onsearch });
  if (app.syncing) list.push({ id: "cancel", words: words.cancel, run: () => app.cancelSync() });
  else {
    const sync = target === null ? words.refreshAll : words.refreshOne(target.name);
    list.push({ id: "sync", words: sync, keys: ["R"], run: () => app.sync() });
  }
  if (narrows(filter)) list.push({ id: "clear", words: words.clear, run: () => app.everything() });
  if (app.opened.id !== null) {
    list.push({ id: "panel", words: words.panel(true), keys: ["Esc"], run: onclosepanel });
  }
  const themes: Theme[] = ["system", "light", "dark"];
  for (const theme of themes) {
    const now = app.session.settings.theme === theme;
    list.push({
      id: `theme-${theme}`,
      words: words.theme[theme],
      ...(now ? { note: words.now } : {}),
      run: () => app.session.setTheme(theme),
    });
  }
  if (app.vault.home !== "unset") {
    const keys = mac ? ["⌘", "⇧", "L"] : ["Ctrl", "Shift", "L"];
    list.push({ id: "lock", words: lock.command, keys, run: () => void app.vault.lock() });
  }
  list.push({ id: "shortcuts", words: words.shortcuts, keys: ["?"], run: () => (app.dialog = "shortcuts") });
  return list;
}

/** Those that have every word of `text`; those that begin with it come first. */
export function matching(commands: Command[], text: string): Command[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ words }) => wanted.every((word) => words.toLowerCase().includes(word)));
  const start = wanted.join(" ");
  const rank = ({ words }: Command) => (words.toLowerCase().startsWith(start) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}
