import { Channel, invoke } from "@tauri-apps/api/core";
import type { Event } from "./generated/ipc";
import type { Transport } from "./transport";

export const transport: Transport = {
  call: (effect, name, args) => invoke(`call_${effect}`, { name, args }),
  async subscribe(listener) {
    await invoke("subscribe", { channel: new Channel<Event>(listener) });
  },
};
