import { useEffect } from "preact/hooks";
import { GraphView } from "./graph_view";
import { Header } from "./header";
import { IcicleView } from "./icicle_view";
import { Legend } from "./legend";
import { Panel } from "./panel";
import type { State } from "./state";
import { show } from "./text";
import { TreeView } from "./tree_view";
import { Trail } from "./trail";

// State is changed in place: every part is drawn anew after a change.
export function App({ state }: { state: State }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key === "/" && !typing) {
        event.preventDefault();
        document.getElementById("search")?.focus();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <div class="app">
      <Header state={state} />
      <TreeView state={state} />
      <main class="centre" aria-label="Graph">
        <Trail state={state} />
        <GraphView state={state} />
        <IcicleView state={state} />
      </main>
      <Panel state={state} />
      <Legend state={state} />
      {state.message !== "" && (
        <div class="message" role="alert">
          <bdi>{show(state.message)}</bdi>
          <button onClick={() => state.set({ message: "" })}>Close</button>
        </div>
      )}
    </div>
  );
}
