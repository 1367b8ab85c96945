#!/usr/bin/env python3
"""Tags written by --keys=winml, read back by winml-cli's own reader.

  TAG_ONNX=path/to/tag_onnx python3 tests/python/winml_readback_test.py

wants winml-cli 0.4.0 (pip install --no-deps winml-cli==0.4.0) with what its
reader imports: onnx==1.18 numpy ml_dtypes click colorama. Without it the test
is skipped. TAG_ONNX is .bazel/bin/tools/tag_onnx if not given.
"""

import os
import pathlib
import subprocess
import tempfile
import unittest

try:
    import onnx
    from winml.modelkit.onnx import metadata
    MISSING = None
except ImportError as error:
    MISSING = f"winml-cli 0.4.0 is not installed: {error}"

ROOT = pathlib.Path(__file__).resolve().parents[2]
TAG_ONNX = os.environ.get("TAG_ONNX", str(ROOT / ".bazel/bin/tools/tag_onnx"))
PREFIX = "winml.hierarchy."


def tag(model, hierarchy, output, *flags):
    subprocess.run([TAG_ONNX, model, hierarchy, output, "--quiet", *flags], check=True)


def hierarchy_props(entry):
    """The entries of one node that winml calls its hierarchy; a key twice is an error."""
    props = [(key, value) for key, value in entry.props if key.startswith(PREFIX)]
    assert len(props) == len(dict(props)), props
    return {key[len(PREFIX):]: value for key, value in props}


@unittest.skipIf(MISSING, MISSING)
class WinmlReadbackTest(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.out = os.path.join(self.folder.name, "out.onnx")

    def capture(self, model, *flags):
        """Tags a model of testdata; returns it, and what winml reads of each node by its name."""
        folder = ROOT / "testdata" / model
        tag(folder / "model.onnx", folder.parent / "hierarchy.json", self.out, *flags)
        proto = onnx.load(self.out)
        return proto, metadata.capture_metadata(proto)

    def test_every_node_has_its_module(self):
        proto, snapshot = self.capture("bert_tiny/torchscript", "--keys=winml")
        self.assertEqual(snapshot.node_count, len(proto.graph.node))
        read = {name: hierarchy_props(entry) for name, entry in snapshot.nodes.items()}
        layer = "/BertModel/BertEncoder/BertLayer.0/BertAttention"
        self.assertEqual(read["/encoder/layer.0/attention/self/MatMul"],
                         {"tag": f"{layer}/BertSelfAttention", "depth": "5"})
        self.assertEqual(read["/encoder/layer.0/attention/output/dense/MatMul"],
                         {"tag": f"{layer}/BertSelfOutput", "depth": "5"})
        for name, props in read.items():
            parts = [part for part in props["tag"].split("/") if part]
            self.assertEqual(parts[0], "BertModel", name)
            self.assertEqual(props["depth"], str(len(parts)), name)

    def test_tags_outlive_a_transformation(self):
        """As in winml: captured, lost, restored; nothing twice."""
        proto, snapshot = self.capture("bert_tiny/torchscript", "--keys=modelexport,winml")
        before = [node.SerializeToString() for node in proto.graph.node]
        for node in proto.graph.node:
            del node.metadata_props[:]
        result = metadata.restore_metadata(proto, snapshot)
        self.assertEqual(result.nodes_restored, len(before))
        self.assertEqual([node.SerializeToString() for node in proto.graph.node], before)

    def test_other_presets_write_no_winml_keys(self):
        _, snapshot = self.capture("bert_tiny/torchscript", "--keys=modelexport,model_explorer")
        self.assertGreater(snapshot.node_count, 0)
        self.assertFalse(any(hierarchy_props(entry) for entry in snapshot.nodes.values()))


if __name__ == "__main__":
    unittest.main()
