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
  return (
    <section class="icicle" aria-label={`Modules by ${size.title}`}>
      <svg ref={frame} height={ROW * ROWS} font-family={FONT} font-size="11" role="group" aria-label={`Shares of ${size.title}`}>
        {cells.map((cell) => (
          <CellView
            key={cell.module}
            state={state}
            cell={cell}
            width={width}
            onPick={() => {
              setTop(cell.module === top ? Math.max(0, model.parent(top)) : model.children[cell.module]!.length > 0 && cell.below ? cell.module : top);
              state.reveal({ kind: "module", module: cell.module });
            }}
          />
        ))}
      </svg>
    </section>
  );
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
    <g transform={`translate(${(cell.x * width).toFixed(1)},${cell.depth * ROW})`} class="cell" data-module={cell.module} cursor="pointer" onClick={onPick}>
      <title>{`${show(path || "(root)")}: ${amount} ${size.title}, ${share}`}</title>
      <rect width={space.toFixed(1)} height={ROW - 1} rx="2" fill={palette.box} stroke={isChosen ? palette.accent : palette.line} stroke-width={isChosen ? 2 : 1} />
      {space > 6 && <Bar state={state} shares={state.shares.ofModule(cell.module)} x={1} y={ROW - 5} width={space - 2} />}
      <text x="4" y="13" fill={palette.text}>
        {text}
      </text>
    </g>
  );
}
