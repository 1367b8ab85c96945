import type { ComponentChildren } from "preact";
import type { Box } from "./boxes";
import { portsOf } from "./ports";
import type { State } from "./state";
import { bytes, lastOf, measure, plural, shortClass, show } from "./text";

const MOST = 40; // Rows of a list.

// What is known of the selection; of the model if there is none.
export function Panel({ state }: { state: State }) {
  const place = state.selected;
  return (
    <aside class="panel" aria-label="What is selected">
      {place?.kind === "node" ? (
        <NodePanel state={state} node={place.node} />
      ) : place?.kind === "group" ? (
        <GroupPanel state={state} box={state.boxes.all[place.box]!} />
      ) : (
        <ModulePanel state={state} module={place === null ? 0 : place.module} />
      )}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ModulePanel({ state, module }: { state: State; module: number }) {
  const { model } = state;
  const { modules, all, notes, source } = model.data;
  const path = model.path(module);
  const box = state.boxes.ofModule.get(module)?.[0];
  return (
    <>
      <h2>
        <bdi>{module === 0 ? "(root)" : show(path)}</bdi>
      </h2>
      <dl>
        {model.className(module) !== "" && (
          <Fact name="class">
            <bdi title={show(model.className(module))}>{show(shortClass(model.className(module)))}</bdi>
          </Fact>
        )}
        <ClassPath state={state} module={module} />
        {modules.calls[module] != null && <Fact name="calls">{modules.calls[module]}</Fact>}
        <Fact name="nodes">
          {model.nodeTotal[module]}
          {model.ownNodes[module]!.length !== model.nodeTotal[module] && ` (${model.ownNodes[module]!.length} its own)`}
        </Fact>
        {state.model.sizes
          .filter((size) => size.key !== "nodes")
          .map((size) => (
            <Fact key={size.key} name={size.title}>
              {state.amountOf(module, size)}
              {size.key === "parameters" && modules.shares[module] === 1 && <span class="dim"> some are read elsewhere too</span>}
            </Fact>
          ))}
        {module === 0 && all.parameters === null && <Fact name="note">The shape of some weights is not known.</Fact>}
        {module === 0 && (
          <Fact name="modules from">
            <bdi>{show(source)}</bdi>
          </Fact>
        )}
      </dl>
      {module > 0 && <CopyPath path={path} />}
      <Kinds state={state} module={module} />
      {box !== undefined && <Ends state={state} box={box} />}
      <Children state={state} module={module} />
      <NodeList state={state} title="Nodes of its own" nodes={model.ownNodes[module]!} />
      <NodeList state={state} title="Nodes of others that do its work too" nodes={(model.alsoOfModule.get(module) ?? []).map((also) => also.node)} />
      {module === 0 &&
        notes.map((note) => (
          <p key={note} class="dim">
            <bdi>{show(note)}</bdi>
          </p>
        ))}
    </>
  );
}

function GroupPanel({ state, box }: { state: State; box: Box }) {
  const nodes: number[] = [];
  const modules: number[] = [];
  for (const child of box.children) {
    if (child.kind === "node") nodes.push(child.node);
    else if (child.kind === "module") modules.push(child.module);
  }
  return (
    <>
      <h2>
        <bdi>{show(box.label)}</bdi>
      </h2>
      <p class="dim">{`Folded for the picture: ${plural(box.nodes, "node")}.`}</p>
      <Modules state={state} title="Modules" modules={modules} />
      <NodeList state={state} title="Nodes" nodes={nodes} />
    </>
  );
}

function ModuleLink({ state, module }: { state: State; module: number }) {
  return (
    <button class="link" onClick={() => state.reveal({ kind: "module", module })}>
      <bdi>{module === 0 ? "(root)" : show(state.model.path(module))}</bdi>
    </button>
  );
}

// As the tag of its nodes has it.
function ClassPath({ state, module }: { state: State; module: number }) {
  const path = state.model.classPath(module);
  return path === "" ? null : (
    <Fact name="class path">
      <bdi>{show(path)}</bdi>
    </Fact>
  );
}

function CopyPath({ path }: { path: string }) {
  return (
    <p>
      <button onClick={() => void navigator.clipboard?.writeText(path)}>Copy path</button>{" "}
      <button onClick={() => void navigator.clipboard?.writeText(location.href)}>Copy link</button>
    </p>
  );
}

// Operators and evidence, as many of each as there are.
function Kinds({ state, module }: { state: State; module: number }) {
  const shares = state.shares.ofModule(module);
  if (shares.length === 0) return null;
  const total = state.model.nodeTotal[module]!;
  return (
    <section>
      <h3>{state.colouring.title}</h3>
      <table>
        <tbody>
          {shares
            .slice()
            .sort((a, b) => b.share - a.share)
            .map((part) => (
              <tr key={part.kind}>
                <td>
                  <svg width="9" height="9" aria-hidden="true">
                    <rect width="9" height="9" rx="2" fill={state.colouring.kinds[part.kind]!.colour(state.palette)} />
                  </svg>{" "}
                  <bdi>{show(state.colouring.kinds[part.kind]!.word)}</bdi>
                </td>
                <td class="number">{Math.round(part.share * total)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

function Ends({ state, box }: { state: State; box: Box }) {
  const ports = portsOf(state.boxes, box);
  const list = (title: string, values: number[]) =>
    values.length === 0 ? null : (
      <section>
        <h3>{title}</h3>
        <ul>
          {values.slice(0, MOST).map((value) => (
            <li key={value}>
              <ValueName state={state} value={value} />
            </li>
          ))}
          <Rest count={values.length} />
        </ul>
      </section>
    );
  return (
    <>
      {list("Inputs", ports.into.flatMap((port) => port.values))}
      {list("Outputs", ports.outOf.flatMap((port) => port.values))}
    </>
  );
}

function Rest({ count }: { count: number }) {
  return count > MOST ? <li class="dim">{`and ${count - MOST} more`}</li> : null;
}

function Children({ state, module }: { state: State; module: number }) {
  const { model, size } = state;
  const children = model.children[module]!.slice().sort((a, b) => (size.total[b] ?? 0) - (size.total[a] ?? 0));
  return <Modules state={state} title={`Modules by ${size.title}`} modules={children} />;
}

function Modules({ state, title, modules }: { state: State; title: string; modules: number[] }) {
  if (modules.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <table>
        <tbody>
          {modules.slice(0, MOST).map((m) => (
            <tr key={m}>
              <td>
                <button class="link" onClick={() => state.reveal({ kind: "module", module: m })}>
                  <bdi title={show(state.model.path(m))}>{show(lastOf(state.model.path(m)))}</bdi>
                </button>
              </td>
              <td class="number">{state.amountOf(m)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {modules.length > MOST && <p class="dim">{`and ${modules.length - MOST} more`}</p>}
    </section>
  );
}

function NodeList({ state, title, nodes }: { state: State; title: string; nodes: number[] }) {
  if (nodes.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {nodes.slice(0, MOST).map((node) => (
          <li key={node}>
            <NodeLink state={state} node={node} />
          </li>
        ))}
        <Rest count={nodes.length} />
      </ul>
    </section>
  );
}

function NodeLink({ state, node }: { state: State; node: number }) {
  const name = state.model.data.nodes.name[node]!;
  return (
    <button class="link" onClick={() => state.reveal({ kind: "node", node })}>
      <b>
        <bdi>{show(state.model.op(node))}</bdi>
      </b>{" "}
      <bdi>{name === "" ? state.model.place(node) : show(name)}</bdi>
    </button>
  );
}

function ValueName({ state, value }: { state: State; value: number }) {
  return (
    <>
      <bdi>{show(state.model.data.values.name[value]!)}</bdi> <bdi class="type">{show(state.model.type(value))}</bdi>
    </>
  );
}

// What each kind of evidence goes by (docs/matching.md).
const MEANING = new Map([
  ["carried", "the tagged source model has this node"],
  ["scope_metadata", "the exporter wrote the module into the node"],
  ["node_name", "the node's name is that of the module's scope"],
  ["value_name", "a value that it makes has the name of the module's scope"],
  ["fx_name", "it has the name of an operator of the exported program"],
  ["parameter", "it reads a weight of the module, by name"],
  ["fingerprint", "it reads a tensor that equals a weight of the module"],
  ["trace", "it is where the module's operator is in the source run"],
  ["dataflow", "the nodes before and after it are of the module"],
  ["inherited", "it serves a node of the module, or is in its body"],
  ["none", "nothing speaks for a module"],
]);

function NodePanel({ state, node }: { state: State; node: number }) {
  const { model } = state;
  const { nodes } = model.data;
  const module = model.moduleOf[node]!;
  const call = nodes.call[node]!;
  const evidence = model.evidence(node);
  const attributes = nodes.attributes[node] ?? [];
  return (
    <>
      <h2>
        <bdi>{show(model.op(node))}</bdi>
      </h2>
      <dl>
        <Fact name="name">
          <bdi>{show(nodes.name[node]!)}</bdi>
        </Fact>
        <Fact name="place">{show(model.place(node))}</Fact>
        <Fact name="module">
          <ModuleLink state={state} module={module} />
        </Fact>
        {model.className(module) !== "" && (
          <Fact name="class">
            <bdi>{show(shortClass(model.className(module)))}</bdi>
          </Fact>
        )}
        <ClassPath state={state} module={module} />
        {call >= 0 && model.callsOf(model.data.calls.module[call]!) > 1 && <Fact name="call">{model.ordinalOfCall(call)}</Fact>}
        <Fact name="evidence">
          <bdi>{show(evidence)}</bdi>
          {MEANING.has(evidence) && <span class="dim">: {MEANING.get(evidence)}</span>}
        </Fact>
        {nodes.reason[node] !== "" && (
          <Fact name="reason">
            <bdi>{show(nodes.reason[node]!)}</bdi>
          </Fact>
        )}
        {model.alsoOfNode.has(node) && (
          <Fact name="also">
            {model.alsoOfNode
              .get(node)!
              .slice(0, MOST)
              .map((also) => (
                <div key={also.module}>
                  <ModuleLink state={state} module={also.module} />
                  <bdi class="dim">: {show(also.reason)}</bdi>
                </div>
              ))}
          </Fact>
        )}
        {model.data.marks.map((marks) => (
          <Fact key={marks.key} name={show(marks.title)}>
            {show(marks.words[marks.of_nodes[node]!]!)}
          </Fact>
        ))}
        {model.data.metrics.map((metric) => (
          <Fact key={metric.key} name={show(metric.title)}>
            {measure(metric.of_nodes[node] ?? null, metric.unit)}
          </Fact>
        ))}
      </dl>
      {attributes.length > 0 && (
        <section>
          <h3>Attributes</h3>
          <dl>
            {attributes.map((name, i) =>
              i % 2 === 1 ? null : (
                <Fact key={i} name={show(name)}>
                  <bdi>{attributes[i + 1] === "" ? "\u201c\u201d" : show(attributes[i + 1]!)}</bdi>
                </Fact>
              ),
            )}
          </dl>
        </section>
      )}
      <section>
        <h3>Inputs</h3>
        <ul>
          {nodes.in[node]!.slice(0, MOST).map((value, i) => (
            <li key={i}>{value < 0 ? <span class="dim">(left out)</span> : <Input state={state} value={value} />}</li>
          ))}
          <Rest count={nodes.in[node]!.length} />
        </ul>
      </section>
      <section>
        <h3>Outputs</h3>
        <ul>
          {nodes.out[node]!.slice(0, MOST).map((value, i) => (
            <li key={i}>{value < 0 ? <span class="dim">(left out)</span> : <Output state={state} value={value} />}</li>
          ))}
          <Rest count={nodes.out[node]!.length} />
        </ul>
      </section>
    </>
  );
}

function Input({ state, value }: { state: State; value: number }) {
  const { model } = state;
  const from = model.producer[value]!;
  const weight = model.weightOf[value]!;
  return (
    <>
      <ValueName state={state} value={value} />
      <div class="ends">
        {from >= 0 ? (
          <>
            from <NodeLink state={state} node={from} />
          </>
        ) : weight >= 0 ? (
          `weight, ${bytes(model.data.weights.bytes[weight] ?? null)}`
        ) : (
          "input"
        )}
      </div>
    </>
  );
}

const MOST_READERS = 8;

function Output({ state, value }: { state: State; value: number }) {
  const readers = state.model.readers[value]!;
  return (
    <>
      <ValueName state={state} value={value} />
      {readers.slice(0, MOST_READERS).map((node, i) => (
        <div key={i} class="ends">
          to <NodeLink state={state} node={node} />
        </div>
      ))}
      {readers.length > MOST_READERS && <div class="ends dim">{`and ${readers.length - MOST_READERS} more`}</div>}
      {readers.length === 0 && <div class="ends dim">read by no node</div>}
    </>
  );
}
