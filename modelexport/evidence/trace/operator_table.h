// Which ONNX operators the exporters write for an ATen operator.
//
// The table is read out of PyTorch's own exporters by tools/python/write_operator_table.py: an
// operator that the function for an ATen operator mentions counts fully, one that only a helper of
// it mentions counts less, by a constant factor for each step. So it covers what the exporters
// cover, and holds no choice of ours.
#ifndef MODELEXPORT_EVIDENCE_TRACE_OPERATOR_TABLE_H_
#define MODELEXPORT_EVIDENCE_TRACE_OPERATOR_TABLE_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace modelexport {

class OperatorTable {
 public:
  struct Entry {
    absl::string_view op_type;
    float weight;  // In (0, 1].
  };

  // Parses the table: cheap, but not free.
  OperatorTable();

  // What the exporters write for an ATen operator, given without namespace and overload, as "add".
  // Null if they do not know it; empty if they write nothing.
  const std::vector<Entry>* Find(absl::string_view aten_name) const;

  // What tools write for an operator of ONNX, besides itself, given as "MatMul"
  // (tools_table_data.h). Null if nothing is known.
  const std::vector<Entry>* FindByTools(absl::string_view op_type) const;

  // How much an operator of ONNX says: 1 if the exporters write it for one ATen operator alone,
  // near 0 if for most. 1 for those that they never write.
  float Information(absl::string_view op_type) const;

  // The ONNX operators that the exporters write.
  const std::vector<absl::string_view>& op_types() const { return op_types_; }

 private:
  using Rows = absl::flat_hash_map<absl::string_view, std::vector<Entry>>;

  static Rows Parse(absl::string_view table);

  const Rows entries_, by_tools_;
  absl::flat_hash_map<absl::string_view, float> total_weight_;  // By op_type.
  std::vector<absl::string_view> op_types_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_OPERATOR_TABLE_H_
