import { useState } from "preact/hooks";
import type { Hit } from "./search";
import type { State } from "./state";
import { show } from "./text";

export function SearchBox({ state }: { state: State }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [shown, setShown] = useState(false);
  const hits = shown ? state.search.find(text) : [];
  const take = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    setShown(false);
    state.reveal(hit.place);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, hits.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter") take(hits[at]);
    else if (event.key === "Escape") setShown(false);
    else return;
    event.preventDefault();
  };
  return (
    <div class="search" onFocusOut={(event) => !event.currentTarget.contains(event.relatedTarget as Node) && setShown(false)}>
      <input
        id="search"
        type="search"
        role="combobox"
        placeholder="Search  /"
        list={undefined}
        aria-label="Search modules, classes, operators, nodes and values"
        aria-expanded={hits.length > 0}
        aria-controls="hits"
        aria-activedescendant={hits.length > 0 ? `hit${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onFocus={() => setShown(true)}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
          setShown(true);
        }}
        onKeyDown={onKey}
      />
      <ul id="hits" class="hits" role="listbox" aria-label="Found" hidden={!shown || text.trim() === ""}>
        {hits.map((hit, i) => (
          <li
            id={`hit${i}`}
            key={i}
            role="option"
            aria-selected={i === at}
            ref={(row) => {
              if (i === at) row?.scrollIntoView({ block: "nearest" });
            }}
            onMouseDown={(event) => {
              event.preventDefault();
              take(hit);
            }}
          >
            <span class="what">{hit.what}</span>
            <bdi class="name">{show(hit.text)}</bdi>
            <bdi class="dim">{hit.detail === "" ? "" : show(hit.detail)}</bdi>
          </li>
        ))}
        {hits.length === 0 && (
          <li class="dim" role="option" aria-selected="false" aria-disabled="true">
            Nothing has this in its name.
          </li>
        )}
      </ul>
    </div>
  );
}
