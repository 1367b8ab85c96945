import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { icicle, type IcicleCell } from "./icicle_cells";
import { Bar } from "./picture";
import type { State } from "./state";
import { fit, FONT, lastOf, percent, show, widthOf } from "./text";

const ROW = 20;
const ROWS = 6;
const LEAST = 2; // Pixels: narrower cells are left out.

// The share of each module, with those below it under it. It begins at the module that is zoomed to.
export function IcicleView({ state }: { state: State }) {
  const frame = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(800);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setWidth(frame.current!.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  const { model, size } = state;
  const cells = icicle(model, size, top, ROWS, LEAST / Math.max(width, 1));
  const chosen = state.selected === null ? undefined : cells.find((cell) => cell.module === state.selectedModule);
  // At the top it goes one module out, at what has more below it, in.
  const pick = (cell: IcicleCell) => {
    setTop(cell.module === top ? Math.max(0, model.parent(top)) : model.children[cell.module]!.length > 0 && cell.below ? cell.module : top);
    state.reveal({ kind: "module", module: cell.module });
  };
  const zoom = (module: number, selected = module) => {
    setTop(module);
    state.reveal({ kind: "module", module: selected });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = chosen ?? cells[0]!;
    const next = chosen === undefined && event.key.startsWith("Arrow") ? at : besides(cells, at, event.key);
    if (next !== undefined) state.reveal({ kind: "module", module: next.module });
    else if (event.key === "ArrowUp" || event.key === "Escape") zoom(Math.max(0, model.parent(top)));
    else if (event.key === "Enter" || event.key === " ") zoom(model.children[at.module]!.length > 0 ? at.module : top, at.module);
    else if (event.key === "ArrowDown" && at.below) zoom(at.module);
    else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
  };
  return (
    <section class="icicle" aria-label={`Modules by ${size.title}`}>
      <svg
        ref={frame}
        id="icicle"
        height={ROW * ROWS}
        font-family={FONT}
        font-size="11"
        role="application"
        tabindex={0}
        aria-label={`Shares of ${size.title}. Arrow keys go to what is beside, below and around, Enter shows more below, Escape goes out.`}
        aria-activedescendant={chosen === undefined ? undefined : `cell${chosen.module}`}
        onKeyDown={onKey}
      >
        {cells.map((cell) => (
          <CellView key={cell.module} state={state} cell={cell} width={width} onPick={() => pick(cell)} />
        ))}
      </svg>
    </section>
  );
}

// Where an arrow key leads: along the row, to the first cell below, to the one around.
function besides(cells: IcicleCell[], at: IcicleCell, key: string): IcicleCell | undefined {
  const row = cells.filter((cell) => cell.depth === at.depth);
  if (key === "ArrowLeft") return row[row.indexOf(at) - 1];
  if (key === "ArrowRight") return row[row.indexOf(at) + 1];
  const isUnder = (above: IcicleCell, cell: IcicleCell) => cell.depth === above.depth + 1 && cell.x >= above.x && cell.x < above.x + above.width;
  if (key === "ArrowDown") return cells.find((cell) => isUnder(at, cell));
  return key === "ArrowUp" ? cells.find((cell) => isUnder(cell, at)) : undefined;
}

// Where there is no room for "layer.11", "11" says as much.
function textOf(name: string, room: number): string {
  for (const text of [show(name), show(name.slice(name.lastIndexOf(".") + 1))]) if (widthOf(text, 11) <= room) return text;
  return room < 24 ? "" : fit(show(name), room, 11);
}

interface CellProps {
  state: State;
  cell: IcicleCell;
  width: number;
  onPick(): void;
}

function CellView({ state, cell, width, onPick }: CellProps) {
  const { model, size, palette } = state;
  const path = model.path(cell.module);
  const name = cell.module === 0 ? "(root)" : lastOf(path);
  const amount = state.amountOf(cell.module);
  const whole = size.total[0] ?? 0;
  const share = whole > 0 ? percent((size.total[cell.module] ?? 0) / whole) : "";
  const space = Math.max(0, cell.width * width - 1);
  const text = textOf(name, space - 8);
  const isChosen = state.selected !== null && state.selectedModule === cell.module;
  return (
    <g
      id={`cell${cell.module}`}
      role="img"
      aria-label={`${show(path || "(root)")}: ${amount} ${size.title}, ${share}`}
      transform={`translate(${(cell.x * width).toFixed(1)},${cell.depth * ROW})`}
      class="cell"
      data-module={cell.module}
      cursor="pointer"
      onClick={onPick}
    >
      <title>{`${show(path || "(root)")}: ${amount} ${size.title}, ${share}`}</title>
      <rect width={space.toFixed(1)} height={ROW - 1} rx="2" fill={palette.box} stroke={isChosen ? palette.accent : palette.line} stroke-width={isChosen ? 2 : 1} />
      {space > 6 && <Bar state={state} shares={state.shares.ofModule(cell.module)} x={1} y={ROW - 5} width={space - 2} />}
      <text x="4" y="13" fill={palette.text}>
        {text}
      </text>
    </g>
  );
}
