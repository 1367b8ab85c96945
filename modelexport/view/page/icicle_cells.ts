// Which part of a strip each module has, by a size.
import type { Model, Size } from "./model";

export interface IcicleCell {
  module: number;
  depth: number; // Below the top.
  x: number; // 0 to 1.
  width: number;
  below: boolean; // Whether there are modules below it that are not shown.
}

// Children share the width of their parent in proportion to their sizes; what the parent has of its own
// is left free at the end. Where children together are larger, as they read the same weights, each
// counts for less. Cells narrower than `least` are left out.
export function icicle(model: Model, size: Size, top: number, depth: number, least: number): IcicleCell[] {
  const cells: IcicleCell[] = [];
  const add = (module: number, at: number, x: number, width: number) => {
    if (width < least) return;
    const children = model.children[module]!;
    const cell = { module, depth: at, x, width, below: children.length > 0 && at + 1 >= depth };
    cells.push(cell);
    if (at + 1 >= depth) return;
    const sizes = children.map((child) => size.total[child] ?? 0);
    const whole = Math.max(size.total[module] ?? 0, sizes.reduce((a, b) => a + b, 0));
    let left = x;
    children.forEach((child, i) => {
      const part = whole === 0 ? 0 : (width * sizes[i]!) / whole;
      add(child, at + 1, left, part);
      left += part;
    });
  };
  add(top, 0, 0, 1);
  return cells;
}
