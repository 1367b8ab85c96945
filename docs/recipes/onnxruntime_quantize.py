"""ONNX Runtime's quantisation, then tags."""

import collections

import modelexport
import torch
from onnxruntime.quantization import CalibrationDataReader, quantize_dynamic, quantize_static
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    collections.OrderedDict(
        stem=nn.Conv2d(3, 8, 3), act=nn.ReLU(), flat=nn.Flatten(), hidden=nn.Linear(288, 32), head=nn.Linear(32, 10)
    )
).eval()
args = (torch.randn(1, 3, 8, 8),)

exported = torch.onnx.export(model, args, "model.onnx", dynamo=True, verbose=False, external_data=False, input_names=["x"])
modelexport.write_hierarchy(model, args, "hierarchy.json", program=exported.exported_program)


class Samples(CalibrationDataReader):
    def __init__(self):
        self.samples = iter([{"x": torch.randn(1, 3, 8, 8).numpy()} for _ in range(4)])

    def get_next(self):
        return next(self.samples, None)


quantize_dynamic("model.onnx", "dynamic.onnx")
quantize_static("model.onnx", "static.onnx", Samples())
for name in ("dynamic", "static"):
    result = modelexport.tag(f"{name}.onnx", "hierarchy.json", f"{name}_tagged.onnx")
    print(f"{name}: {result.coverage:.0%} of {result.nodes} nodes, {dict(result.evidence)}")

for node in modelexport.read_tags("static_tagged.onnx"):
    print(node.op_type, node.module, node.evidence)
