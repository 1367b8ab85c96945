"""Where the outputs of an ONNX file differ from PyTorch's."""

import modelexport
import numpy
import onnx
import torch
from onnx import numpy_helper
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.up, self.act, self.down, self.norm = nn.Linear(32, 64), nn.GELU(), nn.Linear(64, 32), nn.LayerNorm(32)

    def forward(self, x):
        return self.norm(x + self.down(self.act(self.up(x))))


torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 32), Block(), Block(), Block(), nn.Linear(32, 2)).eval()
args = (torch.randn(4, 8),)

modelexport.export_model(model, args, "model.onnx", dynamo=True, verbose=False, external_data=False)
print(modelexport.compare_outputs(model, args, "model.onnx").summary())

# What a faulty tool may do: one weight is not what it was.
broken = onnx.load("model.onnx")
for tensor in broken.graph.initializer:
    if tensor.name == "2.down.weight":
        array = numpy_helper.to_array(tensor)
        tensor.CopyFrom(numpy_helper.from_array(numpy.roll(array, 1, axis=1), tensor.name))
onnx.save(broken, "broken.onnx")

result = modelexport.compare_outputs(model, args, "broken.onnx")
print(f"first beyond tolerance: {result.first.name}, {result.first.origin}")
for row in result.rows:
    if row.beyond:
        print(row.name, row.origin)

# Only the outputs of the blocks, for a first look at a large model; and two files without PyTorch.
blocks = modelexport.compare_outputs(model, args, "broken.onnx", modules="class:Block", local=None)
print([(row.name, row.origin) for row in blocks.rows])
files = modelexport.compare_outputs("model.onnx", {"input": args[0].numpy()}, "broken.onnx")
print(f"first beyond tolerance: {files.first.name}")
