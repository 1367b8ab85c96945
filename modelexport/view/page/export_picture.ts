// The graph as it is open now, as a file.
import type { State } from "./state";

const NAMESPACE = "http://www.w3.org/2000/svg";
const MOST = 16000; // Pixels of a side: browsers draw no larger ones.

// Returns "" or what the user is told.
export async function exportPicture(state: State, kind: "svg" | "png"): Promise<string> {
  const { width, height } = state.laid;
  const text = pictureText(state);
  const name = state.model.data.model.replace(/[^\w.-]+/g, "_");
  if (kind === "svg") {
    save(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`);
    return "";
  }
  const scale = Math.min(2, MOST / width, MOST / height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  try {
    await picture.decode();
  } catch {
    return "The browser cannot draw a picture of this size; SVG has no such limit.";
  }
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (blob === null) return "The browser cannot write a picture of this size; SVG has no such limit.";
  save(blob, `${name}.png`);
  return "";
}

// A document of its own: what is on the page, whole, with a background.
function pictureText(state: State): string {
  const { width, height } = state.laid;
  const copy = document.getElementById("graph")!.cloneNode(true) as SVGSVGElement;
  for (const name of [...copy.getAttributeNames()]) copy.removeAttribute(name);
  copy.setAttribute("xmlns", NAMESPACE);
  copy.setAttribute("width", String(Math.ceil(width)));
  copy.setAttribute("height", String(Math.ceil(height)));
  copy.setAttribute("viewBox", `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`);
  copy.querySelector("g")!.removeAttribute("transform");
  const paper = document.createElementNS(NAMESPACE, "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", state.palette.paper);
  copy.insertBefore(paper, copy.firstChild);
  return new XMLSerializer().serializeToString(copy);
}

function save(blob: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
