// How likely an ONNX operator is an image of an operator of the run, judged by what exporters write
// and by what an alignment has shown for this very model.
#ifndef MODELEXPORT_EVIDENCE_TRACE_OPERATOR_ODDS_H_
#define MODELEXPORT_EVIDENCE_TRACE_OPERATOR_ODDS_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {

// Kinds are operators of the run, as "aten.add.Tensor"; types are operators of ONNX. Both are
// identified by their position in `kinds` and `types`.
class OperatorOdds {
 public:
  // `kind_counts` and `type_counts` say how often each kind and each type occurs.
  // Soon after `*cancelled` becomes true it ends, with odds and costs that are all 0; null: never.
  // Takes time in proportion to the kinds times the types.
  OperatorOdds(absl::Span<const absl::string_view> kinds, absl::Span<const uint32_t> kind_counts,
               absl::Span<const absl::string_view> types, absl::Span<const uint32_t> type_counts,
               const std::atomic<bool>* cancelled = nullptr);

  // The logarithm of how much likelier an image of `kind` has `type` than any node has; from kLeast
  // to kMost.
  float of(uint32_t kind, uint32_t type) const { return odds_[type * num_kinds_ + kind]; }

  // The same for one type and all kinds.
  const float* of_type(uint32_t type) const { return &odds_[type * num_kinds_]; }

  // Whether nodes of `type` are explained by what exporters write for operators of `kind`, however
  // rarely, or by a name that is part of the other.
  bool Explains(uint32_t kind, uint32_t type) const { return explains_[type * num_kinds_ + kind]; }

  // What an alignment loses for each operator of `kind` that has no image.
  float skip_cost(uint32_t kind) const { return skip_costs_[kind]; }

  // Learns from an alignment in which counts[type * number of kinds + kind] nodes of `type` are
  // images of `kind`, and with_image[kind] operators of each kind have an image.
  void Learn(absl::Span<const uint32_t> counts, absl::Span<const uint32_t> with_image);

  static constexpr float kLeast = -4;
  static constexpr float kMost = 2.5f;

 private:
  // What is known of a kind without looking at the model.
  enum class Known : uint8_t { kNothing, kTypes, kWritesNothing };

  void Assume(absl::Span<const absl::string_view> kinds, absl::Span<const absl::string_view> types,
              const std::atomic<bool>* cancelled);
  void AssumeBackground();
  float& at(std::vector<float>* table, size_t kind, size_t type) const {
    return (*table)[type * num_kinds_ + kind];
  }

  const size_t num_kinds_, num_types_;
  const std::vector<uint32_t> kind_counts_;
  std::vector<float> share_;       // By type: of all nodes.
  std::vector<Known> known_;       // By kind.
  std::vector<bool> explains_;     // As odds_.
  std::vector<float> assumed_;     // As odds_: probability of a type, given a kind.
  std::vector<float> image_odds_;  // By kind: probability that one has an image, as assumed.
  std::vector<float> odds_;
  std::vector<float> skip_costs_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_OPERATOR_ODDS_H_
