#include "modelexport/testing/proto_text.h"

#include <fstream>
#include <memory>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace modelexport::testing {
namespace {

namespace protobuf = google::protobuf;

// ONNX's schema, which the build compiles to a FileDescriptorSet.
const protobuf::DescriptorPool& Schema() {
  static const protobuf::DescriptorPool* const schema = [] {
    protobuf::FileDescriptorSet files;
    std::ifstream input("modelexport/testing/onnx_schema.pb", std::ios::binary);
    EXPECT_TRUE(files.ParseFromIstream(&input));
    auto* const pool = new protobuf::DescriptorPool;
    for (const protobuf::FileDescriptorProto& file : files.file()) pool->BuildFile(file);
    return pool;
  }();
  return *schema;
}

}  // namespace

std::string ProtoText(const protobuf::MessageLite& message) {
  const protobuf::Descriptor* const type = Schema().FindMessageTypeByName(message.GetTypeName());
  if (type == nullptr) return "no such message in the schema";
  protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<protobuf::Message> copy(factory.GetPrototype(type)->New());
  EXPECT_TRUE(copy->ParseFromString(message.SerializeAsString()));
  protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string text;
  EXPECT_TRUE(printer.PrintToString(*copy, &text));
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace modelexport::testing
