import { useLayoutEffect, useRef } from "preact/hooks";
import type { Box } from "./boxes";
import { isOpenable } from "./face";
import { chipHeight, type Item, type Laid, MARGIN, TITLE } from "./layout";
import { Picture } from "./picture";
import type { State } from "./state";

// Of the picture in the window: a point p is seen at k * p + (x, y).
interface Camera {
  x: number;
  y: number;
  k: number;
}

interface Located {
  box: Box; // That was looked for, or the closed one around it.
  x: number;
  y: number;
  width: number;
  height: number;
  item: Item;
  level: Laid;
}

const LEAST = 0.08;
const MOST = 3;
const READABLE = 0.55; // Smaller text is not read.
const EDGE = 14;

// Where a box is in the picture. Null for the root.
function locate(root: Laid, box: Box): Located | null {
  const way: Box[] = [];
  for (let up: Box | null = box; up !== null && up.parent !== null; up = up.parent) way.unshift(up);
  let [x, y, level] = [0, 0, root];
  let found: Located | null = null;
  for (const next of way) {
    const item = level.items.find((i) => i.box === next);
    if (item === undefined) break;
    x += MARGIN + item.x;
    y += TITLE + item.y + chipHeight(item);
    found = { box: next, x, y, width: item.width, height: item.height - chipHeight(item), item, level };
    if (item.laid === null) break;
    level = item.laid;
  }
  return found;
}

export function GraphView({ state }: { state: State }) {
  const frame = useRef<SVGSVGElement>(null);
  const scene = useRef<SVGGElement>(null);
  const camera = useRef<Camera>({ x: 0, y: 0, k: 1 });
  const shown = useRef<Laid | undefined>(undefined);
  const laid = state.laid;
  const selected = state.selectedBox === null ? null : (locate(laid, state.selectedBox)?.box ?? null);

  const look = (next: Camera) => {
    camera.current = next;
    scene.current!.setAttribute("transform", `translate(${next.x.toFixed(2)},${next.y.toFixed(2)}) scale(${next.k.toFixed(4)})`);
  };
  const zoom = (factor: number, x: number, y: number) => {
    const { k, x: x0, y: y0 } = camera.current;
    const next = Math.max(LEAST, Math.min(MOST, k * factor));
    look({ k: next, x: x - ((x - x0) * next) / k, y: y - ((y - y0) * next) / k });
  };
  const zoomInMiddle = (factor: number) => zoom(factor, frame.current!.clientWidth / 2, frame.current!.clientHeight / 2);

  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = laid;
    const { move } = state;
    state.move = null;
    if (move === null) return;
    const size = { width: frame.current!.clientWidth, height: frame.current!.clientHeight };
    if (move.kind === "fit") return look(fitted(laid, size));
    const now = locate(laid, move.box);
    if (now === null) return look(fitted(laid, size));
    const old = before === undefined ? null : locate(before, move.box);
    look(move.kind === "keep" && old !== null && old.box === move.box ? kept(camera.current, old, now, size) : showing(camera.current, now, size));
  });

  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const { left, top } = frame.current!.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) return zoom(Math.exp(-event.deltaY * 0.004), event.clientX - left, event.clientY - top);
    const { x, y, k } = camera.current;
    look({ x: x - event.deltaX, y: y - event.deltaY, k });
  };
  useLayoutEffect(() => {
    const element = frame.current!;
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, []);

  // A drag moves the picture; what does not move is a click.
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const begin = { ...camera.current };
    let moved = false;
    const onMove = (next: PointerEvent) => {
      const [dx, dy] = [next.clientX - event.clientX, next.clientY - event.clientY];
      if (!moved && Math.hypot(dx, dy) < 4) return;
      moved = true;
      look({ k: begin.k, x: begin.x + dx, y: begin.y + dy });
    };
    const onUp = () => {
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onUp);
      if (moved) addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") zoomInMiddle(1.25);
    else if (event.key === "-") zoomInMiddle(0.8);
    else if (event.key === "0") state.fit();
    else if (!walk(state, laid, selected, event.key)) return;
    event.preventDefault();
  };
  const { palette } = state;
  return (
    <div class="graph">
      <svg
        id="graph"
        ref={frame}
        role="application"
        tabindex={0}
        aria-label="Graph of modules. Arrow keys go along edges and to what is beside, Enter opens and closes, Escape goes to the module around."
        aria-activedescendant={selected === null ? undefined : `box${selected.id}`}
        onPointerDown={onPointerDown}
        onKeyDown={onKey}
      >
        <defs>
          <Arrow id="arrow" colour={palette.edge} />
          <Arrow id="arrow-chosen" colour={palette.accent} />
        </defs>
        <g ref={scene}>
          <Picture state={state} laid={laid} marked={{ selected }} />
        </g>
      </svg>
      <div class="zoom">
        <button onClick={() => zoomInMiddle(1.25)} aria-label="Zoom in">
          +
        </button>
        <button onClick={() => zoomInMiddle(0.8)} aria-label="Zoom out">
          −
        </button>
        <button onClick={() => state.fit()} aria-label="Fit the width">
          ⤢
        </button>
      </div>
    </div>
  );
}

function Arrow({ id, colour }: { id: string; colour: string }) {
  return (
    <marker id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" markerUnits="userSpaceOnUse">
      <path d="M0,0.5L8,4L0,7.5z" fill={colour} />
    </marker>
  );
}

type Window = { width: number; height: number };

// The whole width, as far as text can be read then; from the top.
function fitted(laid: Laid, size: Window): Camera {
  const k = Math.max(READABLE, Math.min(1, (size.width - 2 * EDGE) / laid.width));
  return { k, x: Math.max(EDGE, (size.width - laid.width * k) / 2), y: Math.max(EDGE - TITLE * k, (size.height - laid.height * k) / 2) };
}

// The title of the box where it was; then as much of the box as there is room for.
function kept(camera: Camera, old: Located, now: Located, size: Window): Camera {
  const k = Math.min(camera.k, Math.max(READABLE, (size.width - 2 * EDGE) / now.width));
  const x = camera.x + (old.x + old.width / 2) * camera.k - (now.width * k) / 2;
  const y = camera.y + old.y * camera.k;
  return placed(k, now, within(x, now.width * k, size.width), within(y, now.height * k, size.height));
}

function showing(camera: Camera, now: Located, size: Window): Camera {
  const k = Math.max(camera.k, READABLE);
  const [x, y] = [camera.x + now.x * camera.k, camera.y + now.y * camera.k];
  const isSeen = k === camera.k && x >= 0 && y >= 0 && x + Math.min(now.width * k, 160) <= size.width && y + Math.min(now.height * k, 60) <= size.height;
  if (isSeen) return camera;
  return placed(k, now, within((size.width - now.width * k) / 2, now.width * k, size.width), within((size.height - now.height * k) / 2, now.height * k, size.height));
}

// Where a length begins so that it is within the window; what is too long begins at its edge.
function within(begin: number, length: number, room: number): number {
  return Math.max(EDGE, Math.min(begin, room - EDGE - length));
}

// The camera that shows the corner of a box at a point of the window.
function placed(k: number, box: Located, x: number, y: number): Camera {
  return { k, x: x - box.x * k, y: y - box.y * k };
}

// What a key does. False if it is none of the graph's.
function walk(state: State, laid: Laid, selected: Box | null, key: string): boolean {
  const at = selected === null ? null : locate(laid, selected);
  const go = (box: Box | null | undefined) => {
    if (box === null || box === undefined) return;
    state.move = { kind: "show", box };
    state.select(state.placeOfBox(box));
  };
  if (key === "Home") go(laid.items.find((item) => item.box !== null)?.box);
  else if (key === "Enter" || key === " ") at !== null && isOpenable(at.box) && state.toggle(at.box);
  else if (key === "Escape") at !== null && at.box.parent !== state.boxes.root && go(at.box.parent);
  else if (!key.startsWith("Arrow")) return false;
  else if (at === null) go(laid.items.find((item) => item.box !== null)?.box);
  else go(key === "ArrowDown" ? downFrom(at) : key === "ArrowUp" ? upFrom(at) : besides(at, key === "ArrowRight" ? 1 : -1));
  return true;
}

// Into an open box, else along the first edge, else to what comes next.
function downFrom(at: Located): Box | null {
  const inside = at.item.laid?.items.find((item) => item.box !== null)?.box;
  if (inside !== undefined) return inside;
  const ends = at.level.lines.filter((line) => line.from === at.item && line.to.box !== null).map((line) => line.to);
  return first(ends, (a, b) => a.x - b.x) ?? first(at.level.items.filter((item) => item.box !== null && item.y > at.item.y), (a, b) => a.y - b.y || a.x - b.x);
}

function upFrom(at: Located): Box | null {
  const ends = at.level.lines.filter((line) => line.to === at.item && line.from.box !== null).map((line) => line.from);
  return first(ends, (a, b) => a.x - b.x) ?? first(at.level.items.filter((item) => item.box !== null && item.y < at.item.y), (a, b) => b.y - a.y || a.x - b.x);
}

// The nearest to one side, of what is at about the same height if there is any.
function besides(at: Located, side: number): Box | null {
  const beyond = at.level.items.filter((item) => item.box !== null && side * (item.x - at.item.x) > 0);
  const middle = (item: Item) => item.y + item.height / 2;
  const apart = (item: Item) => Math.abs(middle(item) - middle(at.item)) * 3 + Math.abs(item.x - at.item.x);
  return first(beyond, (a, b) => apart(a) - apart(b));
}

function first(items: Item[], order: (a: Item, b: Item) => number): Box | null {
  return items.slice().sort(order)[0]?.box ?? null;
}
