// Values that enter and leave a box: what its nodes read of others, and what others read of them.
import type { Box, Boxes } from "./boxes";

export interface Port {
  id: string;
  label: string;
  values: number[];
  items: Map<Box, number[]>; // Children of the box that read or make them.
}

export interface Ports {
  into: Port[];
  outOf: Port[];
}

const MOST = 3; // More than so many values are one port.

const known = new WeakMap<Box, Ports>();

export function portsOf(boxes: Boxes, box: Box): Ports {
  let ports = known.get(box);
  if (ports === undefined) known.set(box, (ports = findPorts(boxes, box)));
  return ports;
}

function findPorts(boxes: Boxes, box: Box): Ports {
  const into = new Map<number, Map<Box, number[]>>();
  const outOf = new Map<number, Map<Box, number[]>>();
  const { model } = boxes;
  const { nodes, graphs } = model.data;
  const results = new Set(graphs.out[0] ?? []);
  const inside = (node: number): boolean => isInside(box, boxes.ofNode[node]!);
  const isShown = (value: number) => {
    const from = model.producer[value]!;
    return from < 0 ? model.weightOf[value]! < 0 : boxes.ofNode[from]!.node === from;
  };
  const waiting: [Box, Box][] = box.children.map((child) => [child, child]);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [leaf, child] = next;
    for (const below of leaf.children) waiting.push([below, child]);
    if (leaf.kind !== "node") continue;
    for (const value of nodes.in[leaf.node]!) {
      if (value < 0 || !isShown(value)) continue;
      const from = model.producer[value]!;
      if (from < 0 || !inside(from)) note(into, value, child);
    }
    for (const value of nodes.out[leaf.node]!) {
      if (value < 0) continue;
      if (results.has(value) || model.readers[value]!.some((reader) => !inside(reader))) note(outOf, value, child);
    }
  }
  return { into: toPorts("in", into, "input", boxes), outOf: toPorts("out", outOf, "output", boxes) };
}

// Whether the edge to or from the box itself says all that ports would: one value, at one child.
export function isPlain(ports: Port[]): boolean {
  return ports.length === 1 && ports[0]!.values.length === 1 && ports[0]!.items.size === 1;
}

function isInside(box: Box, leaf: Box): boolean {
  let up: Box | null = leaf;
  while (up !== null && up.depth > box.depth) up = up.parent;
  return up === box;
}

function note(found: Map<number, Map<Box, number[]>>, value: number, child: Box) {
  let items = found.get(value);
  if (items === undefined) found.set(value, (items = new Map()));
  const values = items.get(child);
  if (values === undefined) items.set(child, [value]);
}

function toPorts(side: string, found: Map<number, Map<Box, number[]>>, word: string, boxes: Boxes): Port[] {
  const entries = [...found].sort((a, b) => a[0] - b[0]);
  if (entries.length <= MOST) {
    return entries.map(([value, items]) => ({
      id: `${side}${value}`,
      label: boxes.model.data.values.name[value]!,
      values: [value],
      items,
    }));
  }
  const items = new Map<Box, number[]>();
  for (const [value, readers] of entries) {
    for (const child of readers.keys()) items.set(child, [...(items.get(child) ?? []), value]);
  }
  return [{ id: side, label: `${entries.length} ${word}s`, values: entries.map(([value]) => value), items }];
}
