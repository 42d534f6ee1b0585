const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const dateForm = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const exactForm = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const numberForm = new Intl.NumberFormat("en-GB");
const plural = new Intl.PluralRules("en-GB");

/** Whole units, rounded down: "40 s" is "now", then minutes, hours up to two days, days. */
export function span(ms: number): string {
  const size = Math.abs(ms);
  if (size < MINUTE) return "now";
  if (size < HOUR) return `${number(Math.floor(size / MINUTE))} min`;
  if (size < 2 * DAY) return `${number(Math.floor(size / HOUR))} h`;
  return `${number(Math.floor(size / DAY))} d`;
}

/** The same, as a sentence would say it: "88 days". */
export function spoken(ms: number): string {
  const size = Math.abs(ms);
  if (size < MINUTE) return "less than a minute";
  if (size < HOUR) return count(Math.floor(size / MINUTE), "minute", "minutes");
  if (size < 2 * DAY) return count(Math.floor(size / HOUR), "hour", "hours");
  return count(Math.floor(size / DAY), "day", "days");
}

/** "88 d ago", "in 3 h", "just now". */
export function relative(at: number, now: number): string {
  const short = span(now - at);
  if (short === "now") return "just now";
  return at <= now ? `${short} ago` : `in ${short}`;
}

export const days = (count: number) => count * DAY;
export const date = (at: number) => dateForm.format(at);
export const exact = (at: number) => exactForm.format(at);
export const number = (value: number) => numberForm.format(value);

/** "1 key", "1,204 keys". */
export function count(value: number, one: string, other: string): string {
  return `${number(value)} ${plural.select(value) === "one" ? one : other}`;
}

/** What is left of a wait: "3 d 2 h", up to two days "23 h 58 min", "4 min". */
export function remaining(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE));
  const days = ms < 2 * DAY ? 0 : Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) - days * 24;
  const parts = [
    [days, "d"],
    [hours, "h"],
    [days > 0 ? 0 : minutes % 60, "min"],
  ] as const;
  const said = parts.filter(([value]) => value > 0).map(([value, unit]) => `${number(value)} ${unit}`);
  return said.length === 0 ? "now" : said.join(" ");
}

const clockForm = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const dayForm = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const sameDay = (a: number, b: number) => new Date(a).toDateString() === new Date(b).toDateString();

/** "14:01", or "19 Nov" of another day. */
export const moment = (at: number, now: number) => (sameDay(at, now) ? clockForm.format(at) : dayForm.format(at));
/** "14:01", or "19 Nov, 10:12" of another day. */
export const when = (at: number, now: number) =>
  sameDay(at, now) ? clockForm.format(at) : `${dayForm.format(at)}, ${clockForm.format(at)}`;
