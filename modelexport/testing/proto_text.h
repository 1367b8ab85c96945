// Serialized ONNX messages as protobuf prints them.
#ifndef MODELEXPORT_TESTING_PROTO_TEXT_H_
#define MODELEXPORT_TESTING_PROTO_TEXT_H_

#include <string>

#include "google/protobuf/message_lite.h"

namespace modelexport::testing {

// `message`, of the package onnx, in protobuf's text format on one line. Unknown fields are printed
// by their numbers: `input: "x" op_type: "Relu" 99: 1`.
//
// The classes generated from ONNX's schema cannot be printed, so this function reads the schema
// itself.
std::string ProtoText(const google::protobuf::MessageLite& message);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_PROTO_TEXT_H_
