// The model of the page's data with what follows from it: children, readers, figures.
import type { Data } from "./data";

export interface Edge {
  from: number; // Nodes.
  to: number;
  value: number;
}

// A way to give modules sizes. Those of a module's children and its own add up to its total, but for
// weights that several of them read.
export interface Size {
  key: string;
  title: string;
  unit: string;
  total: (number | null)[]; // By module.
  own: (number | null)[];
  partial: boolean[]; // By module: whether the total is only what is known of it.
}

// A module whose work a node does besides that of its own.
export interface Also {
  node: number;
  module: number;
  reason: string;
}

export class Model {
  // Modules of the data, then one more for nodes that nothing attributes to a module, if there are any.
  readonly modules: number;
  readonly unattributed: number; // -1: none.
  readonly children: number[][] = [];
  readonly ownNodes: number[][] = [];
  readonly nodeTotal: Int32Array;
  readonly moduleOf: Int32Array; // By node.
  readonly producer: Int32Array; // By value; -1: none.
  readonly weightOf: Int32Array; // By value; -1: none.
  readonly readers: number[][]; // By value: nodes.
  readonly edges: Edge[] = [];
  readonly alsoOfNode = new Map<number, Also[]>();
  readonly alsoOfModule = new Map<number, Also[]>();
  readonly sizes: Size[];
  readonly #graphEnd: number[];

  constructor(readonly data: Data) {
    const known = data.modules.path.length;
    const lost = data.nodes.module.some((m) => m < 0);
    this.unattributed = lost ? known : -1;
    this.modules = known + (lost ? 1 : 0);
    this.moduleOf = Int32Array.from(data.nodes.module, (m) => (m < 0 ? known : m));
    for (let m = 0; m < this.modules; ++m) {
      this.children.push([]);
      this.ownNodes.push([]);
    }
    for (let m = 1; m < this.modules; ++m) this.children[this.parent(m)]!.push(m);
    this.moduleOf.forEach((m, n) => this.ownNodes[m]!.push(n));
    this.nodeTotal = Int32Array.from(this.ownNodes, (own) => own.length);
    for (let m = this.modules - 1; m > 0; --m) this.nodeTotal[this.parent(m)]! += this.nodeTotal[m]!;

    const values = data.values.name.length;
    this.producer = new Int32Array(values).fill(-1);
    this.weightOf = new Int32Array(values).fill(-1);
    this.readers = Array.from({ length: values }, () => []);
    data.nodes.out.forEach((out, n) => {
      for (const v of out) if (v >= 0) this.producer[v] = n;
    });
    data.weights.value.forEach((v, w) => (this.weightOf[v] = w));
    this.#connect();
    data.also.node.forEach((node, i) => {
      const also = { node, module: data.also.module[i]!, reason: data.also.reason[i]! };
      append(this.alsoOfNode, node, also);
      append(this.alsoOfModule, also.module, also);
    });
    this.#graphEnd = data.graphs.first.map((first, g) => first + data.graphs.count[g]!);
    this.sizes = this.#measure();
  }

  // Preorder: the parent of the last one, which has none in the data, is the root.
  parent(module: number): number {
    return module === 0 ? -1 : (this.data.modules.parent[module] ?? 0);
  }

  path(module: number): string {
    return module === this.unattributed ? "(not attributed)" : this.data.modules.path[module]!;
  }

  className(module: number): string {
    return this.data.modules.class[module] ?? "";
  }

  classPath(module: number): string {
    return this.data.modules.class_path[module] ?? "";
  }

  // Whether the module has nodes of its own or is ever called: all others only hold modules.
  isBox(module: number): boolean {
    if (module === 0) return true;
    if (module === this.unattributed) return false;
    return this.data.modules.called[module] === 1 || this.ownNodes[module]!.length > 0;
  }

  op(node: number): string {
    return this.data.operators[this.data.nodes.op[node]!]!;
  }

  type(value: number): string {
    return this.data.types[this.data.values.type[value]!]!;
  }

  evidence(node: number): string {
    return this.data.evidence[this.data.nodes.evidence[node]!] ?? "?";
  }

  // As "#3": GraphView::Place().
  place(node: number): string {
    const { first, place } = this.data.graphs;
    const graph = first.findIndex((begin, g) => node >= begin && node < this.#graphEnd[g]!);
    return graph < 0 ? `#${node}` : `${place[graph]}#${node - first[graph]!}`;
  }

  // Calls of one module are numbered in the order entered.
  ordinalOfCall(call: number): number {
    this.#ordinals ??= this.#countCalls();
    return this.#ordinals[call]!;
  }

  callsOf(module: number): number {
    this.#ordinals ??= this.#countCalls();
    return this.#callCounts[module] ?? 0;
  }

  #ordinals: number[] | undefined;
  #callCounts: number[] = [];

  #countCalls(): number[] {
    this.#callCounts = new Array<number>(this.modules).fill(0);
    return this.data.calls.module.map((m) => this.#callCounts[m]!++);
  }

  // What nodes read of each other, and what a node hands on of its bodies' results.
  #connect() {
    const { nodes, graphs } = this.data;
    const add = (value: number, to: number) => {
      this.readers[value]!.push(to);
      const from = this.producer[value]!;
      if (from >= 0) this.edges.push({ from, to, value });
    };
    nodes.in.forEach((inputs, n) => {
      for (const v of inputs) if (v >= 0) add(v, n);
    });
    graphs.parent.forEach((parent, g) => {
      if (parent >= 0) for (const v of graphs.out[g]!) add(v, parent);
    });
  }

  #measure(): Size[] {
    const { modules, unattributed, all, metrics } = this.data;
    const extended = (column: (number | null)[], last: number | null, whole: number | null) => {
      const copy = this.unattributed < 0 ? column.slice() : [...column, last];
      if (whole !== null) copy[0] = whole;
      return copy;
    };
    const sizes: Size[] = [
      {
        key: "parameters",
        title: "parameters",
        unit: "",
        total: extended(modules.parameters, unattributed.parameters, all.parameters),
        own: extended(modules.own_parameters, unattributed.parameters, null),
        partial: [],
      },
      {
        key: "bytes",
        title: "bytes",
        unit: "B",
        total: extended(modules.bytes, unattributed.bytes, all.bytes),
        own: extended(modules.own_bytes, unattributed.bytes, null),
        partial: [],
      },
      {
        key: "nodes",
        title: "nodes",
        unit: "",
        total: Array.from(this.nodeTotal),
        own: this.ownNodes.map((own) => own.length),
        partial: [],
      },
    ];
    for (const metric of metrics) sizes.push(this.#sumUp(metric));
    return sizes;
  }

  // Of a module of whose nodes nothing is known it is not known; of one without nodes it is 0.
  #sumUp(metric: Data["metrics"][number]): Size {
    const own = this.ownNodes.map((nodes) => knownOf(metric, nodes));
    const total = own.map((known) => ({ ...known }));
    for (let m = this.modules - 1; m > 0; --m) {
      const parent = total[this.parent(m)]!;
      parent.sum += total[m]!.sum;
      parent.nodes += total[m]!.nodes;
    }
    return {
      key: metric.key,
      title: metric.title,
      unit: metric.unit,
      own: own.map((known, m) => (known.nodes === 0 && this.ownNodes[m]!.length > 0 ? null : known.sum)),
      total: total.map((known, m) => (known.nodes === 0 && this.nodeTotal[m]! > 0 ? null : known.sum)),
      partial: total.map((known, m) => known.nodes < this.nodeTotal[m]!),
    };
  }
}

function append<T>(lists: Map<number, T[]>, key: number, item: T) {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function knownOf(metric: Data["metrics"][number], nodes: number[]): { sum: number; nodes: number } {
  const known = nodes.map((node) => metric.of_nodes[node] ?? null).filter((value) => value !== null);
  return { sum: known.reduce((a, b) => a + b, 0), nodes: known.length };
}
