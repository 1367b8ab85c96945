#!/usr/bin/env python3
"""Writes the model of this folder from one of modelexport's fixtures.

usage: make_external.py FIXTURE.onnx OUT.onnx

OUT has all weights in the file weights/all.bin beside it. Needs the Python package onnx; run by
hand, its results are checked in:

    make_external.py ../../../testdata/naming_traps/torchscript/model.onnx model.onnx
"""

import os
import sys

import onnx


def main(fixture, out):
    model = onnx.load(fixture)
    os.makedirs(os.path.join(os.path.dirname(out), "weights"), exist_ok=True)
    onnx.save(
        model,
        out,
        save_as_external_data=True,
        location="weights/all.bin",
        size_threshold=0,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
