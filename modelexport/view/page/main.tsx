// Reads the page's data and shows it.
import { render } from "preact";
import { App } from "./app";
import { decode } from "./data";
import { bounds } from "./layout";
import { Model } from "./model";
import { State } from "./state";

async function start() {
  const page = document.getElementById("page")!;
  let state: State;
  try {
    const model = new Model(await decode(document.getElementById("data")!.textContent!));
    state = new State(model, () => show());
  } catch (error) {
    page.textContent = `The data of this page cannot be read: ${error instanceof Error ? error.message : error}`;
    return;
  }
  const show = () => {
    document.documentElement.dataset["theme"] = state.isDark ? "dark" : "light";
    render(<App state={state} />, page);
    // For tests: what was laid out at once.
    document.documentElement.dataset["bounds"] = `${bounds.items},${bounds.dummies}`;
  };
  // For tests, and for questions at the browser's console.
  Object.assign(window, { modelexport: state });
  document.title = `${state.model.data.model} – modelexport`;
  page.textContent = "";
  show();
  if (location.hash !== "") state.follow(location.hash);
  addEventListener("hashchange", () => state.follow(location.hash));
  addEventListener("popstate", () => state.follow(location.hash));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("usable")));
}

void start();
