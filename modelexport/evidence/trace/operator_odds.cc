#include "modelexport/evidence/trace/operator_odds.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/trace/operator_table.h"

namespace modelexport {
namespace {

// Chosen on public models; none is critical (docs/matching.md).
constexpr float kSameName = 1;           // Added to the table's weight.
constexpr float kNameWithin = 0.7f;      // One name lies within the other.
constexpr size_t kLeastWithin = 4;       // Characters of a name that may lie within another.
constexpr float kUnlisted = 0.5f;        // Weight of all that the table does not list.
constexpr float kStillWritten = 0.25f;   // Share of the weights that, if present, stands for all.
constexpr float kBackground = 0.2f;      // Share of nodes that the table cannot explain.
constexpr float kNothingWritten = 0.1f;  // Of that, for kinds that write nothing.
constexpr float kExplained = 0.25f;      // Probability that counts as an explanation.
constexpr float kUnknownKind = 0.4f;     // A kind that nobody knows explains less than others.
constexpr float kPriorCount = 2;         // Nodes that an assumption weighs as much as.
constexpr float kKept = 0.5f;  // Of an assumption that the table makes, however many nodes.
constexpr float kFloor = 0.0015f;
constexpr float kSkip = 0.5f;

// Lower case, letters and digits alone: "LayerNormalization" and "layer_normalization" are one.
std::string Squeezed(absl::string_view name) {
  std::string squeezed;
  for (char c : name) {
    if (absl::ascii_isalnum(c)) squeezed.push_back(absl::ascii_tolower(c));
  }
  return squeezed;
}

bool LiesWithin(absl::string_view a, absl::string_view b) {
  return a.size() >= kLeastWithin && absl::StrContains(b, a);
}

struct NamedType {
  absl::string_view type;
  std::string squeezed;
};

// Those that the table lists, and of `types` those that it does not.
std::vector<NamedType> NamedTypes(const OperatorTable& table,
                                  absl::Span<const absl::string_view> types) {
  std::set<absl::string_view> all(table.op_types().begin(), table.op_types().end());
  all.insert(types.begin(), types.end());
  std::vector<NamedType> named;
  for (absl::string_view type : all) named.push_back({type, Squeezed(type)});
  return named;
}

// The weights of all ONNX operators for one kind.
class Weights {
 public:
  Weights(const OperatorTable& table, absl::string_view kind,
          absl::Span<const absl::string_view> types, absl::Span<const NamedType> named_types) {
    const absl::string_view base = BaseName(kind);
    const absl::string_view plain = absl::StripSuffix(base, "_");  // In place: "relu_".
    const bool is_onnx = absl::StartsWith(kind, kOnnxPrefix);
    const std::vector<OperatorTable::Entry>* entries =
        is_onnx ? table.FindByTools(base) : table.Find(base);
    if (entries == nullptr && !is_onnx) entries = table.Find(plain);
    known_ = entries != nullptr;
    if (is_onnx) {
      AddTools(entries);
    } else if (known_) {
      for (const OperatorTable::Entry& entry : *entries) {
        weights_[entry.op_type] = entry.weight * table.Information(entry.op_type);
      }
    }
    const std::string name = Squeezed(plain);
    for (const NamedType& type : named_types) AddName(name, type);
    for (const auto& [type, weight] : weights_) total_ += weight;
    KeepPresent(types);
  }

  bool known() const { return known_; }
  bool empty() const { return weights_.empty(); }

  // A fused operator has the names of what it was made of: "FusedMatMul".
  float Share(absl::string_view type) const {
    if (empty()) return 0;
    float weight = 0;
    const auto found = weights_.find(type);
    if (found != weights_.end()) {
      weight = found->second;
    } else {
      for (const auto& [part, part_weight] : weights_) {
        if (LiesWithin(part, type)) weight = std::max(weight, part_weight);
      }
    }
    return weight / (total_ + kUnlisted);
  }

 private:
  // Where a model has none of the main operators that stand for a kind, but much of the rest, that
  // is how the exporter wrote it: Gelu as Div, Erf, Add and Mul.
  void KeepPresent(absl::Span<const absl::string_view> types) {
    float present = 0;
    for (absl::string_view type : types) {
      const auto found = weights_.find(type);
      if (found != weights_.end()) present += found->second;
    }
    if (present >= kStillWritten * total_) total_ = present;
  }

  // What surrounds the result is written for many operators, so that it says little of any.
  void AddTools(const std::vector<OperatorTable::Entry>* entries) {
    if (entries == nullptr) return;
    for (const OperatorTable::Entry& entry : *entries) weights_[entry.op_type] = entry.weight;
  }

  void AddName(const std::string& name, const NamedType& type) {
    if (name == type.squeezed) {
      weights_[type.type] += kSameName;
      known_ = true;
    } else if (LiesWithin(name, type.squeezed) || LiesWithin(type.squeezed, name)) {
      weights_[type.type] += kNameWithin;
    }
  }

  std::map<absl::string_view, float> weights_;  // Sorted: what is summed up depends on the order.
  float total_ = 0;
  bool known_ = false;
};

}  // namespace

OperatorOdds::OperatorOdds(absl::Span<const absl::string_view> kinds,
                           absl::Span<const uint32_t> kind_counts,
                           absl::Span<const absl::string_view> types,
                           absl::Span<const uint32_t> type_counts,
                           const std::atomic<bool>* cancelled)
    : num_kinds_(kinds.size()),
      num_types_(types.size()),
      kind_counts_(kind_counts.begin(), kind_counts.end()),
      explains_(num_kinds_ * num_types_),
      assumed_(num_kinds_ * num_types_),
      odds_(num_kinds_ * num_types_),
      skip_costs_(num_kinds_) {
  float nodes = 0;
  for (uint32_t count : type_counts) nodes += count + 0.5f;
  for (uint32_t count : type_counts) share_.push_back((count + 0.5f) / nodes);
  Assume(kinds, types, cancelled);
  if (IsCancelled(cancelled)) return;
  AssumeBackground();
  Learn(std::vector<uint32_t>(odds_.size()), std::vector<uint32_t>(num_kinds_));
}

void OperatorOdds::Assume(absl::Span<const absl::string_view> kinds,
                          absl::Span<const absl::string_view> types,
                          const std::atomic<bool>* cancelled) {
  const OperatorTable& table = OperatorTable::Get();
  const std::vector<NamedType> named_types = NamedTypes(table, types);
  for (size_t k = 0; k < kinds.size(); ++k) {
    if (IsCancelled(cancelled)) return;  // At each: it may look at a thousand types.
    const Weights weights(table, kinds[k], types, named_types);
    known_.push_back(!weights.known()  ? Known::kNothing
                     : weights.empty() ? Known::kWritesNothing
                                       : Known::kTypes);
    float present = 0;
    for (size_t t = 0; t < types.size(); ++t) {
      present += at(&assumed_, k, t) = weights.Share(types[t]);
      explains_[t * num_kinds_ + k] = at(&assumed_, k, t) > 0;
    }
    image_odds_.push_back(weights.known() ? 0.15f + 0.75f * std::min(1.0f, 1.5f * present) : 0.6f);
  }
}

// Nodes that no kind explains may come from anywhere.
void OperatorOdds::AssumeBackground() {
  std::vector<float> background(num_types_);
  float total = 0;
  for (size_t t = 0; t < num_types_; ++t) {
    float explained = 0;
    for (size_t k = 0; k < num_kinds_; ++k) explained = std::max(explained, at(&assumed_, k, t));
    total += background[t] =
        share_[t] * std::min(1.0f, std::max(0.05f, 1 - explained / kExplained));
  }
  for (size_t t = 0; t < num_types_; ++t) {
    for (size_t k = 0; k < num_kinds_; ++k) {
      float& assumed = at(&assumed_, k, t);
      const float unexplained = kBackground * background[t] / total;
      switch (known_[k]) {
        case Known::kNothing:
          assumed = kUnknownKind * share_[t];
          break;
        case Known::kTypes:
          assumed = (1 - kBackground) * assumed + unexplained;
          break;
        case Known::kWritesNothing:
          assumed = kNothingWritten * unexplained;
      }
    }
  }
}

void OperatorOdds::Learn(absl::Span<const uint32_t> counts, absl::Span<const uint32_t> with_image) {
  const bool learned =
      std::any_of(with_image.begin(), with_image.end(), [](uint32_t count) { return count > 0; });
  for (size_t k = 0; k < num_kinds_; ++k) {
    float nodes = kPriorCount;
    for (size_t t = 0; t < num_types_; ++t) nodes += counts[t * num_kinds_ + k];
    for (size_t t = 0; t < num_types_; ++t) {
      const float assumed = at(&assumed_, k, t);
      const float seen = (counts[t * num_kinds_ + k] + kPriorCount * assumed) / nodes;
      const float likely =
          known_[k] == Known::kNothing ? kUnknownKind * seen : kKept * assumed + (1 - kKept) * seen;
      const float odds = std::log((likely + kFloor) / (share_[t] + kFloor));
      at(&odds_, k, t) = std::min(kMost, std::max(kLeast, odds));
    }
    const float has_image =
        learned ? (with_image[k] + image_odds_[k]) / (kind_counts_[k] + 1) : image_odds_[k];
    const float absent = std::min(1.0f, std::max(0.02f, 1 - has_image));
    skip_costs_[k] = kSkip * std::min(3.0f, std::max(0.02f, -std::log(absent)));
  }
}

}  // namespace modelexport
