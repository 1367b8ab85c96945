"""ONNX Runtime's offline optimisation, then tags."""

import modelexport
import onnxruntime
import torch
from transformers import BertConfig, BertModel

torch.manual_seed(0)
config = BertConfig(vocab_size=100, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
model = BertModel(config).eval()
args = (torch.ones(1, 8, dtype=torch.long), torch.ones(1, 8, dtype=torch.long))

exported = torch.onnx.export(model, args, "bert.onnx", dynamo=True, verbose=False, external_data=False)
modelexport.write_hierarchy(model, args, "hierarchy.json", program=exported.exported_program)

for level in ("BASIC", "EXTENDED"):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, f"ORT_ENABLE_{level}")
    options.optimized_model_filepath = "optimised.onnx"
    onnxruntime.InferenceSession("bert.onnx", options, providers=["CPUExecutionProvider"])
    result = modelexport.tag("optimised.onnx", "hierarchy.json", "tagged.onnx")
    print(f"{level}: {result.coverage:.0%} of {result.nodes} nodes, {dict(result.evidence)}")
    # Optimised already. (Release 1.32 fails if asked to optimise its own output again, tagged or not.)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    onnxruntime.InferenceSession("tagged.onnx", options, providers=["CPUExecutionProvider"])

fused = [node for node in modelexport.read_tags("tagged.onnx") if node.domain == "com.microsoft"]
for node in fused[:6]:
    print(node.op_type, repr(node.module), node.evidence)
