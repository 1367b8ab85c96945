// The graph as SVG: open boxes with what they hold, closed ones with what they say of themselves.
import type { Box } from "./boxes";
import type { Share } from "./colours";
import { headOf, isOpenable } from "./face";
import { chipHeight, type Item, type Laid, type Line, MARGIN, type Point, TITLE } from "./layout";
import type { State } from "./state";
import { fit, FONT, shapeOf, shortClass, show, widthOf } from "./text";

export interface Marked {
  selected: Box | null; // What is drawn of the selection: its box, or the closed one around it.
}

export function Picture({ state, laid, marked }: { state: State; laid: Laid; marked: Marked }) {
  return (
    <g font-family={FONT} font-size="11" fill={state.palette.text}>
      {levelsOf(laid).map((level) => (
        <Level key={level.key} state={state} level={level} marked={marked} />
      ))}
    </g>
  );
}

// The content of an open box, of which the upper left corner is at (x, y) of the picture.
interface PlacedLevel {
  key: number; // The id of its box.
  laid: Laid;
  x: number;
  y: number;
  depth: number;
}

// Each before those in it. They are drawn one over the other, not one within the other: models may be
// nested deeper than what draws them.
function levelsOf(root: Laid): PlacedLevel[] {
  const levels: PlacedLevel[] = [{ key: -1, laid: root, x: 0, y: 0, depth: 0 }];
  for (let i = 0; i < levels.length; ++i) {
    const { laid, x, y, depth } = levels[i]!;
    for (const item of laid.items) {
      if (item.laid === null) continue;
      levels.push({
        key: item.box!.id,
        laid: item.laid,
        x: x + MARGIN + item.x,
        y: y + TITLE + item.y + chipHeight(item),
        depth: depth + 1,
      });
    }
  }
  return levels;
}

interface LevelProps {
  state: State;
  level: PlacedLevel;
  marked: Marked;
}

function Level({ state, level, marked }: LevelProps) {
  const { laid, depth } = level;
  const chosen = laid.items.find((item) => item.box !== null && item.box === marked.selected);
  const labelled = new Set<string>();
  return (
    <g class="level" data-size={`${laid.width},${laid.height}`} transform={`translate(${(level.x + MARGIN).toFixed(1)},${(level.y + TITLE).toFixed(1)})`}>
      {laid.lines.map((line, i) => {
        const isNew = isFirst(line, labelled);
        const isChosen = line.from === chosen || line.to === chosen;
        return <Edge key={i} state={state} line={line} isChosen={isChosen && chosen !== undefined} isLabelled={isNew} />;
      })}
      {laid.items.map((item) => (
        <Thing key={item.box?.id ?? item.port!.id} state={state} item={item} depth={depth} marked={marked} />
      ))}
      {chosen !== undefined && <Far state={state} laid={laid} chosen={chosen} />}
    </g>
  );
}

// A value that several items read is labelled once.
function isFirst(line: Line, labelled: Set<string>): boolean {
  const key = `${line.from.box?.id ?? line.from.port!.id}:${line.values.join()}`;
  if (labelled.has(key)) return false;
  labelled.add(key);
  return true;
}

// Edges that chips stand for, of the selected item alone.
function Far({ state, laid, chosen }: { state: State; laid: Laid; chosen: Item }) {
  const ends: [Item, Item][] = laid.items.flatMap((item) =>
    item.chips.filter((chip) => chip.from === chosen || item === chosen).map((chip): [Item, Item] => [chip.from, item]),
  );
  return (
    <g fill="none" stroke={state.palette.accent} stroke-width="1.5" stroke-dasharray="5 4" pointer-events="none">
      {ends.map(([from, to], i) => {
        const [x1, y1] = [from.x + from.width / 2, from.y + from.height];
        const [x2, y2] = [to.x + to.width / 2, to.y];
        return <path key={i} d={`M${x1},${y1}C${x1},${y1 + 60} ${x2},${y2 - 60} ${x2},${y2}`} />;
      })}
    </g>
  );
}

interface EdgeProps {
  state: State;
  line: Line;
  isChosen: boolean;
  isLabelled: boolean;
}

function Edge({ state, line, isChosen, isLabelled }: EdgeProps) {
  const { palette } = state;
  const colour = isChosen ? palette.accent : palette.edge;
  const label = isLabelled ? labelOf(state, line.values) : "";
  const middle = middleOf(line.points);
  return (
    <g>
      <path
        class="edge"
        d={pathOf(line.points)}
        fill="none"
        stroke={colour}
        stroke-width={isChosen ? 2 : 1.2}
        marker-end={isChosen ? "url(#arrow-chosen)" : "url(#arrow)"}
      />
      {label !== "" && (
        <text
          x={middle.x}
          y={middle.y + 3}
          font-size="10"
          text-anchor="middle"
          fill={isChosen ? palette.accent : palette.dim}
          stroke={palette.paper}
          stroke-width="3"
          stroke-linejoin="round"
          paint-order="stroke"
        >
          {label}
        </text>
      )}
    </g>
  );
}

function labelOf(state: State, values: number[]): string {
  if (values.length > 1) return `${values.length} tensors`;
  const type = state.model.type(values[0]!);
  return type === "?" ? "" : fit(shapeOf(show(type)), 130, 10);
}

// Through the points as a spline that begins and ends at the first and last.
function pathOf(points: Point[]): string {
  const [first, ...rest] = points;
  let path = `M${round(first!)}`;
  for (let i = 0; i < rest.length - 1; ++i) {
    const [a, b] = [rest[i]!, rest[i + 1]!];
    const end = i === rest.length - 2 ? b : { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    path += `Q${round(a)} ${round(end)}`;
  }
  return rest.length === 1 ? `${path}L${round(rest[0]!)}` : path;
}

function round(point: Point): string {
  return `${point.x.toFixed(1)},${point.y.toFixed(1)}`;
}

function middleOf(points: Point[]): Point {
  if (points.length % 2 === 1) return points[points.length >> 1]!;
  const [a, b] = [points[points.length / 2 - 1]!, points[points.length / 2]!];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

interface ThingProps {
  state: State;
  item: Item;
  depth: number;
  marked: Marked;
}

function Thing({ state, item, depth, marked }: ThingProps) {
  const chips = chipHeight(item);
  return (
    <g class="item" data-size={`${item.width},${item.height}`} transform={`translate(${item.x.toFixed(1)},${item.y.toFixed(1)})`}>
      {item.chips.map((chip, i) => (
        <g key={i} transform={`translate(${item.width / 2},${i * 17})`}>
          <rect x={-widthOf(chip.label, 10) / 2 - 12} width={widthOf(chip.label, 10) + 24} height="15" rx="7.5" fill={state.palette.port} />
          <text y="11" font-size="10" text-anchor="middle" fill={state.palette.dim}>
            {`↳ ${chip.label}`}
          </text>
        </g>
      ))}
      <g transform={`translate(0,${chips})`}>
        {item.box === null ? (
          <PortFace state={state} item={item} />
        ) : item.laid !== null ? (
          <OpenBox state={state} item={item} box={item.box} laid={item.laid} depth={depth + 1} isChosen={marked.selected === item.box} />
        ) : (
          <ClosedBox state={state} item={item} box={item.box} height={item.height - chips} isChosen={marked.selected === item.box} />
        )}
      </g>
    </g>
  );
}

function PortFace({ state, item }: { state: State; item: Item }) {
  const types = item.port!.values.slice(0, 8).map((v) => `${show(state.model.data.values.name[v]!)}: ${show(state.model.type(v))}`);
  return (
    <g>
      <title>{types.join("\n")}</title>
      <rect width={item.width} height="22" rx="11" fill={state.palette.port} />
      <text x={item.width / 2} y="15" text-anchor="middle" fill={state.palette.dim}>
        {item.face.title}
      </text>
    </g>
  );
}

// What of the box has the kind that the legend has picked.
function opacityOf(state: State, box: Box): number {
  const { only } = state;
  return only === null || state.shares.ofBox(box).some((part) => part.kind === only) ? 1 : 0.25;
}

interface OpenBoxProps {
  state: State;
  item: Item;
  box: Box;
  laid: Laid;
  depth: number;
  isChosen: boolean;
}

// What it holds is a level of its own.
function OpenBox({ state, item, box, laid, depth, isChosen }: OpenBoxProps) {
  const { palette } = state;
  const head = headOf(state.boxes, box, state.figureOf(box));
  const title = fit(head.title, item.width - 60, 13, true);
  const titleWidth = widthOf(title, 13, true);
  return (
    <g>
      <rect
        width={laid.width}
        height={laid.height}
        rx="8"
        fill={palette.level[((depth - 1) % (palette.level.length - 1)) + 1]}
        stroke={isChosen ? palette.accent : palette.line}
        stroke-width={isChosen ? 2.5 : 1}
      />
      <g {...buttonOf(state, box, isChosen)} aria-expanded={true}>
        <title>{tooltipOf(state, box)}</title>
        <rect x="2" y="2" width={laid.width - 4} height={TITLE - 8} rx="6" fill="transparent" />
        <Toggle state={state} box={box} sign="−" />
        <text x="30" y="21" font-size="13" font-weight="600">
          {title}
        </text>
        <text x={38 + titleWidth} y="21" fill={palette.dim}>
          {fit(head.detail, laid.width - titleWidth - 50, 11)}
        </text>
      </g>
    </g>
  );
}

function ClosedBox({ state, item, box, height, isChosen }: { state: State; item: Item; box: Box; height: number; isChosen: boolean }) {
  const { palette } = state;
  const openable = isOpenable(box);
  const shares = state.shares.ofBox(box);
  const isNode = box.kind === "node" || item.face.single >= 0;
  const left = openable ? 28 : isNode ? 14 : 12;
  const main = shares[0] === undefined ? palette.other : state.colouring.kinds[mainKind(shares)]!.colour(palette);
  return (
    <g {...buttonOf(state, box, isChosen)} aria-expanded={openable ? false : undefined} opacity={opacityOf(state, box)}>
      <title>{tooltipOf(state, box)}</title>
      {box.kind === "group" && <rect x="4" y="-4" width={item.width - 4} height={height} rx="6" fill={palette.group} stroke={palette.line} />}
      <rect
        width={item.width}
        height={height}
        rx="6"
        fill={box.kind === "group" ? palette.group : palette.box}
        stroke={isChosen ? palette.accent : palette.line}
        stroke-width={isChosen ? 2.5 : 1}
      />
      {isNode ? (
        <rect x="4" y="5" width="4" height={height - 10} rx="2" fill={main} />
      ) : (
        <Bar state={state} shares={shares} x={8} y={height - 6} width={item.width - 16} />
      )}
      {openable && <Toggle state={state} box={box} sign="+" />}
      <text x={left} y={item.face.detail === "" ? 19 : 18} font-size="13" font-weight="600">
        {item.face.title}
      </text>
      {item.face.detail !== "" && (
        <text x={left} y="33" fill={palette.dim}>
          {item.face.detail}
        </text>
      )}
    </g>
  );
}

function mainKind(shares: Share[]): number {
  return shares.reduce((a, b) => (b.share > a.share ? b : a)).kind;
}

// How much of each kind is in it.
export function Bar({ state, shares, x, y, width }: { state: State; shares: Share[]; x: number; y: number; width: number }) {
  let at = x;
  return (
    <g>
      {shares.map((part) => {
        const begin = at;
        at += part.share * width;
        return <rect key={part.kind} x={begin.toFixed(1)} y={y} width={(part.share * width).toFixed(1)} height="3" fill={state.colouring.kinds[part.kind]!.colour(state.palette)} />;
      })}
    </g>
  );
}

function Toggle({ state, box, sign }: { state: State; box: Box; sign: string }) {
  const { palette } = state;
  return (
    <g
      class="toggle"
      data-toggle={box.id}
      cursor="pointer"
      aria-hidden="true"
      onClick={(event) => {
        event.stopPropagation();
        state.toggle(box);
      }}
    >
      <rect x="2" y="2" width="26" height="26" fill="transparent" />
      <circle cx="15" cy="15" r="8" fill={palette.box} stroke={palette.accent} stroke-width="1.4" />
      <path d={sign === "+" ? "M11,15h8M15,11v8" : "M11,15h8"} stroke={palette.accent} stroke-width="1.6" />
    </g>
  );
}

function buttonOf(state: State, box: Box, isChosen: boolean) {
  return {
    id: `box${box.id}`,
    class: "box",
    role: "button",
    tabindex: -1,
    "aria-label": tooltipOf(state, box),
    "aria-pressed": isChosen,
    cursor: "pointer",
    onClick: () => state.select(state.placeOfBox(box)),
    onDblClick: () => state.toggle(box),
  } as const;
}

function tooltipOf(state: State, box: Box): string {
  const { model } = state;
  if (box.kind === "node") return `${show(model.op(box.node))} ${show(model.data.nodes.name[box.node]!)}`;
  const name = box.kind === "group" ? `${show(box.label)}, ${show(box.detail)}` : show(model.path(box.module) || "(root)");
  const cls = box.kind === "module" && model.className(box.module) !== "" ? `, ${show(shortClass(model.className(box.module)))}` : "";
  return `${name}${box.call >= 0 ? `, call ${box.call}` : ""}${cls}, ${box.nodes} node${box.nodes === 1 ? "" : "s"}`;
}
