"""torch.onnx.export, by itself and in one line."""

import modelexport
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 10)).eval()
args = (torch.randn(1, 3, 8, 8),)

# In one line.
for dynamo in (True, False):
    result = modelexport.export_model(model, args, "model.onnx", dynamo=dynamo, verbose=False)
    print(f"dynamo={dynamo}: {result.coverage:.0%} of {result.nodes} nodes, {dict(result.evidence)}")

# Step by step: the sidecar needs the model, `tag` only the two files.
exported = torch.onnx.export(model, args, "plain.onnx", dynamo=True, verbose=False)
modelexport.write_hierarchy(model, args, "hierarchy.json", program=exported.exported_program)
modelexport.tag("plain.onnx", "hierarchy.json", "tagged.onnx")
for node in modelexport.read_tags("tagged.onnx"):
    print(node.place, node.op_type, repr(node.module), node.evidence)
