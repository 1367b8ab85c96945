// Finds modules, classes, operators, nodes and values by a part of their names.
import type { Model } from "./model";
import type { Place } from "./place";
import { shortClass } from "./text";

export interface Hit {
  what: string; // "module", "class", "operator", "node", "value".
  text: string;
  detail: string;
  place: Place;
}

const MOST = 60;

export class Search {
  readonly #lists: { what: string; names: string[]; hit(i: number): Hit | null }[];

  constructor(model: Model) {
    const { data } = model;
    const paths = Array.from({ length: model.modules }, (_, m) => model.path(m));
    const nodePlace = (node: number): Place => ({ kind: "node", node });
    this.#lists = [
      {
        what: "module",
        names: paths.map(lower),
        hit: (m) => ({ what: "module", text: paths[m] || "(root)", detail: shortClass(model.className(m)), place: { kind: "module", module: m } }),
      },
      {
        what: "class",
        names: data.modules.class.map((name) => lower(shortClass(name))),
        hit: (m) => ({ what: "class", text: shortClass(model.className(m)), detail: paths[m] || "(root)", place: { kind: "module", module: m } }),
      },
      {
        what: "node",
        names: data.nodes.name.map((name, n) => `${lower(name)} ${lower(model.op(n))}`),
        hit: (n) => ({ what: "node", text: data.nodes.name[n] || model.place(n), detail: model.op(n), place: nodePlace(n) }),
      },
      {
        what: "value",
        names: data.values.name.map(lower),
        hit: (v) => {
          const node = model.producer[v]! >= 0 ? model.producer[v]! : model.readers[v]![0];
          return node === undefined ? null : { what: "value", text: data.values.name[v]!, detail: model.type(v), place: nodePlace(node) };
        },
      },
    ];
  }

  // At most MOST, no more than a third of them of one sort while there are others. Names that are the
  // text, or begin or end with it, come first.
  find(text: string): Hit[] {
    const wanted = lower(text.trim());
    if (wanted === "") return [];
    const found = this.#lists.map((list) => {
      const ranked: [number, number][] = [];
      list.names.forEach((name, i) => {
        const at = name.indexOf(wanted);
        if (at >= 0) ranked.push([name === wanted ? 0 : at === 0 || at + wanted.length === name.length ? 1 : 2, i]);
      });
      ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      return ranked.slice(0, MOST).map(([, i]) => list.hit(i)).filter((hit) => hit !== null);
    });
    const fair = Math.ceil(MOST / 3);
    return found.flatMap((hits) => hits.slice(0, fair)).slice(0, MOST);
  }
}

function lower(text: string): string {
  return text.toLowerCase();
}
