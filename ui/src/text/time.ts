const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Written by hand, since the first use of `Intl` costs a tenth of the time in which the window opens.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];
const two = (value: number) => String(value).padStart(2, "0");
const day = (at: Date) => `${at.getDate()} ${MONTHS[at.getMonth()]}`;
const clock = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}`;

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
/** "22 Nov 2026". */
export function date(at: number): string {
  const then = new Date(at);
  return `${day(then)} ${then.getFullYear()}`;
}

/** "22 Nov 2026, 14:01:07". */
export const exact = (at: number) => `${date(at)}, ${clock(new Date(at))}:${two(new Date(at).getSeconds())}`;
/** "10,204". */
export const number = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** "1 key", "1,204 keys". */
export function count(value: number, one: string, other: string): string {
  return `${number(value)} ${value === 1 ? one : other}`;
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

const sameDay = (a: number, b: number) => new Date(a).toDateString() === new Date(b).toDateString();

/** "14:01", or "19 Nov" of another day. */
export const moment = (at: number, now: number) => (sameDay(at, now) ? clock(new Date(at)) : day(new Date(at)));
/** "14:01", or "19 Nov, 10:12" of another day. */
export const when = (at: number, now: number) =>
  sameDay(at, now) ? clock(new Date(at)) : `${day(new Date(at))}, ${clock(new Date(at))}`;
