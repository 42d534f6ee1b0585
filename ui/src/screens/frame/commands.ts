import type { Theme } from "../../ipc/generated/ipc";
import type { Console } from "../../state/console.svelte";
import { narrows } from "../../state/filter";
import { commands as words } from "../../text/en";
import { link } from "../../text/link";
import { rightsText } from "../../text/rights";
import { listText } from "../../text/rotation/list";
import { wizardText } from "../../text/rotation/wizard";
import { lock } from "../../text/vault";
import { whyNot } from "../rotations/reasons";
import { mac } from "./platform";

export interface Command {
  id: string;
  words: string;
  /** Its shortcut. */
  keys?: string[];
  note?: string;
  run: () => void;
}

interface Doers {
  onsearch: () => void;
  onclosepanel: () => void;
  onleave: () => void;
}

/** Every command that makes sense now, most useful first. */
export function commandsOf(app: Console, { onsearch, onclosepanel, onleave }: Doers): Command[] {
  if (app.editor.key !== null) return [...editing(app, onsearch, onleave), ...always(app)];
  if (app.working) return [...working(app, onleave), ...always(app)];
  const filter = app.keys.filter;
  const target = app.deployments.named(app.syncTarget);
  const list: Command[] = [{ id: "all", words: words.allKeys, run: () => app.everything() }];
  if (app.deployments.list.length > 0) {
    list.push({ id: "rotations", words: listText.goTo, keys: ["G"], run: () => app.goToRotations() });
  }
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
  const meant = app.place === "keys" ? (app.opened.detail?.row ?? app.keys.pages.row(app.keys.active)) : undefined;
  if (meant !== undefined) {
    const { id, label } = meant;
    list.push({ id: "edit", words: rightsText.editKey(label), keys: ["E"], run: () => app.edit(id) });
    if (whyNot(meant) === null) {
      list.push({ id: "rotate", words: listText.rotateKey(label), keys: ["O"], run: () => app.rotate(id, label) });
      list.push({ id: "revoke", words: listText.revokeKey(label), run: () => app.revoke(id, label) });
    }
  }
  list.push(...making(app));
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
  if (app.noVault === null) list.push({ id: "add", words: link.addCommand, run: () => app.addDeployment() });
  for (const { id, name } of app.deployments.list) {
    list.push({ id: `edit-${id}`, words: link.editCommand(name), run: () => app.editDeployment(id) });
    list.push({ id: `remove-${id}`, words: link.removeCommand(name), run: () => app.removeDeployment(id) });
  }
  return [...list, ...always(app)];
}

/** In the rights editor. */
function editing(app: Console, onsearch: () => void, onleave: () => void): Command[] {
  const { editor, saving } = app;
  const list: Command[] = [];
  if (!editor.fixed && editor.changedCells > 0) {
    const mod = mac ? "⌘" : "Ctrl";
    list.push({
      id: "review",
      words: rightsText.review(editor.changedCells),
      keys: [mod, "Enter"],
      run: () => void saving.begin(),
    });
    list.push({ id: "discard", words: rightsText.discardAll, run: () => editor.reset(null) });
  }
  list.push({ id: "filter", words: rightsText.filterLabel, keys: ["/"], run: onsearch });
  list.push({ id: "leave", words: rightsText.back, keys: ["Esc"], run: onleave });
  return list;
}

/** A key is being made, replaced or ended. */
function working(app: Console, onleave: () => void): Command[] {
  return [
    { id: "rotations", words: listText.goTo, run: () => app.goToRotations() },
    { id: "all", words: words.allKeys, run: () => app.everything() },
    { id: "leave", words: wizardText.close, keys: ["Esc"], run: onleave },
  ];
}

function making(app: Console): Command[] {
  const made = app.deployments.list.map(({ id, name }) => ({
    id: `create-${id}`,
    words: listText.createOn(name),
    ...(app.keys.filter.deployment === id ? { keys: ["N"] } : {}),
    run: () => app.createKey(id),
  }));
  const open = app.rotations.rows.filter((row) => row.waits_for_you);
  const shown = open.map((row) => ({
    id: `rotation-${row.id}`,
    words: listText.showOne(row),
    run: () => app.showRotation(row.id),
  }));
  return [...made, ...shown];
}

function always(app: Console): Command[] {
  const list: Command[] = app.operations.open.map(({ id, label }) => ({
    id: `operation-${id}`,
    words: rightsText.showUnfinished(label),
    run: () => app.showOperation(id),
  }));
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
