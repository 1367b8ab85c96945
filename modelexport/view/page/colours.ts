// Colours of the page's pictures, as plain values: an exported picture has no style sheet.
import type { Box, Boxes } from "./boxes";
import type { Data } from "./data";
import type { Model } from "./model";

export interface Palette {
  paper: string;
  level: string[]; // Of open boxes, by depth.
  box: string;
  group: string;
  port: string;
  line: string;
  edge: string;
  text: string;
  dim: string;
  accent: string;
  accentText: string;
  kinds: string[]; // In order of frequency.
  heat: string[]; // From hot to cold.
  other: string;
  strong: string;
  medium: string;
  weak: string;
  none: string;
}

export const LIGHT: Palette = {
  paper: "#f6f7f9",
  level: ["#f6f7f9", "#ffffff", "#f1f4f9", "#ffffff", "#eef2f8"],
  box: "#ffffff",
  group: "#f7f3ea",
  port: "#e6ebf2",
  line: "#c3cad6",
  edge: "#8793a6",
  text: "#1b2330",
  dim: "#596477",
  accent: "#1f5fd0",
  accentText: "#ffffff",
  kinds: ["#3b7dd8", "#e07b39", "#2f9e77", "#a259c4", "#d3a11f", "#d9536f", "#2ba6b8", "#7a8b3c"],
  heat: ["#c2341d", "#e8822e", "#e9bd4f", "#b9c6d6", "#dde3ea"],
  other: "#98a2b1",
  strong: "#2f9e77",
  medium: "#3b7dd8",
  weak: "#e0a024",
  none: "#d0424f",
};

export const DARK: Palette = {
  paper: "#14181f",
  level: ["#14181f", "#1b212b", "#161b23", "#1e2530", "#171d26"],
  box: "#242c38",
  group: "#2e2a22",
  port: "#2b3442",
  line: "#434f61",
  edge: "#8492a6",
  text: "#e8edf4",
  dim: "#a3b0c2",
  accent: "#78a9ff",
  accentText: "#0e1420",
  kinds: ["#6aa5f0", "#f0995b", "#4fc39a", "#c084e0", "#e5bd4a", "#ef7c93", "#55c6d6", "#a5b863"],
  heat: ["#ff6a4d", "#f0995b", "#d9b24a", "#56657a", "#333d4b"],
  other: "#7d8898",
  strong: "#4fc39a",
  medium: "#6aa5f0",
  weak: "#e5bd4a",
  none: "#f0707b",
};

// One way to colour nodes: a few kinds, each with a word and a colour.
export interface Kind {
  word: string;
  count: number;
  colour(palette: Palette): string;
}

export interface Colouring {
  key: string;
  title: string;
  kinds: Kind[];
  kindOf(node: number): number;
}

// Words of modelexport.evidence by how much they say: where a node ran; what it reads, or the run as a
// whole; other nodes' owners. What later versions add is of the second sort.
const STRONG = new Set(["carried", "scope_metadata", "node_name", "value_name", "fx_name"]);
const WEAK = new Set(["dataflow", "inherited"]);

function colourOfEvidence(word: string): (palette: Palette) => string {
  if (word === "none") return (p) => p.none;
  if (STRONG.has(word)) return (p) => p.strong;
  return WEAK.has(word) ? (p) => p.weak : (p) => p.medium;
}

function byEvidence(model: Model): Colouring {
  const kinds: Kind[] = model.data.evidence.map((word) => ({ word, count: 0, colour: colourOfEvidence(word) }));
  for (const kind of model.data.nodes.evidence) ++kinds[kind]!.count;
  return { key: "evidence", title: "evidence", kinds, kindOf: (node) => model.data.nodes.evidence[node]! };
}

function byOperator(model: Model): Colouring {
  const counts = model.data.operators.map(() => 0);
  model.data.nodes.op.forEach((op, n) => {
    if (model.data.nodes.constant[n] === 0) ++counts[op]!;
  });
  const order = counts.map((_, op) => op).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const named = LIGHT.kinds.length;
  const kinds: Kind[] = order.slice(0, named).map((op, i) => ({
    word: model.data.operators[op]!,
    count: counts[op]!,
    colour: (p) => p.kinds[i]!,
  }));
  const rest = order.slice(named).reduce((all, op) => all + counts[op]!, 0);
  const constants = model.data.nodes.constant.reduce((a, b) => a + b, 0);
  if (rest > 0) kinds.push({ word: "others", count: rest, colour: (p) => p.other });
  if (constants > 0) kinds.push({ word: "constants", count: constants, colour: (p) => p.line });
  const kindOfOp = counts.map(() => named);
  order.slice(0, named).forEach((op, i) => (kindOfOp[op] = i));
  const last = kinds.length - 1;
  return {
    key: "operator",
    title: "operator",
    kinds,
    kindOf: (node) => (model.data.nodes.constant[node] === 1 ? last : kindOfOp[model.data.nodes.op[node]!]!),
  };
}

// From which share of the whole a node is of a kind, the greatest first.
const SHARES: [number, string][] = [
  [0.05, "5 % and more"],
  [0.02, "2 to 5 %"],
  [0.005, "0.5 to 2 %"],
  [1e-12, "less"],
  [-Infinity, "none"],
];

function byMetric(metric: Data["metrics"][number]): Colouring {
  const whole = metric.of_nodes.reduce<number>((all, value) => all + (value ?? 0), 0) || 1;
  const unknown = SHARES.length;
  const kindOf = (node: number) => {
    const value = metric.of_nodes[node] ?? null;
    return value === null ? unknown : SHARES.findIndex(([least]) => value / whole >= least);
  };
  const kinds: Kind[] = [...SHARES.map(([, word]) => word), "unknown"].map((word, i) => ({
    word,
    count: 0,
    colour: (p) => (i === unknown ? p.none : p.heat[i]!),
  }));
  for (let n = 0; n < metric.of_nodes.length; ++n) ++kinds[kindOf(n)]!.count;
  return { key: metric.key, title: metric.title, kinds, kindOf };
}

function byMarks(marks: Data["marks"][number]): Colouring {
  const kinds: Kind[] = marks.words.map((word, i) => ({
    word,
    count: 0,
    colour: (p) => [p.other, p.medium, p.weak, p.none][Math.min(i, 3)]!,
  }));
  for (const mark of marks.of_nodes) ++kinds[mark]!.count;
  return { key: marks.key, title: marks.title, kinds, kindOf: (node) => marks.of_nodes[node]! };
}

export function colouringsOf(model: Model): Colouring[] {
  const { metrics, marks } = model.data;
  return [byOperator(model), byEvidence(model), ...metrics.map(byMetric), ...marks.map(byMarks)];
}

export interface Share {
  kind: number;
  share: number;
}

// The parts of each kind among the nodes of boxes and modules, counted once for each colouring.
export class Shares {
  readonly #kinds: number;
  readonly #ofBoxes: Int32Array; // By box, then by kind.
  readonly #ofModules: Int32Array;

  constructor(boxes: Boxes, colouring: Colouring) {
    const { model } = boxes;
    const kinds = (this.#kinds = colouring.kinds.length);
    const ofBoxes = (this.#ofBoxes = new Int32Array(boxes.all.length * kinds));
    const ofModules = (this.#ofModules = new Int32Array(model.modules * kinds));
    const nodes = model.data.nodes.name.length;
    for (let n = 0; n < nodes; ++n) {
      const kind = colouring.kindOf(n);
      for (let box: Box | null = boxes.ofNode[n] ?? null; box !== null; box = box.parent) ++ofBoxes[box.id * kinds + kind]!;
      for (let m = model.moduleOf[n]!; m >= 0; m = model.parent(m)) ++ofModules[m * kinds + kind]!;
    }
  }

  ofBox(box: Box): Share[] {
    return this.#sharesAt(this.#ofBoxes, box.id);
  }

  ofModule(module: number): Share[] {
    return this.#sharesAt(this.#ofModules, module);
  }

  // In order of kinds.
  #sharesAt(counts: Int32Array, row: number): Share[] {
    const shares: Share[] = [];
    let total = 0;
    for (let kind = 0; kind < this.#kinds; ++kind) {
      const count = counts[row * this.#kinds + kind]!;
      total += count;
      if (count > 0) shares.push({ kind, share: count });
    }
    for (const part of shares) part.share /= total;
    return shares;
  }
}
