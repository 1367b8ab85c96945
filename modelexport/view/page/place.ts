// What of the model is selected, and how a URL's fragment says so.
import type { Model } from "./model";

export type Place = { kind: "module"; module: number } | { kind: "node"; node: number } | { kind: "group"; box: number };

const LONGEST = 200; // Of a name in a fragment.

// "#m=encoder.layer.0", "#n=12:/encoder/MatMul": the number counts if the name is that of the node.
export function fragmentOf(model: Model, place: Place | null): string {
  if (place === null || place.kind === "group") return "";
  if (place.kind === "module") return `#m=${encodeURIComponent(wellFormed(model.path(place.module)))}`;
  const name = wellFormed(model.data.nodes.name[place.node]!.slice(0, LONGEST));
  return `#n=${place.node}:${encodeURIComponent(name)}`;
}

// encodeURIComponent throws at half a surrogate pair.
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

// What the fragment names; a string says that there is no such thing. Null: it names nothing.
export function placeOf(model: Model, fragment: string): Place | string | null {
  let text: string;
  try {
    text = decodeURIComponent(fragment.replace(/^#/, ""));
  } catch {
    return "The link is damaged.";
  }
  if (text.startsWith("m=")) {
    for (let m = 0; m < model.modules; ++m) if (wellFormed(model.path(m)) === text.slice(2)) return { kind: "module", module: m };
    return `There is no module ${text.slice(2)}`;
  }
  const found = /^n=(\d*):([^]*)$/.exec(text);
  if (found === null) return text === "" ? null : "The link names neither a module nor a node.";
  const named = (name: string) => wellFormed(name.slice(0, LONGEST)) === found[2];
  const names = model.data.nodes.name;
  const index = Number(found[1]);
  if (found[1] !== "" && index < names.length && named(names[index]!)) return { kind: "node", node: index };
  const other = found[2] === "" ? -1 : names.findIndex(named);
  return other < 0 ? `There is no node ${found[2] || found[1]}` : { kind: "node", node: other };
}

export function isSame(a: Place | null, b: Place | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
