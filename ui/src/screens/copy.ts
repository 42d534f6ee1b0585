import type { Failure } from "../ipc/generated/ipc";
import type { Console } from "../state/console.svelte";
import { t } from "../text/en";
import { details } from "../text/errors";

export async function copyDetails(app: Console, failure: Failure): Promise<void> {
  if (await copy(details(failure))) app.toasts.show(t.copied);
  else app.toasts.warn(t.copyFailed);
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

// Some web views give no clipboard to a page, but let it copy its own selection.
function copySelected(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.className = "sr";
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
