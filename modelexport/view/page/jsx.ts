// What esbuild makes of JSX, in every file: shorter than the calls of preact/jsx-runtime.
export { Fragment, h } from "preact";
