// Where everything of an open box is. Each level is laid out alone, bottom up, by dagre: an open box is
// an item of its level as a closed one is, only larger. So opening a box lays out that box and those
// around it again, and how much goes to dagre at once is bounded whatever the model.
import { Graph, layout as dagre } from "@dagrejs/dagre";
import type { Box, Boxes } from "./boxes";
import { isPlain, type Port, type Ports, portsOf } from "./ports";
import { type Face, faceOf, headOf } from "./face";
import { fit, lastPart, show, widthOf } from "./text";

export interface Point {
  x: number;
  y: number;
}

export interface Item {
  box: Box | null; // Null: a port.
  port: Port | null;
  face: Face;
  laid: Laid | null; // Of an open box.
  x: number; // Of its upper left corner, from that of the level's content.
  y: number;
  width: number;
  height: number;
  chips: Chip[];
}

// An edge that is not drawn, at its reader.
export interface Chip {
  from: Item;
  label: string;
  values: number[];
}

export interface Line {
  from: Item;
  to: Item;
  values: number[];
  points: Point[];
}

export interface Laid {
  width: number; // With title and margins.
  height: number;
  items: Item[];
  lines: Line[];
  key: string;
}

export const TITLE = 34;
export const MARGIN = 16;
const CHIP = 17;
const GAP = 26;
const RANK_GAP = 44;
const HUB = 6; // Values with more readers than this become chips if they reach far.

// The most that one call of dagre was ever given; tests look at it.
export const bounds = { items: 0, dummies: 0 };

interface Link {
  from: Item;
  to: Item;
  values: number[];
  span: number;
}

export class Layout {
  readonly #cache = new Map<Box, Laid>();

  constructor(
    readonly boxes: Boxes,
    readonly detailOf: (box: Box) => string,
  ) {}

  // After what detailOf() says has changed.
  forget() {
    this.#cache.clear();
  }

  // Boxes whose ids are in `open`, and the root, are laid out with what they hold.
  of(box: Box, open: ReadonlySet<number>): Laid {
    const laid = new Map<Box, Laid>();
    for (const child of box.children) if (open.has(child.id)) laid.set(child, this.of(child, open));
    const key = [...laid].map(([child, l]) => `${child.id}(${l.key})`).join(",");
    const known = this.#cache.get(box);
    if (known !== undefined && known.key === key) return known;
    const made = this.#make(box, laid, key);
    this.#cache.set(box, made);
    return made;
  }

  #make(box: Box, laid: Map<Box, Laid>, key: string): Laid {
    const items = new Map<Box | Port, Item>();
    for (const child of box.children) items.set(child, this.#itemOf(child, laid.get(child) ?? null));
    const ports = this.#portsOf(box);
    const links: Link[] = box.flows.map((flow) => link(items.get(flow.from)!, items.get(flow.to)!, flow.values));
    for (const port of ports.into) {
      const item = portItem(port);
      items.set(port, item);
      for (const [child, values] of port.items) links.push(link(item, items.get(child)!, values));
    }
    for (const port of ports.outOf) {
      const item = portItem(port);
      items.set(port, item);
      for (const [child, values] of port.items) links.push(link(items.get(child)!, item, values));
    }
    const order = [...ports.into.map((p) => items.get(p)!), ...box.children.map((c) => items.get(c)!), ...ports.outOf.map((p) => items.get(p)!)];
    const drawn = this.#bound(order, links);
    const parts = partsOf(order, drawn).map((part) => layPart(part, drawn));
    const size = pack(parts);
    const head = headOf(this.boxes, box, this.detailOf(box));
    const title = widthOf(head.title, 13, true) + widthOf(head.detail, 11) + 54;
    const width = Math.max(size.width + 2 * MARGIN, Math.min(title, 420));
    const shift = (width - 2 * MARGIN - size.width) / 2;
    for (const part of parts) part.move(shift, 0);
    return {
      width,
      height: size.height + TITLE + MARGIN + 6,
      items: order,
      lines: parts.flatMap((part) => part.lines),
      key,
    };
  }

  #portsOf(box: Box): Ports {
    const { into, outOf } = portsOf(this.boxes, box);
    if (box === this.boxes.root) return { into, outOf };
    return { into: isPlain(into) ? [] : into, outOf: isPlain(outOf) ? [] : outOf };
  }

  #itemOf(box: Box, laid: Laid | null): Item {
    const face = faceOf(this.boxes, box, this.detailOf(box));
    return {
      box,
      port: null,
      face,
      laid,
      x: 0,
      y: 0,
      width: laid?.width ?? face.width,
      height: laid?.height ?? face.height,
      chips: [],
    };
  }

  // Makes chips of links that dagre would need many dummy nodes for, and returns the others.
  #bound(items: Item[], links: Link[]): Link[] {
    const ranks = ranksOf(items, links);
    const readers = new Map<Item, number>();
    for (const l of links) {
      l.span = Math.abs(ranks.get(l.to)! - ranks.get(l.from)!);
      readers.set(l.from, (readers.get(l.from) ?? 0) + 1);
    }
    let dummies = 0;
    const drawn: Link[] = [];
    for (const l of [...links].sort((a, b) => a.span - b.span)) {
      const isFar = l.span > 2 && readers.get(l.from)! > HUB;
      if (isFar || dummies + l.span - 1 > 2 * items.length) {
        addChip(l);
      } else {
        dummies += Math.max(0, l.span - 1);
        drawn.push(l);
      }
    }
    return drawn;
  }
}

function link(from: Item, to: Item, values: number[]): Link {
  return { from, to, values, span: 0 };
}

function portItem(port: Port): Item {
  const label = fit(show(lastPart(port.label)), 150, 11);
  const face: Face = { title: label, detail: "", width: Math.max(46, widthOf(label, 11) + 24), height: 22, single: -1 };
  return { box: null, port, face, laid: null, x: 0, y: 0, width: face.width, height: face.height, chips: [] };
}

function addChip(l: Link) {
  const { to } = l;
  const name = l.from.port === null ? l.from.face.title : show(lastPart(l.from.port.label));
  to.chips.push({ from: l.from, label: fit(name, 110, 10), values: l.values });
  to.height += CHIP;
}

export function chipHeight(item: Item): number {
  return item.chips.length * CHIP;
}

// The longest way to each item, where links that lead back do not count: those to an earlier item.
function ranksOf(items: Item[], links: Link[]): Map<Item, number> {
  const index = new Map(items.map((item, i) => [item, i]));
  const outOf = new Map<Item, Link[]>();
  for (const l of links) {
    if (!outOf.has(l.from)) outOf.set(l.from, []);
    outOf.get(l.from)!.push(l);
  }
  const ranks = new Map(items.map((item) => [item, 0]));
  for (const item of items) {
    for (const l of outOf.get(item) ?? []) {
      if (index.get(l.to)! > index.get(item)!) ranks.set(l.to, Math.max(ranks.get(l.to)!, ranks.get(item)! + 1));
    }
  }
  return ranks;
}

interface Part {
  items: Item[];
  lines: Line[];
  width: number;
  height: number;
  move(x: number, y: number): void;
}

// What is connected, in order of its first item.
function partsOf(items: Item[], links: Link[]): Item[][] {
  const leader = new Map(items.map((item) => [item, item]));
  const find = (item: Item): Item => {
    let top = item;
    while (leader.get(top) !== top) top = leader.get(top)!;
    leader.set(item, top);
    return top;
  };
  for (const l of links) leader.set(find(l.to), find(l.from));
  const parts = new Map<Item, Item[]>();
  for (const item of items) {
    const top = find(item);
    if (!parts.has(top)) parts.set(top, []);
    parts.get(top)!.push(item);
  }
  return [...parts.values()];
}

function layPart(items: Item[], links: Link[]): Part {
  const inside = new Set(items);
  const own = links.filter((l) => inside.has(l.from));
  const lines = items.length === 1 ? [] : layByDagre(items, own);
  const xs = [...items.map((i) => i.x), ...lines.flatMap((l) => l.points.map((p) => p.x))];
  const ends = [...items.map((i) => i.x + i.width), ...lines.flatMap((l) => l.points.map((p) => p.x))];
  const left = Math.min(...xs);
  const top = Math.min(...items.map((i) => i.y));
  const part: Part = {
    items,
    lines,
    width: Math.max(...ends) - left,
    height: Math.max(...items.map((i) => i.y + i.height)) - top,
    move(x, y) {
      for (const item of items) {
        item.x += x;
        item.y += y;
      }
      for (const line of lines) line.points = line.points.map((p) => ({ x: p.x + x, y: p.y + y }));
    },
  };
  part.move(-left, -top);
  return part;
}

function layByDagre(items: Item[], links: Link[]): Line[] {
  const graph = new Graph<object, { width: number; height: number; x?: number; y?: number }, { points?: Point[] }>();
  graph.setGraph({ rankdir: "TB", nodesep: GAP, ranksep: RANK_GAP, edgesep: 14 });
  graph.setDefaultEdgeLabel(() => ({}));
  const id = new Map(items.map((item, i) => [item, String(i)]));
  for (const item of items) graph.setNode(id.get(item)!, { width: item.width, height: item.height });
  for (const l of links) graph.setEdge(id.get(l.from)!, id.get(l.to)!, {});
  bounds.items = Math.max(bounds.items, items.length);
  bounds.dummies = Math.max(bounds.dummies, links.reduce((all, l) => all + Math.max(0, l.span - 1), 0));
  dagre(graph);
  for (const item of items) {
    const at = graph.node(id.get(item)!);
    item.x = at.x! - item.width / 2;
    item.y = at.y! - item.height / 2;
  }
  return links.map((l) => ({
    from: l.from,
    to: l.to,
    values: l.values,
    points: graph.edge(id.get(l.from)!, id.get(l.to)!).points!,
  }));
}

// Puts the parts on shelves.
function pack(parts: Part[]): { width: number; height: number } {
  const area = parts.reduce((all, part) => all + (part.width + GAP) * (part.height + GAP), 0);
  const most = Math.max(700, Math.sqrt(area) * 1.5, ...parts.map((part) => part.width));
  let [x, y, shelf, width] = [0, 0, 0, 0];
  for (const part of parts) {
    if (x > 0 && x + part.width > most) {
      x = 0;
      y += shelf + GAP;
      shelf = 0;
    }
    part.move(x, y);
    width = Math.max(width, x + part.width);
    shelf = Math.max(shelf, part.height);
    x += part.width + GAP;
  }
  return { width, height: y + shelf };
}
