import type { IconNode } from "lucide";

/**
 * All lines of an icon as one path: an icon is then one element, and there are many before the first rows are seen.
 * Throws for a shape that no icon of ours has had so far.
 */
export function outline(icon: IconNode): string {
  return icon.map(([tag, shape]) => line(tag, shape)).join("");
}

function line(tag: string, shape: IconNode[number][1]): string {
  const at = (name: string) => Number(shape[name] ?? 0);
  switch (tag) {
    case "path":
      // From the corner, as where it stands alone: some begin with a step.
      return `M0 0${String(shape["d"])}`;
    case "line":
      return `M${at("x1")} ${at("y1")}L${at("x2")} ${at("y2")}`;
    case "circle": {
      const r = at("r");
      return `M${at("cx") - r} ${at("cy")}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    }
    case "rect": {
      const r = at("rx");
      const [wide, high] = [at("width") - 2 * r, at("height") - 2 * r];
      const corner = (x: number, y: number) => `a${r} ${r} 0 0 1 ${x} ${y}`;
      return `M${at("x") + r} ${at("y")}h${wide}${corner(r, r)}v${high}${corner(-r, r)}h${-wide}${corner(-r, -r)}v${-high}${corner(r, -r)}z`;
    }
    default:
      throw new Error(`no icon is drawn with a ${tag}`);
  }
}
