"""A model of transformers: keyword arguments, an output that is a data class."""

import collections

import modelexport
import torch
from transformers import BertConfig, BertModel

torch.manual_seed(0)
config = BertConfig(vocab_size=100, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
model = BertModel(config).eval()
inputs = {"input_ids": torch.ones(1, 8, dtype=torch.long), "attention_mask": torch.ones(1, 8, dtype=torch.long)}

result = modelexport.export_model(model, (), "bert.onnx", kwargs=inputs, dynamo=True, verbose=False)
print(f"{result.coverage:.0%} of {result.nodes} nodes, {dict(result.evidence)}")

nodes = modelexport.read_tags("bert.onnx")
print(next(node.tag for node in nodes if node.op_type == "Softmax"))
for module, count in collections.Counter(node.module for node in nodes).most_common(4):
    print(f"{count:3} {module!r}")
