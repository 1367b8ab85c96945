"""onnxsim or onnxslim, then tags."""

import modelexport
import onnx
import onnxsim
import onnxslim
import torch
from transformers import BertConfig, BertModel

torch.manual_seed(0)
config = BertConfig(vocab_size=100, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
model = BertModel(config).eval()
args = (torch.ones(1, 8, dtype=torch.long), torch.ones(1, 8, dtype=torch.long))

exported = torch.onnx.export(model, args, "bert.onnx", dynamo=True, verbose=False, external_data=False)
modelexport.write_hierarchy(model, args, "hierarchy.json", program=exported.exported_program)

simplified, equal = onnxsim.simplify(onnx.load("bert.onnx"))
assert equal
onnx.save(simplified, "onnxsim.onnx")
onnx.save(onnxslim.slim(onnx.load("bert.onnx")), "onnxslim.onnx")

for name in ("bert", "onnxsim", "onnxslim"):
    result = modelexport.tag(f"{name}.onnx", "hierarchy.json", f"{name}_tagged.onnx")
    print(f"{name}: {result.coverage:.0%} of {result.nodes} nodes, {dict(result.evidence)}")
