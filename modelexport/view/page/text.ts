// Names and numbers as people are shown them. Names come from files of others: they may hold anything.

// Controls, what reverses or hides text, and line separators. ZWJ and ZWNJ stay: emoji and Persian
// need them.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
const MARKS = /(\p{M}{2})\p{M}+/gu; // More than two marks on one letter leave the row.
const LONGEST = 300;

export function show(name: string): string {
  if (name === "") return "(unnamed)";
  return cut(name, LONGEST)
    .replace(MARKS, "$1")
    .replace(UNSAFE, (c) => {
      const code = c.charCodeAt(0);
      return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
    });
}

// The last segment of a path, with the one before it where the last is a number: "stages.1".
export function lastOf(path: string): string {
  const atoms = path.split(".");
  const last = atoms[atoms.length - 1]!;
  return atoms.length > 1 && /^\d+$/.test(last) ? `${atoms[atoms.length - 2]}.${last}` : last;
}

// Exporters write the module before the value: "/encoder/Add_output_0" -> "Add_output_0".
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/", name.length - 2) + 1);
}

// "torch.nn.modules.linear.Linear" -> "Linear".
export function shortClass(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

// No more than `most` characters, the last an ellipsis if some are left out. Whole graphemes.
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most);
  const graphemes = [...new Intl.Segmenter().segment(start)];
  return start.slice(0, graphemes[graphemes.length - 1]!.index) + "…";
}

const pen = document.createElement("canvas").getContext("2d")!;
export const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

export function widthOf(text: string, size: number, bold = false): number {
  pen.font = `${bold ? "600 " : ""}${size}px ${FONT}`;
  return pen.measureText(text).width;
}

// As much of `text` as `width` has room for.
export function fit(text: string, width: number, size: number, bold = false): string {
  if (text.length * size < width || widthOf(text, size, bold) <= width) return text;
  let least = 0;
  let most = text.length;
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if (widthOf(cut(text, middle) + "…", size, bold) <= width) least = middle;
    else most = middle - 1;
  }
  return least === 0 ? "" : cut(text, least);
}

const STEPS: [number, string][] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
];

// 123, 4.5k, 6.7M; "?" if unknown.
export function quantity(count: number | null): string {
  if (count === null) return "?";
  for (const [step, letter] of STEPS) {
    if (count >= step * 0.9995) return `${(count / step).toPrecision(3)}${letter}`;
  }
  return Number.isInteger(count) ? String(count) : count.toPrecision(3);
}

// 12 B, 3.4 kB, 5.6 MB.
export function bytes(count: number | null): string {
  if (count === null) return "?";
  const text = quantity(count);
  const letter = text.slice(-1);
  if (!/[a-zA-Z]/.test(letter)) return `${text} B`;
  return `${text.slice(0, -1)} ${letter === "B" ? "G" : letter}B`;
}

const TIMES: [number, string][] = [
  [1e6, "s"],
  [1e3, "ms"],
  [0, "us"],
];

// A number with its unit: bytes (B) and microseconds (us) by their size.
export function measure(value: number | null, unit: string): string {
  if (value === null) return "?";
  if (unit === "B") return bytes(value);
  if (unit !== "us") return quantity(value) + (unit === "" ? "" : ` ${show(unit)}`);
  const [step, word] = TIMES.find(([least]) => value >= least) ?? [0, "us"];
  return `${Number((value / (step || 1)).toPrecision(3))} ${word}`;
}

export function percent(part: number): string {
  if (part > 0 && part < 0.001) return "<0.1 %";
  if (part < 1 && part > 0.999) return ">99.9 %";
  return `${(100 * part).toFixed(part === 1 ? 0 : 1)} %`;
}

// "float[1, 64, 56, 56]" -> "1×64×56×56".
export function shapeOf(type: string): string {
  const found = /^[a-z0-9_]+\[(.*)\]$/.exec(type);
  if (found === null) return type;
  return found[1] === "" ? "[]" : found[1]!.split(", ").map((size) => cut(size, 7)).join("×");
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
