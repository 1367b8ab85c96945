#!/usr/bin/env python3
"""Puts style, script and licences into the page, and says in it that nothing else may run."""

import argparse
import base64
import hashlib
import pathlib


def main():
    parser = argparse.ArgumentParser()
    for name in ("html", "css", "script", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("licences", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    page = fill(
        arguments.html.read_text(encoding="utf-8"),
        arguments.css.read_text(encoding="utf-8"),
        arguments.script.read_text(encoding="utf-8"),
        "\n".join(licence_of(path) for path in arguments.licences),
    )
    arguments.out.write_text(page, encoding="utf-8")


def licence_of(path):
    """The text, after the name of its package: the folder, with that of its scope."""
    folders = path.parent.parts
    name = "/".join(folders[folders.index("node_modules") + 1 :])
    return f"{name}\n\n{path.read_text(encoding='utf-8').strip()}\n"


def fill(html, css, script, licences):
    """The page. A part that would end its own element is refused: none of them is made for that."""
    for part, end in ((css, "</style"), (script, "</script"), (licences, "--" + ">")):
        if end in part.lower():
            raise ValueError(f"{end} in a part of the page")
    policy = (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(css)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    for mark, text in (("@POLICY@", policy), ("@CSS@", css), ("@SCRIPT@", script), ("@LICENCES@", licences)):
        if html.count(mark) != 1:
            raise ValueError(f"{mark} must be in the page once")
        html = html.replace(mark, text)
    return html


def digest(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


if __name__ == "__main__":
    main()
