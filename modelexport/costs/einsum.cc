#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "modelexport/costs/mac_rules.h"

namespace modelexport {
namespace {

// A letter, or "..." with the position, from the end, of a dimension that it means.
using Labels = std::vector<std::string>;

// The labels of a term; `rest` dimensions are meant by "...". False if it is malformed.
bool ReadTerm(absl::string_view term, size_t rest, Labels* labels) {
  while (!term.empty()) {
    if (absl::ConsumePrefix(&term, "...")) {
      for (size_t i = rest; i-- > 0;) labels->push_back(absl::StrCat("...", i));
    } else if (absl::ascii_isalpha(term[0])) {
      labels->emplace_back(1, term[0]);
      term.remove_prefix(1);
    } else {
      return false;
    }
  }
  return true;
}

size_t CountLetters(absl::string_view term) {
  return std::count_if(term.begin(), term.end(), absl::ascii_isalpha);
}

// How many dimensions "..." means, or none where it is not there.
size_t RestOf(absl::string_view term, size_t rank) {
  const size_t letters = CountLetters(term);
  return absl::StrContains(term, "...") && rank > letters ? rank - letters : 0;
}

// Which of the operands have a label (bits), whether the output does, and its size.
struct LabelUse {
  unsigned operands = 0;
  bool output = false;
  Count size = Count(1);
};
using LabelUses = std::map<std::string, LabelUse>;

bool AddOperand(absl::string_view term, const Dims& dims, unsigned bit, LabelUses* uses) {
  Labels labels;
  if (!dims.rank().has_value()) return false;
  if (!ReadTerm(term, RestOf(term, *dims.rank()), &labels)) return false;
  if (labels.size() != *dims.rank()) return false;
  for (size_t i = 0; i < labels.size(); ++i) {
    LabelUse& use = (*uses)[labels[i]];
    use.operands |= bit;
    const Count dim = dims.dim(static_cast<int>(i));
    // A dimension of 1 is repeated as often as the other operand needs.
    if (use.size == Count(1) || !dim.is_known()) use.size = dim;
  }
  return true;
}

// Without an output in the equation it has the labels that occur once, and all that "..." means.
void MarkImplicitOutput(const std::vector<std::string>& terms, LabelUses* uses) {
  const std::string all = absl::StrCat(terms[0], terms[1]);
  for (auto& [label, use] : *uses) {
    use.output = label.size() > 1 || std::count(all.begin(), all.end(), label[0]) == 1;
  }
}

void MarkOutput(absl::string_view term, LabelUses* uses) {
  const bool rest = absl::StrContains(term, "...");
  for (auto& [label, use] : *uses) {
    use.output = label.size() > 1 ? rest : absl::StrContains(term, label);
  }
}

Count Product(const LabelUses& uses) {
  Count product(1);
  for (const auto& [label, use] : uses) {
    const bool is_shared = use.operands == 3;
    if (is_shared || use.output) product = product * use.size;
  }
  return product;
}

}  // namespace

Count EinsumMacs(const NodeShapes& node) {
  if (node.num_inputs() == 1) return Count(0);
  const std::string equation =
      absl::StrReplaceAll(node.attributes().String("equation", ""), {{" ", ""}});
  const std::vector<std::string> sides = absl::StrSplit(equation, absl::MaxSplits("->", 1));
  const std::vector<std::string> terms = absl::StrSplit(sides[0], ',');
  if (node.num_inputs() != 2 || terms.size() != 2) return Count();
  LabelUses uses;
  for (unsigned i = 0; i < 2; ++i) {
    if (!AddOperand(terms[i], node.input(i), 1u << i, &uses)) return Count();
  }
  if (sides.size() > 1) {
    MarkOutput(sides[1], &uses);
  } else {
    MarkImplicitOutput(terms, &uses);
  }
  return Product(uses);
}

}  // namespace modelexport
