#include "modelexport/resolution/operator_images.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace modelexport {
namespace {

constexpr size_t kMaxNames = 1000;

// Weights in the table that are less come from helpers of helpers (operator_table.h).
constexpr float kLeastWeight = 0.2f;

// The first takes one of the results of an operator that has several.
bool HandsOn(absl::string_view kind) {
  return kind == "operator.getitem" || kind == "onnx.Identity" || kind == "onnx.Dropout";
}

// Writes Dropout above all: where no node is left of it, it did nothing.
bool WritesDropout(const std::vector<OperatorTable::Entry>& written) {
  const auto most =
      std::max_element(written.begin(), written.end(),
                       [](const OperatorTable::Entry& a, const OperatorTable::Entry& b) {
                         return a.weight < b.weight;
                       });
  return most != written.end() && most->op_type == "Dropout";
}

}  // namespace

void NumberedNames::Add(absl::string_view name) {
  auto found = found_.find(name);
  if (found == found_.end()) {
    if (names_.size() < kMaxNames) {
      names_.push_back(name);
      counts_.push_back(0);
    }
    found = found_.emplace(name, static_cast<uint32_t>(names_.size() - 1)).first;
  }
  number_.push_back(found->second);
  ++counts_[found->second];
}

OperatorImages::OperatorImages(const GraphView& graph, const Hierarchy& hierarchy,
                               const std::atomic<bool>* cancelled)
    : graph_(graph) {
  for (const Op& op : hierarchy.ops()) {
    kinds_.Add(op.name);
    returns_read_.push_back(op.returns_read);
  }
  for (size_t n = 0; n < graph.num_nodes(); ++n) types_.Add(graph.op_type(NodeId(n)));
  odds_ = std::make_unique<const OperatorOdds>(kinds_.names(), kinds_.counts(), types_.names(),
                                               types_.counts(), cancelled);
  for (const absl::string_view kind : kinds_.names()) {
    const bool is_onnx = absl::StartsWith(kind, kOnnxPrefix);
    const auto* const written = is_onnx ? nullptr : OperatorTable::Get().Find(BaseName(kind));
    written_.push_back(written);
    is_onnx_.push_back(is_onnx);
    does_nothing_.push_back(HandsOn(kind) ||
                            (written != nullptr && (written->empty() || WritesDropout(*written))));
  }
}

bool OperatorImages::IsWritten(NodeId node, OpId op) const {
  const uint32_t kind = kinds_.of(op.index());
  absl::string_view onnx_type = kinds_.names()[kind];
  if (absl::ConsumePrefix(&onnx_type, kOnnxPrefix)) return onnx_type == graph_.op_type(node);
  const auto* const written = written_[kind];
  if (written == nullptr) return false;
  return std::any_of(written->begin(), written->end(), [&](const OperatorTable::Entry& entry) {
    return entry.weight >= kLeastWeight && entry.op_type == graph_.op_type(node);
  });
}

}  // namespace modelexport
