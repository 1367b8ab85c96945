// Which ONNX operators the exporters write for an ATen operator.
//
// tools/python/write_operator_table.py reads the table out of PyTorch's own exporters. An ONNX
// operator that the exporter's function for an ATen operator mentions counts fully; one that only a
// helper of that function mentions counts less, by a constant factor for each call in between. So
// the table covers what the exporters cover, and contains no choice of ours.
#ifndef MODELEXPORT_EVIDENCE_TRACE_OPERATOR_TABLE_H_
#define MODELEXPORT_EVIDENCE_TRACE_OPERATOR_TABLE_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// Before the operators of a tagged model, which is a source too: "onnx.MatMul".
inline constexpr absl::string_view kOnnxPrefix = "onnx.";

// Without namespace and overload: "add" of "aten.add.Tensor", "getitem" of "operator.getitem".
absl::string_view BaseName(absl::string_view kind);

class OperatorTable {
 public:
  struct Entry {
    absl::string_view op_type;
    float weight;  // In (0, 1].
  };

  // The same for the whole process, parsed when it is first asked for. Safe in several threads.
  static const OperatorTable& Get();

  OperatorTable(const OperatorTable&) = delete;
  OperatorTable& operator=(const OperatorTable&) = delete;

  // What the exporters write for an ATen operator, which is named without namespace and overload,
  // as "add". Null if they do not know the operator; empty if they write nothing for it.
  const std::vector<Entry>* Find(absl::string_view aten_name) const;

  // What tools write for an operator of ONNX, besides itself, given as "MatMul"
  // (tools_table_data.h). Null if nothing is known.
  const std::vector<Entry>* FindByTools(absl::string_view op_type) const;

  // How much an ONNX operator tells about the ATen operator: 1 if the exporters write it for a
  // single ATen operator, near 0 if for most. Also 1 if they never write it.
  float Information(absl::string_view op_type) const;

  // The ONNX operators that the exporters write.
  const std::vector<absl::string_view>& op_types() const { return op_types_; }

 private:
  using Rows = absl::flat_hash_map<absl::string_view, std::vector<Entry>>;

  OperatorTable();

  static Rows Parse(absl::string_view table);

  const Rows entries_, by_tools_;
  absl::flat_hash_map<absl::string_view, float> total_weight_;  // By op_type.
  std::vector<absl::string_view> op_types_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_OPERATOR_TABLE_H_
