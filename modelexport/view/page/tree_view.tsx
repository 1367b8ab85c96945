import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { State } from "./state";
import { lastOf, percent, plural, shortClass, show } from "./text";

const ROW = 24;
const SPARE = 8; // Rows beyond what is seen.

const PAUSE = 800; // Milliseconds: letters that follow sooner are one name.

interface Row {
  module: number;
  depth: number;
}

function rowsOf(state: State): Row[] {
  const rows: Row[] = [];
  const waiting: Row[] = [{ module: 0, depth: 0 }];
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    rows.push(row);
    if (!state.openRows.has(row.module)) continue;
    const children = state.model.children[row.module]!;
    for (let i = children.length - 1; i >= 0; --i) waiting.push({ module: children[i]!, depth: row.depth + 1 });
  }
  return rows;
}

// "layer.0" is found by "layer" and by "0".
function beginsWith(state: State, module: number, text: string): boolean {
  const path = state.model.path(module).toLowerCase();
  return lastOf(path).startsWith(text) || path.slice(path.lastIndexOf(".") + 1).startsWith(text);
}

// All modules, also those without nodes. Only the rows that are seen are in the page.
export function TreeView({ state }: { state: State }) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const rows = rowsOf(state);
  const selected = rows.findIndex((row) => row.module === state.selectedModule);
  useLayoutEffect(() => setHeight(list.current!.clientHeight), []);
  useLayoutEffect(() => {
    const element = list.current!;
    setHeight(element.clientHeight);
    if (selected < 0) return;
    if (selected * ROW < element.scrollTop) element.scrollTop = selected * ROW;
    else if ((selected + 1) * ROW > element.scrollTop + element.clientHeight) element.scrollTop = (selected + 1) * ROW - element.clientHeight;
  }, [state.selectedModule]);

  const go = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row !== undefined) state.reveal({ kind: "module", module: row.module });
  };
  // What is typed goes to the next row whose name begins so.
  const typed = useRef({ text: "", at: 0 });
  const find = (key: string) => {
    const now = performance.now();
    typed.current = { text: (now - typed.current.at < PAUSE ? typed.current.text : "") + key.toLowerCase(), at: now };
    const { text } = typed.current;
    // One letter again and again goes on; more letters may still mean the row that is selected.
    const again = [...text].every((letter) => letter === text[0]);
    const wanted = again ? text[0]! : text;
    const from = Math.max(selected, 0) + (again ? 1 : 0);
    for (let i = 0; i < rows.length; ++i) {
      const index = (from + i) % rows.length;
      if (beginsWith(state, rows[index]!.module, wanted)) return go(index);
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[selected] ?? rows[0]!;
    const isOpen = state.openRows.has(row.module);
    const children = state.model.children[row.module]!.length > 0;
    if (event.key === "ArrowDown") go(selected + 1);
    else if (event.key === "ArrowUp") go(selected - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(rows.length - 1);
    else if (event.key === "ArrowRight" && children) isOpen ? go(selected + 1) : state.toggleRow(row.module);
    else if (event.key === "ArrowLeft" && isOpen && children) state.toggleRow(row.module);
    else if (event.key === "ArrowLeft" && row.module > 0) go(rows.findIndex((other) => other.module === state.model.parent(row.module)));
    else if ((event.key === "Enter" || event.key === " ") && children) state.toggleRow(row.module);
    else if (event.key.length === 1 && event.key !== "/" && event.key !== " ") find(event.key);
    else return;
    event.preventDefault();
  };
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + SPARE);
  return (
    <aside class="side" aria-label="Modules">
      <div class="columns" aria-hidden="true">
        <span>module</span>
        <span>{state.size.title}</span>
      </div>
      <div
        class="tree"
        role="tree"
        aria-label="Modules"
        tabIndex={0}
        aria-activedescendant={selected >= first && selected < last ? `row${rows[selected]!.module}` : undefined}
        ref={list}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onKeyDown={onKey}
      >
        <div role="presentation" class="rows" style={{ height: `${rows.length * ROW}px` }}>
          {rows.slice(first, last).map((row, i) => (
            <TreeRow key={row.module} state={state} row={row} at={first + i} isSelected={first + i === selected} />
          ))}
        </div>
      </div>
    </aside>
  );
}

function TreeRow({ state, row, at, isSelected }: { state: State; row: Row; at: number; isSelected: boolean }) {
  const { model, size } = state;
  const { module } = row;
  const whole = size.total[0] ?? 0;
  const value = size.total[module] ?? null;
  const share = whole > 0 && value !== null ? value / whole : 0;
  const children = model.children[module]!.length > 0;
  const isOpen = state.openRows.has(module);
  const name = module === 0 ? "(root)" : lastOf(model.path(module));
  return (
    <div
      id={`row${module}`}
      class={`row${isSelected ? " selected" : ""}${model.nodeTotal[module] === 0 ? " empty" : ""}`}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={isSelected}
      aria-expanded={children ? isOpen : undefined}
      title={`${show(model.path(module) || "(root)")}\n${plural(model.nodeTotal[module]!, "node")}, ${state.amountOf(module)} ${size.title} (${percent(share)})`}
      style={{ top: `${at * ROW}px`, paddingLeft: `${6 + Math.min(row.depth, 16) * 13}px` }}
      onClick={() => state.reveal({ kind: "module", module })}
    >
      <span
        class="caret"
        aria-hidden="true"
        onClick={(event) => {
          if (!children) return;
          event.stopPropagation();
          state.toggleRow(module);
        }}
      >
        {children ? (isOpen ? "▾" : "▸") : ""}
      </span>
      <bdi class="name">{show(name)}</bdi>
      <bdi class="class">{model.className(module) === "" ? "" : show(shortClass(model.className(module)))}</bdi>
      <span class="value">{state.amountOf(module)}</span>
      <svg class="bar" width="44" height="8" aria-hidden="true">
        <rect width="44" height="8" rx="2" fill={state.palette.line} opacity="0.4" />
        <rect width={44 * Math.min(1, share)} height="8" rx="2" fill={state.palette.accent} />
      </svg>
    </div>
  );
}
