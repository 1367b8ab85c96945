// What the page is given: the JSON of modelexport/view/view_json.h. Columns have one element for each
// module, call, graph, node, value or weight; -1 is none, null is unknown.

export interface Quantity {
  nodes: number;
  parameters: number | null;
  bytes: number | null;
}

export interface Metric {
  key: string;
  title: string;
  unit: string;
  of_nodes: (number | null)[];
}

export interface Marks {
  key: string;
  title: string;
  words: string[]; // From what needs no attention to what needs it most.
  of_nodes: number[];
}

export interface Data {
  v: number;
  model: string;
  source: string;
  notes: string[];
  evidence: string[];
  modules: {
    path: string[];
    class: string[];
    class_path: string[];
    parent: number[];
    calls: (number | null)[];
    called: number[];
    own_parameters: (number | null)[];
    parameters: (number | null)[];
    own_bytes: (number | null)[];
    bytes: (number | null)[];
    shares: number[];
  };
  unattributed: Quantity;
  all: Quantity;
  calls: { module: number[]; parent: number[] };
  graphs: {
    place: string[];
    first: number[];
    count: number[];
    parent: number[];
    in: number[][];
    out: number[][];
  };
  operators: string[];
  nodes: {
    name: string[];
    op: number[];
    module: number[];
    call: number[];
    evidence: number[];
    constant: number[];
    in: number[][];
    out: number[][];
    attributes: string[][]; // Names and values by turns.
    reason: string[]; // Why it is of its module; "": what its evidence means is all that is known.
  };
  // Modules whose work nodes do besides that of their own, in the order of nodes.
  also: { node: number[]; module: number[]; reason: string[] };
  types: string[];
  values: { name: string[]; type: number[] };
  weights: { value: number[]; elements: (number | null)[]; bytes: (number | null)[] };
  metrics: Metric[];
  marks: Marks[];
}

const VERSION = 2;

// Undoes base64 and gzip. Throws what the user is shown.
export async function decode(text: string): Promise<Data> {
  const binary = atob(text.trim());
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = JSON.parse(await new Response(stream).text()) as Data;
  if (data.v !== VERSION) throw new Error(`the page's data has version ${data.v}, not ${VERSION}`);
  return data;
}
