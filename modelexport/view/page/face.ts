// What a closed box says of itself, and how large that makes it.
import { type Box, type Boxes, operatorsOf } from "./boxes";
import { fit, shapeOf, show, shortClass, widthOf } from "./text";

export interface Face {
  title: string; // Safe and cut, as `detail`.
  detail: string;
  width: number;
  height: number;
  single: number; // The one node of a module that has no more to open; -1: none.
}

const LEAST = 84;
const MOST = 230;
const ROOM = 26; // Beside the text: margins, and the button that opens the box.

export function faceOf(boxes: Boxes, box: Box, figure: string): Face {
  const single = box.kind === "module" && box.children.length === 1 && box.children[0]!.kind === "node" ? box.children[0]!.node : -1;
  const title = box.kind === "node" ? box.label : box.label + (box.call >= 0 ? ` (call ${box.call})` : "");
  const shown = fit(show(title), MOST, 13, true);
  const detail = fit(detailOf(boxes, box, single, figure), MOST, 11);
  const text = Math.max(widthOf(shown, 13, true), widthOf(detail, 11));
  return {
    title: shown,
    detail,
    width: Math.max(LEAST, text + ROOM + (box.kind === "node" || single >= 0 ? 0 : 20)),
    height: detail === "" ? 30 : 46,
    single,
  };
}

// What an open box says at its top.
export function headOf(boxes: Boxes, box: Box, figure: string): { title: string; detail: string } {
  const { model } = boxes;
  const name = box.kind === "module" ? shortClass(model.className(box.module)) : box.detail;
  const call = box.call >= 0 ? ` (call ${box.call})` : "";
  return {
    title: show(box.label + call),
    detail: [name === "" ? "" : show(name), figure].filter((part) => part !== "").join(" · "),
  };
}

function detailOf(boxes: Boxes, box: Box, single: number, figure: string): string {
  const { model } = boxes;
  if (box.kind === "node") return weightsOf(boxes, box.node);
  const parts =
    single >= 0
      ? [show(model.op(single)), weightsOf(boxes, single)]
      : box.kind === "group"
        ? [show(box.detail)]
        : [show(shortClass(model.className(box.module)) || operatorsOf(model, [box])), figure];
  return parts.filter((part) => part !== "" && part !== "(unnamed)").join(" · ");
}

// Shapes of the largest weight that a node reads.
function weightsOf(boxes: Boxes, node: number): string {
  const { model } = boxes;
  let largest = -1;
  let size = -1;
  for (const value of model.data.nodes.in[node]!) {
    const weight = value < 0 ? -1 : model.weightOf[value]!;
    const elements = weight < 0 ? null : model.data.weights.elements[weight]!;
    if (elements !== null && elements > size && elements > 1) [largest, size] = [value, elements];
  }
  return largest < 0 ? "" : shapeOf(show(model.type(largest)));
}

export function isOpenable(box: Box): boolean {
  return box.children.length > 1 || (box.children.length === 1 && box.children[0]!.kind !== "node");
}
