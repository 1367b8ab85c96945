#!/usr/bin/env python3
"""Draws collapsed stacks as a flame graph.

usage: modelexport profile IN --events=FILE --format=folded | flame_graph.py TITLE > OUT.svg

The root is at the top, and what it calls below it, each as wide as its time. The same input gives the same bytes.
"""

import hashlib
import sys
from xml.sax.saxutils import escape, quoteattr

WIDTH, ROW, MARGIN, LETTER = 1200, 22, 10, 6.6
COLOURS = {"module": ("#c6dbef", "#9ecae1", "#bcd3ee"), "kernel": ("#fdd0a2", "#fdbe85", "#fde0c5")}


class Frame:
    def __init__(self, name):
        self.name, self.value, self.inner = name, 0, {}

    def add(self, frames, value):
        self.value += value
        if frames:
            self.inner.setdefault(frames[0], Frame(frames[0])).add(frames[1:], value)

    def depth(self):
        return 1 + max((frame.depth() for frame in self.inner.values()), default=0)


def read(lines):
    """The outermost frame; it has no name."""
    top = Frame("")
    for line in lines:
        stack, _, value = line.rpartition(" ")
        top.add(stack.split(";"), int(value))
    return top


def label(name, width):
    room = int((width - 6) / LETTER)
    if room < 3:
        return ""
    return name if len(name) <= room else name[: room - 1] + "…"


def draw(frame, left, top, scale, whole):
    """Elements of the frames within `frame`, the longest first."""
    elements = []
    for inner in sorted(frame.inner.values(), key=lambda inner: -inner.value):
        width = inner.value * scale
        if width < 0.3:
            continue
        kind = "module" if inner.inner else "kernel"
        colour = COLOURS[kind][hashlib.sha256(inner.name.encode()).digest()[0] % 3]
        title = f"{inner.name}: {100 * inner.value / whole:.1f}%"
        elements.append(
            f"<g><title>{escape(title)}</title>"
            f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 1}" rx="2" fill={quoteattr(colour)}/>'
            f'<text x="{left + 3:.1f}" y="{top + 15}">{escape(label(inner.name, width))}</text></g>'
        )
        elements += draw(inner, left, top + ROW, scale, whole)
        left += width
    return elements


def main(title):
    whole = read(sys.stdin)
    height = 2 * MARGIN + ROW * whole.depth()
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="monospace" font-size="11">'
    )
    print(f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>')
    print(f'<text x="{MARGIN}" y="{MARGIN + 12}" font-size="13">{escape(title)}</text>')
    scale = (WIDTH - 2 * MARGIN) / whole.value
    print("\n".join(draw(whole, MARGIN, MARGIN + ROW, scale, whole.value)))
    print("</svg>")


if __name__ == "__main__":
    main(*sys.argv[1:])
