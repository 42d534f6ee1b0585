/** One short remark, gone by itself; what did not go well stays longer. */
export class Toasts {
  text = $state<string | null>(null);
  tone = $state<"good" | "warning">("good");
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(text: string) {
    this.#say(text, "good", 4000);
  }

  warn(text: string) {
    this.#say(text, "warning", 15_000);
  }

  #say(text: string, tone: "good" | "warning", ms: number) {
    this.text = text;
    this.tone = tone;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.text = null), ms);
  }
}
