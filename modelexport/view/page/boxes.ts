// The boxes of the graph: modules, their nodes, and groups of what would be too much to show at once.
// Each holds those below it, in order of first use.
import type { Model } from "./model";
import { cut, lastOf, plural, shortClass } from "./text";

export interface Flow {
  from: Box;
  to: Box;
  values: number[];
}

export interface Box {
  id: number;
  kind: "module" | "node" | "group";
  parent: Box | null;
  depth: number;
  children: Box[];
  flows: Flow[]; // Between children.
  module: number; // That it is, or is in.
  call: number; // Ordinal; -1: the only one, or unknown.
  node: number; // Of kind node.
  label: string; // Not yet safe to show, as all names.
  detail: string;
  nodes: number; // In it, folded ones included.
}

const RUN = 6; // So many modules of one class in a row are folded.
const FULL = 16; // More items than this, and own nodes between the same modules are folded.
const MOST = 48; // Items of one level: so many are laid out together.
const BLOCK = 24;

export class Boxes {
  readonly all: Box[] = [];
  readonly root: Box;
  // By node: its own box, or for a folded constant that of the node that reads it.
  readonly ofNode: Box[] = [];
  readonly ofModule = new Map<number, Box[]>(); // One for each call.

  constructor(readonly model: Model) {
    this.root = this.#add("module", null, 0, "");
    this.ofModule.set(0, [this.root]);
    this.#addNodes();
    this.#foldLevels();
    this.#number(this.root, 0);
    this.#connect();
  }

  #add(kind: Box["kind"], parent: Box | null, module: number, label: string): Box {
    const box: Box = {
      id: this.all.length,
      kind,
      parent,
      depth: parent === null ? 0 : parent.depth + 1,
      children: [],
      flows: [],
      module,
      call: -1,
      node: -1,
      label,
      detail: "",
      nodes: 0,
    };
    this.all.push(box);
    return box;
  }

  #addNodes() {
    const { model } = this;
    const { data } = model;
    const folded = foldedConstants(model);
    const places = new Map<number, Box>();
    const count = data.nodes.name.length;
    for (let n = 0; n < count; ++n) {
      if (folded[n]! >= 0) continue;
      const key = model.moduleOf[n]! * (data.calls.module.length + 1) + data.nodes.call[n]! + 1;
      let place = places.get(key);
      if (place === undefined) places.set(key, (place = this.#placeOf(n)));
      const box = this.#add("node", place, model.moduleOf[n]!, model.op(n));
      box.node = n;
      place.children.push(box);
      this.ofNode[n] = box;
    }
    for (let n = 0; n < count; ++n) {
      let reader = n;
      while (folded[reader]! >= 0) reader = folded[reader]!;
      this.ofNode[n] = this.ofNode[reader]!;
      for (let box: Box | null = this.ofNode[n]!; box !== null; box = box.parent) ++box.nodes;
    }
  }

  // The box of the module call that owns a node, made with all around it.
  #placeOf(node: number): Box {
    const { model } = this;
    const modules: number[] = [];
    for (let m = model.moduleOf[node]!; m > 0; m = model.parent(m)) if (model.isBox(m)) modules.push(m);
    const ordinals = new Map<number, number>();
    const { calls, nodes } = model.data;
    for (let call = nodes.call[node]!; call >= 0; call = calls.parent[call]!) {
      if (!ordinals.has(calls.module[call]!)) ordinals.set(calls.module[call]!, model.ordinalOfCall(call));
    }
    let box = this.root;
    for (const module of modules.reverse()) {
      const call = model.callsOf(module) > 1 ? (ordinals.get(module) ?? -1) : -1;
      box = this.#childOf(box, module, call);
    }
    return box;
  }

  readonly #known = new Map<string, Box>();

  #childOf(parent: Box, module: number, call: number): Box {
    const key = `${parent.id}:${module}:${call}`;
    let box = this.#known.get(key);
    if (box === undefined) {
      box = this.#add("module", parent, module, this.#labelOf(parent.module, module));
      box.call = call;
      this.#known.set(key, box);
      parent.children.push(box);
      if (!this.ofModule.has(module)) this.ofModule.set(module, []);
      this.ofModule.get(module)!.push(box);
    }
    return box;
  }

  // What the path has below that of the box around.
  #labelOf(around: number, module: number): string {
    const path = this.model.path(module);
    const outer = this.model.path(around);
    const rest = outer === "" ? path : path.startsWith(outer + ".") ? path.slice(outer.length + 1) : path;
    return /^\d+$/.test(rest) ? lastOf(path) : rest;
  }

  #foldLevels() {
    const levels = this.all.filter((box) => box.kind === "module");
    const flows = flowsBetween(this, (box) => box.children.length > FULL);
    for (const level of levels) {
      this.#foldRuns(level);
      if (level.children.length > FULL) this.#foldOwnNodes(level, flows.get(level) ?? []);
    }
    for (const level of this.all.slice()) this.#cutIntoBlocks(level);
  }

  // Modules of one class that follow each other, with the nodes between them.
  #foldRuns(level: Box) {
    const { model } = this;
    const kept: Box[] = [];
    const children = level.children;
    for (let i = 0; i < children.length; ) {
      let last = i;
      let count = 1;
      if (children[i]!.kind === "module") {
        for (let k = i + 1; k < children.length; ++k) {
          const other = children[k]!;
          if (other.kind !== "module") continue;
          if (!isAlike(model, children[i]!, other)) break;
          last = k;
          ++count;
        }
      }
      const members = children.slice(i, last + 1);
      if (count >= RUN && members.length < children.length) {
        const name = shortClass(model.className(children[i]!.module));
        kept.push(this.#group(level, members, runLabel(members), `${name} ×${count}`));
      } else {
        kept.push(...members);
      }
      i = last + 1;
    }
    level.children = kept;
  }

  // A node's group is the last module that it depends on and the first one that depends on it: what
  // lies between two nodes of one group is of the group too.
  #foldOwnNodes(level: Box, flows: Flow[]) {
    const items = level.children;
    const groupOf = (box: Box): Box => (box.parent === level ? box : groupOf(box.parent!));
    const index = new Map(items.map((item, i) => [item, i]));
    const into: number[][] = items.map(() => []);
    const outOf: number[][] = items.map(() => []);
    for (const flow of flows) {
      const from = index.get(groupOf(flow.from))!;
      const to = index.get(groupOf(flow.to))!;
      if (from >= to) continue; // Back, in a cycle of modules.
      into[to]!.push(from);
      outOf[from]!.push(to);
    }
    const before: number[] = [];
    const after: number[] = [];
    items.forEach((_, i) => {
      before[i] = Math.max(-1, ...into[i]!.map((k) => (items[k]!.kind === "node" ? before[k]! : k)));
    });
    for (let i = items.length - 1; i >= 0; --i) {
      after[i] = Math.min(items.length, ...outOf[i]!.map((k) => (items[k]!.kind === "node" ? after[k]! : k)));
    }
    const groups = new Map<string, Box[]>();
    items.forEach((item, i) => {
      if (item.kind !== "node") return;
      const key = `${before[i]},${after[i]}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key)!.push(item);
    });
    if (groups.size === 1 && items.every((item) => item.kind === "node")) return;
    const folded = new Map<Box, Box>();
    for (const members of groups.values()) {
      if (members.length < 3) continue;
      const group = this.#group(level, members, plural(members.length, "node"), operatorsOf(this.model, members));
      for (const member of members) folded.set(member, group);
    }
    level.children = [...new Set(items.map((item) => folded.get(item) ?? item))];
  }

  // Blocks of what follows each other, of blocks again if there are many.
  #cutIntoBlocks(level: Box) {
    while (level.children.length > MOST) {
      const items = level.children;
      const blocks: Box[] = [];
      const parts = Math.ceil(items.length / BLOCK);
      for (let part = 0; part < parts; ++part) {
        const members = items.slice(Math.floor((part * items.length) / parts), Math.floor(((part + 1) * items.length) / parts));
        const modules = members.filter((member) => member.kind === "module");
        const label = modules.length > 1 ? runLabel(modules) : plural(members.length, members.every((m) => m.kind === "group") ? "block" : "node");
        blocks.push(this.#group(level, members, label, modules.length > 1 ? `×${modules.length}` : operatorsOf(this.model, members)));
      }
      level.children = blocks;
    }
  }

  #group(level: Box, members: Box[], label: string, detail: string): Box {
    const group = this.#add("group", level, level.module, label);
    group.children = members;
    group.detail = detail;
    for (const member of members) {
      member.parent = group;
      group.nodes += member.nodes;
    }
    return group;
  }

  #number(root: Box, depth: number) {
    const waiting: [Box, number][] = [[root, depth]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      next[0].depth = next[1];
      for (const child of next[0].children) waiting.push([child, next[1] + 1]);
    }
  }

  #connect() {
    for (const [level, flows] of flowsBetween(this, () => true)) level.flows = flows;
  }
}

// For each constant that others read, and that is no result, the node that reads it first; -1 for all
// other nodes.
function foldedConstants(model: Model): Int32Array {
  const { nodes, graphs } = model.data;
  const results = new Set(graphs.out.flat());
  return Int32Array.from(nodes.constant, (constant, n) => {
    if (constant === 0 || nodes.out[n]!.some((v) => results.has(v))) return -1;
    for (const v of nodes.out[n]!) {
      const reader = v < 0 ? undefined : model.readers[v]!.find((r) => r > n);
      if (reader !== undefined) return reader;
    }
    return -1;
  });
}

// What flows between the children of each level that is `wanted`: an edge of the model belongs to the
// innermost box around both ends.
function flowsBetween(boxes: Boxes, wanted: (level: Box) => boolean): Map<Box, Flow[]> {
  const found = new Map<Box, Map<number, Flow>>();
  for (const edge of boxes.model.edges) {
    let from = boxes.ofNode[edge.from]!;
    let to = boxes.ofNode[edge.to]!;
    if (from === to || from.node !== edge.from) continue; // A folded constant.
    while (from.depth > to.depth) from = from.parent!;
    while (to.depth > from.depth) to = to.parent!;
    while (from.parent !== to.parent) {
      from = from.parent!;
      to = to.parent!;
    }
    const level = from.parent;
    if (level === null || from === to || !wanted(level)) continue;
    let flows = found.get(level);
    if (flows === undefined) found.set(level, (flows = new Map()));
    const key = from.id * boxes.all.length + to.id;
    const flow = flows.get(key);
    if (flow === undefined) flows.set(key, { from, to, values: [edge.value] });
    else if (!flow.values.includes(edge.value)) flow.values.push(edge.value);
  }
  return new Map([...found].map(([level, flows]) => [level, [...flows.values()]]));
}

function isAlike(model: Model, a: Box, b: Box): boolean {
  return (
    model.className(a.module) === model.className(b.module) &&
    model.parent(a.module) === model.parent(b.module) &&
    a.module !== b.module &&
    a.label.replace(/\d+$/, "") === b.label.replace(/\d+$/, "")
  );
}

// "layer.0" to "layer.11": "layer.0-11".
function runLabel(members: Box[]): string {
  const first = members[0]!.label.split(" ")[0]!;
  const last = members[members.length - 1]!.label.split(" ")[0]!;
  const number = /\d+$/.exec(last);
  return number !== null && first.replace(/\d+(-\d+)?$/, "") === last.replace(/\d+(-\d+)?$/, "")
    ? `${first.replace(/-\d+$/, "")}-${number[0]}`
    : `${cut(first, 40)} … ${cut(last, 40)}`;
}

// The three most frequent operators.
export function operatorsOf(model: Model, members: Box[]): string {
  const counts = new Map<string, number>();
  const waiting = members.slice();
  for (let box = waiting.pop(); box !== undefined; box = waiting.pop()) {
    if (box.kind === "node") counts.set(model.op(box.node), (counts.get(model.op(box.node)) ?? 0) + 1);
    else waiting.push(...box.children);
  }
  const top = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3);
  return top.map(([op, count]) => (count > 1 ? `${op} ×${count}` : op)).join(", ");
}
