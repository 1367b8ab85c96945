import type { State } from "./state";
import { show } from "./text";

// The kinds of the colouring with their nodes. One may be picked: all others are faint then.
export function Legend({ state }: { state: State }) {
  const { kinds } = state.colouring;
  return (
    <footer class="legend" aria-label={`Colours: ${state.colouring.title}`}>
      <span class="dim">{state.colouring.title}</span>
      {kinds.map((kind, i) =>
        kind.count === 0 ? null : (
          <button
            key={kind.word}
            aria-pressed={state.only === i}
            onClick={() => state.set({ only: state.only === i ? null : i })}
          >
            <svg width="11" height="11" aria-hidden="true">
              <rect width="11" height="11" rx="3" fill={kind.colour(state.palette)} />
            </svg>
            <bdi>{show(kind.word)}</bdi> <span class="dim">{kind.count}</span>
          </button>
        ),
      )}
    </footer>
  );
}
