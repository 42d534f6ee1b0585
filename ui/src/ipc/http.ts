import type { Event } from "./generated/ipc";
import type { Transport } from "./transport";

// The bridge of the tests hands the token over in the fragment, which no server ever sees.
const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
const authorization = `Bearer ${token}`;

export const transport: Transport = {
  async call(effect, name, args) {
    const reply = await fetch(`/call/${effect}/${name}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(args),
    });
    const body: unknown = await reply.json();
    if (!reply.ok) throw body;
    return body;
  },

  async subscribe(listener) {
    const reply = await fetch("/events", { headers: { authorization } });
    if (reply.body !== null) void follow(reply.body, listener);
  },
};

async function follow(body: ReadableStream<Uint8Array>, listener: (event: Event) => void) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) listener(JSON.parse(line.slice(5)) as Event);
    }
  }
}
