/** A place in a grid whose cells take the focus; row -1 is the head, column 0 the name of the row. */
export interface Place {
  row: number;
  column: number;
}

export interface Size {
  rows: number;
  /** Columns with the name. */
  columns: number;
  /** Rows on one screen. */
  page: number;
}

/** Where a key leads, as the ARIA practices say; undefined for keys that do not move. */
export function cellDestination(key: string, ctrl: boolean, from: Place, size: Size): Place | undefined {
  const { row, column } = from;
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const step = Math.max(1, size.page - 1);
  const to = (toRow: number, toColumn = column) => ({
    row: Math.max(-1, Math.min(last.row, toRow)),
    column: Math.max(0, Math.min(last.column, toColumn)),
  });
  if (ctrl) {
    if (key === "Home") return to(Math.min(0, last.row), 0);
    return key === "End" ? to(last.row, last.column) : undefined;
  }
  switch (key) {
    case "ArrowDown":
      return to(row + 1);
    case "ArrowUp":
      return to(row - 1);
    case "ArrowLeft":
      return to(row, column - 1);
    case "ArrowRight":
      return to(row, column + 1);
    case "Home":
      return to(row, 0);
    case "End":
      return to(row, last.column);
    case "PageDown":
      return to(Math.max(0, row) + step);
    case "PageUp":
      return to(row < 0 ? row : Math.max(0, row - step));
    default:
      return undefined;
  }
}
