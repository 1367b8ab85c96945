#include "modelexport/modules/structure.h"

#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/modules/ancestors.h"

namespace modelexport {
namespace {

// More siblings than these are named by the first and the last.
constexpr size_t kMaxListed = 3;

// Two sums for each module are made by one pass over nodes and operands, then summed up the tree:
// - what a node is, with its position among the nodes of its module;
// - what it reads, summed at the innermost module that holds both ends, which the positions and the
//   distance of the two modules describe alike in equal modules.
class StructureHasher {
 public:
  StructureHasher(const OwnedGraph& owned, const std::vector<bool>& marks)
      : owned_(owned),
        marks_(marks),
        tree_(Ancestors::OfModules(owned.hierarchy)),
        sums_(owned.hierarchy.modules().size()),
        position_(owned.owners.size()) {}

  std::vector<uint64_t> Run() {
    CountPositions();
    for (size_t n = 0; n < position_.size(); ++n) {
      if (owned_.IsAttributed(NodeId(n))) AddNode(NodeId(n));
    }
    return SumUp();
  }

 private:
  void CountPositions() {
    std::vector<uint32_t> counts(sums_.size());
    for (size_t n = 0; n < position_.size(); ++n) {
      if (owned_.IsAttributed(NodeId(n))) {
        position_[n] = counts[owned_.owners[n].module.index()]++;
      }
    }
  }

  void AddNode(NodeId node) {
    const ModuleId module = owned_.owner(node).module;
    const absl::Span<const ValueId> inputs = owned_.graph.inputs(node);
    sums_[module.index()] += absl::HashOf(position_[node.index()], owned_.graph.op_type(node),
                                          inputs.size(), owned_.graph.outputs(node).size());
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].valid()) AddRead(node, i, owned_.graph.value(inputs[i]));
    }
  }

  void AddRead(NodeId node, size_t input, const Value& value) {
    const ModuleId module = owned_.owner(node).module;
    if (value.tensor != Value::kNoTensor) {
      const TensorRecord& tensor = owned_.graph.index().tensors()[value.tensor];
      sums_[module.index()] += absl::HashOf(position_[node.index()], input, tensor.data_type,
                                            owned_.graph.index().dims(tensor));
    } else if (value.producer.valid() && owned_.IsAttributed(value.producer)) {
      AddEdge(value, module, position_[node.index()], input);
    }
  }

  void AddEdge(const Value& value, ModuleId reader_id, uint32_t position, size_t input) {
    const uint32_t reader = static_cast<uint32_t>(reader_id.index());
    const uint32_t maker = static_cast<uint32_t>(owned_.owner(value.producer).module.index());
    const uint32_t around = tree_.Common(reader, maker);
    sums_[around] += absl::HashOf(tree_.number(maker) - tree_.number(around),
                                  tree_.number(reader) - tree_.number(around),
                                  position_[value.producer.index()], position, input);
  }

  // A parent precedes its children, so from the back all of a module's children are complete. Their
  // hashes are combined in order, which is the reverse here.
  std::vector<uint64_t> SumUp() {
    std::vector<uint64_t> children(sums_.size());
    for (size_t m = sums_.size(); m-- > 0;) {
      const Module& module = owned_.hierarchy.modules()[m];
      sums_[m] = absl::HashOf(sums_[m], children[m], module.class_name, module.calls.value_or(-1),
                              !marks_.empty() && marks_[m]);
      if (m == 0) break;
      uint64_t& siblings = children[module.parent.index()];
      siblings = absl::HashOf(siblings, sums_[m], LastSegment(module.path));
    }
    return std::move(sums_);
  }

  const OwnedGraph& owned_;
  const std::vector<bool>& marks_;
  const Ancestors tree_;
  std::vector<uint64_t> sums_;      // By module.
  std::vector<uint32_t> position_;  // By node: among those of its module.
};

// A name as a number between two texts; without digits the number is absent.
struct NumberedName {
  absl::string_view before, after;
  absl::optional<uint32_t> number;
};

// The last run of digits counts.
NumberedName Split(absl::string_view name) {
  size_t end = name.size();
  while (end > 0 && !absl::ascii_isdigit(name[end - 1])) --end;
  size_t begin = end;
  while (begin > 0 && absl::ascii_isdigit(name[begin - 1])) --begin;
  NumberedName split = {name.substr(0, begin), name.substr(end), absl::nullopt};
  uint32_t number;
  const absl::string_view digits = name.substr(begin, end - begin);
  // What has zeros before it would not come back from its number.
  if (absl::SimpleAtoi(digits, &number) && absl::StrCat(number) == digits) split.number = number;
  return split;
}

bool Follows(const NumberedName& first, size_t distance, const NumberedName& name) {
  return name.number.has_value() && first.number.has_value() && name.before == first.before &&
         name.after == first.after && *name.number == *first.number + distance;
}

}  // namespace

std::vector<uint64_t> StructureOf(const OwnedGraph& owned, const std::vector<bool>& marks) {
  return StructureHasher(owned, marks).Run();
}

absl::string_view LastSegment(absl::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == absl::string_view::npos ? path : path.substr(dot + 1);
}

std::string FoldedName(const Hierarchy& hierarchy, absl::Span<const ModuleId> siblings) {
  std::vector<absl::string_view> names;
  for (ModuleId id : siblings) names.push_back(LastSegment(hierarchy.module(id).path));
  if (names.size() == 1) return std::string(names[0]);
  const NumberedName first = Split(names[0]);
  bool consecutive = true;
  for (size_t i = 0; i < names.size(); ++i) {
    consecutive = consecutive && Follows(first, i, Split(names[i]));
  }
  if (consecutive) {
    return absl::StrCat(first.before, *first.number, "-", *first.number + names.size() - 1,
                        first.after);
  }
  if (names.size() <= kMaxListed) return absl::StrJoin(names, ",");
  return absl::StrCat(names.front(), "..", names.back());
}

}  // namespace modelexport
