/** Rows drawn on both sides of the visible ones. */
export const SPARE = 8;

/** Rows that are drawn: the visible ones and a few more on both sides, so that scrolling meets no gap. */
export function visibleRows(top: number, height: number, row: number, total: number, spare = SPARE): [number, number] {
  const first = Math.max(0, Math.floor(top / row) - spare);
  const last = Math.min(total, Math.ceil((top + height) / row) + spare) - 1;
  return [first, last];
}

/** Scroll position that shows row `index` fully, moving as little as possible. */
export function reveal(index: number, top: number, height: number, row: number): number {
  if (index * row < top) return index * row;
  if ((index + 1) * row > top + height) return (index + 1) * row - height;
  return top;
}

/** Where a key leads from row `index`; undefined for keys that do not move. `page` is the rows on one screen. */
export function destination(key: string, index: number, total: number, page: number): number | undefined {
  const last = total - 1;
  const step = Math.max(1, page - 1);
  switch (key) {
    case "ArrowDown":
      return Math.min(last, index + 1);
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "PageDown":
      return Math.min(last, index + step);
    case "PageUp":
      return Math.max(0, index - step);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
