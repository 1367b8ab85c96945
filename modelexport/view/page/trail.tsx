import type { State } from "./state";
import { lastOf, show } from "./text";

// The modules around what is selected.
export function Trail({ state }: { state: State }) {
  const { model } = state;
  const way: number[] = [];
  for (let m = state.selectedModule; m > 0; m = model.parent(m)) way.unshift(m);
  return (
    <nav class="trail" aria-label="Modules around the selection">
      <button onClick={() => state.reveal({ kind: "module", module: 0 })}>
        <bdi>{show(state.model.data.model)}</bdi>
      </button>
      {way.map((m) => (
        <button key={m} onClick={() => state.reveal({ kind: "module", module: m })}>
          <bdi>{show(lastOf(model.path(m)))}</bdi>
        </button>
      ))}
    </nav>
  );
}
