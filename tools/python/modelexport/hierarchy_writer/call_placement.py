"""Which recorded call a module stack of an exported program stands for.

A program knows the modules that were open when an operator was traced: `nn_module_stack`, a dictionary of the open calls
from the root inwards. Its keys differ from call to call of one module (`...relu`, `...relu@1`: the tracer's count for
that name), so equal keys mean the same call. Calls in which no operator was traced do not appear, nor do those of
the body of a control-flow operator (torch.cond, while_loop), where stacks are empty.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable, Mapping, Sequence

from .calls import CallRecorder

Stack = tuple[tuple[str, str], ...]  # (key, path) of each open call

_COUNT = re.compile(r"@(\d+)$")


class _Frame:
    """One call of a program, and the calls in it in order of their first operators."""

    def __init__(self, key: str, module: str | None) -> None:
        self.key = key
        self.module = module  # None: not a module of this model
        self.frames: dict[str, _Frame] = {}
        self.call: int | None = None


class CallPlacement:
    """Places the module stacks of one program in the recorded calls of one run."""

    def __init__(self, calls: CallRecorder, first_paths: Mapping[str, str], stacks: Iterable[Stack]) -> None:
        self._first_paths = first_paths
        self._names = collections.Counter(first_paths.values())
        self._children: dict[int, dict[str, list[int]]] = {}  # call -> module -> its calls there
        self._calls_of: dict[str, list[int]] = collections.defaultdict(list)
        root: int | None = None
        for index, call in enumerate(calls.calls):
            parent, module = call["parent"], call["module"]
            if parent is None and module == "" and root is None:
                root = index
            if index in calls.in_body:
                continue  # the program's stacks and counts know nothing of it
            self._calls_of[module].append(index)
            if parent is not None:
                self._children.setdefault(parent, {}).setdefault(module, []).append(index)
        self._calls_itself = len(self._calls_of[""]) > 1
        self._root = _Frame("", "")
        self._root_call = root or 0
        for stack in stacks:
            self._frame_of(stack)
        self._place()

    def call_of(self, stack: Stack) -> tuple[int, bool]:
        """The innermost call of the stack that could be placed, and whether that is the whole stack."""
        frame = self._root
        call = self._root_call
        for key, _ in self._inside_root(stack):
            frame = frame.frames[key]
            if frame.call is None:
                return call, False
            call = frame.call
        return call, True

    def _frame_of(self, stack: Stack) -> _Frame:
        frame = self._root
        for key, module in self._inside_root(stack):
            frame = frame.frames.setdefault(key, _Frame(key, module))
        return frame

    def _inside_root(self, stack: Stack) -> list[tuple[str, str | None]]:
        """The keys of the calls inside the root's, and their modules. Only a root that calls itself is among them."""
        calls = [(key, self._module_of(path)) for key, path in stack]
        if self._calls_itself:
            return calls[1:] if calls and calls[0][1] == "" else calls
        return [(key, module) for key, module in calls if module != ""]

    def _module_of(self, path: str) -> str | None:
        return self._first_paths.get(path.partition("@")[0])

    def _place(self) -> None:
        pending = [(self._root, self._root_call)]
        while pending:
            parent, parent_call = pending.pop()
            by_module: dict[str | None, list[_Frame]] = {}
            for frame in parent.frames.values():
                by_module.setdefault(frame.module, []).append(frame)
            for module, frames in by_module.items():
                recorded = self._children.get(parent_call, {}).get(module, []) if module is not None else []
                for frame, call in zip(frames, self._choose(module, frames, recorded)):
                    frame.call = call
            pending += [(frame, frame.call) for frame in parent.frames.values() if frame.call is not None]

    def _choose(self, module: str | None, frames: Sequence[_Frame], recorded: Sequence[int]) -> Sequence[int]:
        """For each frame, of one module in one call, the recorded call; fewer where there are not enough."""
        if len(frames) >= len(recorded) or module is None or self._names[module] > 1:
            return recorded
        # Some of the recorded calls left no operator: the tracer's count tells which. It counts calls by name, so it
        # says nothing of a module that has several.
        counted = []
        for frame in frames:
            count = _COUNT.search(frame.key)
            number = int(count[1]) if count else 0
            if number >= len(self._calls_of[module]):
                return recorded
            counted.append(self._calls_of[module][number])
        possible = all(call in recorded for call in counted) and all(a < b for a, b in zip(counted, counted[1:]))
        return counted if possible else recorded
