// The part of the text form of models that describes types and tensors (model_text.h).
#ifndef MODELEXPORT_TESTING_TENSOR_TEXT_H_
#define MODELEXPORT_TESTING_TENSOR_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/testing/text_reader.h"

namespace modelexport::testing {

// `float[2, N, ?]`, `float[]` (of unknown rank), `float` (a scalar).
struct TensorType {
  struct Dim {
    int64_t value = 0;
    std::string symbol;  // "?" if nothing is known; "" if `value` is known.
  };

  int32_t element = 0;  // TensorProto.DataType; 0 if there is no type.
  bool has_rank = true;
  std::vector<Dim> dims;

  bool valid() const { return element != 0; }
};

// Whether the next name is an element type.
bool SeesType(TextReader& reader);
TensorType ReadType(TextReader& reader);

// The serialized TypeProto of a dense tensor.
std::string TypeBytes(const TensorType& type);

// Reads `{1, 2}`, `data {1, 2}` or `["location": "weights.bin"]`; returns a serialized TensorProto.
std::string ReadTensor(TextReader& reader, const TensorType& type, absl::string_view name);

// Reads `{1, 2} at {3, 7}`; returns a serialized SparseTensorProto.
std::string ReadSparseTensor(TextReader& reader, const TensorType& type, absl::string_view name);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_TENSOR_TEXT_H_
