import { useState } from "preact/hooks";
import { exportPicture } from "./export_picture";
import { SearchBox } from "./search_box";
import type { State, Theme } from "./state";
import { percent, plural, quantity, show } from "./text";

export function Header({ state }: { state: State }) {
  const { data } = state.model;
  const nodes = data.nodes.name.length;
  const attributed = nodes - data.unattributed.nodes;
  return (
    <header class="header">
      <h1>
        <bdi>{show(data.model)}</bdi>
      </h1>
      <span class="facts">
        {plural(nodes, "node")} · {plural(data.modules.path.length, "module")} · {quantity(data.all.parameters)} parameters ·{" "}
        {nodes === 0 ? "" : `${percent(attributed / nodes)} attributed`}
      </span>
      <SearchBox state={state} />
      <Choice
        label="Size"
        value={state.size.key}
        options={state.model.sizes.map((size) => [size.key, size.title])}
        onChange={(key) => state.setSize(key)}
      />
      <Choice
        label="Colour"
        value={state.colouring.key}
        options={state.colourings.map((colouring) => [colouring.key, colouring.title])}
        onChange={(key) => state.setColouring(key)}
      />
      <Choice
        label="Theme"
        value={state.theme}
        options={["system", "light", "dark"].map((theme) => [theme, theme])}
        onChange={(theme) => state.set({ theme: theme as Theme })}
      />
      <Export state={state} />
    </header>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: [string, string][];
  onChange(key: string): void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label class="choice">
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([key, title]) => (
          <option key={key} value={key}>
            {show(title)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Export({ state }: { state: State }) {
  const [busy, setBusy] = useState(false);
  const save = async (kind: "svg" | "png") => {
    setBusy(true);
    const problem = await exportPicture(state, kind);
    setBusy(false);
    if (problem !== "") state.set({ message: problem });
  };
  return (
    <span class="exports">
      <button disabled={busy} onClick={() => save("svg")} title="Save the graph as it is open now, as SVG">
        SVG
      </button>
      <button disabled={busy} onClick={() => save("png")} title="Save the graph as it is open now, as PNG">
        PNG
      </button>
    </span>
  );
}
