"""Puts a model and the random generators back as they were before a run."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
from collections.abc import Iterator

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensor
from torch.nn.parameter import is_lazy


class _ReentrantLock:
    """A lock for `with`, free again in a child of a fork, where the thread that held it does not exist."""

    def __init__(self) -> None:
        self._renew()
        os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


one_at_a_time = _ReentrantLock()
"""Held while state of the whole process is changed: torch.cond, standard output, logging, the fused kernels."""


@contextlib.contextmanager
def left_untouched(model: nn.Module) -> Iterator[None]:
    """Runs without gradients, and restores what a run changes: buffers (statistics, caches), train or eval mode, random
    states.

    Takes the memory of a second copy of the buffers meanwhile. What a run makes for the first time stays: the tensors
    of lazy modules, and buffers that a module registers when it is called; but for buffers without data, which an
    export registers and no later run could use.
    """
    with restored(model), torch.no_grad():
        yield


@contextlib.contextmanager
def restored(model: nn.Module) -> Iterator[None]:
    """The same, with gradients as they are: for an export, which may record whether they are on."""
    with modes_restored(model), _buffers_restored(model), _random_states_restored():
        yield


@contextlib.contextmanager
def modes_restored(model: nn.Module) -> Iterator[None]:
    """Restores train or eval mode, of each module on its own."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        yield
    finally:
        for module, training in modes:
            # Not module.train(): it would also set all children.
            if module.training != training:
                module.training = training


@contextlib.contextmanager
def _buffers_restored(model: nn.Module) -> Iterator[None]:
    # A scripted module hands out its buffers anew at each access.
    modules = [module for module in model.modules() if not isinstance(module, torch.jit.ScriptModule)]
    places = [
        (module, name, buffer)
        for module in modules
        for name, buffer in module._buffers.items()
        if buffer is None or not is_lazy(buffer)
    ]
    tensors = {id(buffer): buffer for _, _, buffer in places if buffer is not None}
    tensors |= {
        id(buffer): buffer
        for module in model.modules()
        if isinstance(module, torch.jit.ScriptModule)
        for buffer in module.buffers(recurse=False)
    }
    copies = [(buffer, buffer.detach().clone()) for buffer in tensors.values() if buffer.device.type != "meta"]
    try:
        yield
    finally:
        with torch.no_grad():
            for buffer, copy in copies:
                # Not by _version: batch normalisation updates its statistics without a new one.
                if not torch.equal(buffer, copy):
                    buffer.copy_(copy)
        for module, name, original in places:
            if module._buffers.get(name) is not original:
                module._buffers[name] = original
        for module in modules:
            for name in [name for name, buffer in module._buffers.items() if isinstance(buffer, FakeTensor)]:
                delattr(module, name)


@contextlib.contextmanager
def _random_states_restored() -> Iterator[None]:
    python_state = random.getstate()
    numpy = sys.modules.get("numpy")
    numpy_state = numpy.random.get_state() if numpy else None
    # Asking a CUDA device that nobody uses yet for its state would start it.
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []
    with torch.random.fork_rng(devices=devices):
        try:
            yield
        finally:
            random.setstate(python_state)
            if numpy:
                numpy.random.set_state(numpy_state)
