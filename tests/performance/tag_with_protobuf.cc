// tag_with_protobuf IN.onnx OUT.onnx: what one would write with protobuf alone. Parses the whole
// model, adds three metadata_props to each node and writes it.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "onnx/onnx_pb.h"

static void AddEntry(onnx::NodeProto* node, const char* key, const char* value) {
  onnx::StringStringEntryProto* const entry = node->add_metadata_props();
  entry->set_key(key);
  entry->set_value(value);
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  onnx::ModelProto model;
  const int in = open(argv[1], O_RDONLY);
  if (!model.ParseFromFileDescriptor(in)) {
    std::fprintf(stderr, "tag_with_protobuf: cannot read %s\n", argv[1]);
    return 3;
  }
  for (onnx::NodeProto& node : *model.mutable_graph()->mutable_node()) {
    AddEntry(&node, "modelexport.module", "encoder.layer.0");
    AddEntry(&node, "modelexport.tag", "/Model/Encoder/Layer.0");
    AddEntry(&node, "modelexport.evidence", "node_name");
  }
  const int out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (!model.SerializeToFileDescriptor(out) || close(out) != 0) {
    std::fprintf(stderr, "tag_with_protobuf: cannot write %s\n", argv[2]);
    return 4;
  }
  return 0;
}
