"""Shows a file as a page: the program's command `view`."""

from __future__ import annotations

import html
import os
import pathlib
import tempfile

from .analysis import hierarchy_flags
from .program import run_program
from .tagging import operand


class View:
    """A page that shows a model. A notebook shows it as the value of a cell."""

    def __init__(self, page: str) -> None:
        self.page = page
        """The HTML, which needs nothing else."""

    def save(self, path: str | os.PathLike[str]) -> pathlib.Path:
        """Writes the page to a file, and returns its path."""
        pathlib.Path(path).write_text(self.page, encoding="utf-8")
        return pathlib.Path(path)

    def _repr_html_(self) -> str:
        """The page in a frame that has no access to the notebook."""
        return (
            '<iframe sandbox="allow-scripts allow-downloads" width="100%" height="720" style="border: 1px solid #ccc"'
            f' srcdoc="{html.escape(self.page, quote=True)}"></iframe>'
        )


def view(onnx: str | os.PathLike[str], *, hierarchy: str | os.PathLike[str] | None = None) -> View:
    """A page that shows the modules of any ONNX file, their graph and their figures.

        modelexport.view("model.onnx").save("model.html")

    `hierarchy` is as in `analyze`. Raises ModelExportError, with the program's message and exit code.
    """
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        run_program(["view", operand(onnx), f"--out={page}", "--quiet", *hierarchy_flags(hierarchy)])
        return View(page.read_text(encoding="utf-8"))
