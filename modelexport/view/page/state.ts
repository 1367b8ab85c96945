// What the page shows now, and what may change it. Everything else follows from the model and this.
import { type Box, Boxes } from "./boxes";
import { type Colouring, colouringsOf, DARK, LIGHT, type Palette, Shares } from "./colours";
import { isOpenable } from "./face";
import { Layout, type Laid } from "./layout";
import type { Model, Size } from "./model";
import { fragmentOf, isSame, type Place, placeOf } from "./place";
import { Search } from "./search";
import { measure } from "./text";

export type Theme = "system" | "light" | "dark";

// What the graph does once it is drawn: keeps the title of a box where it was, or shows a box.
export type Move = { kind: "keep"; box: Box } | { kind: "show"; box: Box } | { kind: "fit" };

export class State {
  readonly boxes: Boxes;
  readonly colourings: Colouring[];
  readonly #layout: Layout;

  open: ReadonlySet<number>; // Ids of open boxes.
  openRows: ReadonlySet<number>; // Modules that are open in the tree.
  selected: Place | null = null;
  size: Size;
  colouring: Colouring;
  shares: Shares;
  only: number | null = null; // A kind of the colouring: all others are faint.
  theme: Theme = "system";
  message = "";
  move: Move | null = { kind: "fit" };
  readonly #allShares = new Map<Colouring, Shares>();

  constructor(
    readonly model: Model,
    private readonly changed: () => void,
  ) {
    this.boxes = new Boxes(model);
    this.colourings = colouringsOf(model);
    this.size = firstSize(model);
    this.colouring = this.colourings[0]!;
    this.shares = this.#sharesOf(this.colouring);
    this.#layout = new Layout(this.boxes, (box) => this.figureOf(box));
    this.open = new Set(firstOpen(this.boxes));
    this.openRows = new Set(firstOpenRows(model));
  }

  #searched: Search | undefined;

  // Made when it is first asked.
  get search(): Search {
    return (this.#searched ??= new Search(this.model));
  }

  get laid(): Laid {
    return this.#layout.of(this.boxes.root, this.open);
  }

  get isDark(): boolean {
    return this.theme === "dark" || (this.theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  }

  get palette(): Palette {
    return this.isDark ? DARK : LIGHT;
  }

  get selectedModule(): number {
    const place = this.selected;
    if (place === null) return 0;
    if (place.kind === "module") return place.module;
    return place.kind === "node" ? this.model.moduleOf[place.node]! : this.boxes.all[place.box]!.module;
  }

  // The box that the selection is, or is folded into; null for what the graph does not have.
  get selectedBox(): Box | null {
    const place = this.selected;
    return place === null ? null : this.boxOf(place);
  }

  boxOf(place: Place): Box | null {
    if (place.kind === "group") return this.boxes.all[place.box]!;
    if (place.kind === "node") return this.boxes.ofNode[place.node] ?? null;
    // Of what is no box, a container, its first module.
    for (let m: number | undefined = place.module; m !== undefined; m = this.model.children[m]![0]) {
      const found: Box | undefined = this.boxes.ofModule.get(m)?.[0];
      if (found !== undefined) return found;
    }
    const node = this.model.ownNodes[place.module]![0];
    return node === undefined ? null : (this.boxes.ofNode[node] ?? null);
  }

  placeOfBox(box: Box): Place {
    if (box.kind === "node") return { kind: "node", node: box.node };
    return box.kind === "group" ? { kind: "group", box: box.id } : { kind: "module", module: box.module };
  }

  // Parameters, or what else the sizes are, of a module.
  figureOf(box: Box): string {
    return box.kind === "module" && (this.size.total[box.module] ?? 0) > 0 ? this.amountOf(box.module) : "";
  }

  amountOf(module: number, size = this.size): string {
    const value = size.total[module] ?? null;
    return (value !== null && size.partial[module] ? "≥ " : "") + measure(value, size.unit);
  }

  // Actions.

  toggle(box: Box) {
    if (!isOpenable(box) || box === this.boxes.root) return;
    const open = new Set(this.open);
    if (!open.delete(box.id)) {
      openInside(box, open);
    }
    this.open = open;
    this.move = { kind: "keep", box };
    this.changed();
  }

  // Selects what a user has pointed at, which is on the screen.
  select(place: Place | null) {
    if (isSame(place, this.selected)) return;
    this.selected = place;
    this.message = "";
    this.#openRowsAbove();
    this.#remember();
    this.changed();
  }

  // Selects and shows: opens what is around it.
  reveal(place: Place, remember = true) {
    this.selected = place;
    this.message = "";
    const box = this.boxOf(place);
    if (box !== null) {
      const open = new Set(this.open);
      for (let up = box.parent; up !== null; up = up.parent) if (isOpenable(up)) open.add(up.id);
      this.open = open;
      this.move = { kind: "show", box };
    }
    this.#openRowsAbove();
    if (remember) this.#remember();
    this.changed();
  }

  toggleRow(module: number) {
    const rows = new Set(this.openRows);
    if (!rows.delete(module)) rows.add(module);
    this.openRows = rows;
    this.changed();
  }

  set(change: Partial<Pick<State, "theme" | "only" | "message">>) {
    Object.assign(this, change);
    this.changed();
  }

  setSize(key: string) {
    this.size = this.model.sizes.find((size) => size.key === key) ?? this.size;
    this.#layout.forget();
    this.changed();
  }

  setColouring(key: string) {
    this.colouring = this.colourings.find((colouring) => colouring.key === key) ?? this.colouring;
    this.shares = this.#sharesOf(this.colouring);
    this.only = null;
    this.changed();
  }

  fit() {
    this.move = { kind: "fit" };
    this.changed();
  }

  // The page's address says what is selected: follows it, without a new entry in the history.
  follow(fragment: string) {
    const place = placeOf(this.model, fragment);
    if (typeof place === "string") this.set({ message: place });
    else if (place !== null) this.reveal(place, false);
    else if (this.selected !== null) {
      this.selected = null;
      this.changed();
    }
  }

  #remember() {
    const fragment = fragmentOf(this.model, this.selected);
    if (fragment === "" || fragment === location.hash) return;
    try {
      history.pushState(null, "", fragment);
    } catch {
      // In a frame of a notebook the address cannot be changed.
    }
  }

  #openRowsAbove() {
    const rows = new Set(this.openRows);
    for (let m = this.model.parent(this.selectedModule); m >= 0; m = this.model.parent(m)) rows.add(m);
    this.openRows = rows;
  }

  #sharesOf(colouring: Colouring): Shares {
    let shares = this.#allShares.get(colouring);
    if (shares === undefined) this.#allShares.set(colouring, (shares = new Shares(this.boxes, colouring)));
    return shares;
  }
}

const SMALL = 12; // Nodes: a box with no more is opened with all that it holds.

// Opens a box, and what in it is alone or small.
function openInside(box: Box, open: Set<number>) {
  if (!isOpenable(box)) return;
  open.add(box.id);
  if (box.nodes <= SMALL || box.children.length === 1) for (const child of box.children) openInside(child, open);
}

// Time where there is one: whoever gives a profile asks for it.
function firstSize(model: Model): Size {
  const sizes = model.sizes.filter((size) => (size.total[0] ?? 0) > 0);
  return sizes.find((size) => size.unit === "us") ?? sizes[0] ?? model.sizes[0]!;
}

const DEEPEST = 6;

// The way to the first level that has something to show: through what is alone, or has more than half
// of the nodes.
function firstOpen(boxes: Boxes): number[] {
  const open: number[] = [];
  for (let box: Box | undefined = boxes.root; box !== undefined && open.length < DEEPEST; ) {
    const total: number = box.nodes;
    const next: Box | undefined = box.children.find((child) => child.kind === "module" && isOpenable(child) && child.nodes > total / 2);
    if (next !== undefined) open.push(next.id);
    box = next;
  }
  return open;
}

const FIRST_ROWS = 24;

// As many levels of the tree as fit.
function firstOpenRows(model: Model): number[] {
  const open: number[] = [];
  let level = [0];
  let rows = 1;
  while (level.length > 0) {
    const next = level.flatMap((m) => model.children[m]!);
    if (open.length > 0 && rows + next.length > FIRST_ROWS) break;
    open.push(...level.filter((m) => model.children[m]!.length > 0));
    rows += next.length;
    level = next;
  }
  return open;
}
