#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/tensors/common_readers.h"
#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/evidence/tensors/tensor_matchers.h"
#include "modelexport/evidence/tensors/tensor_readers.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

// More proposals for a node than this are put as one: their common ancestor.
constexpr size_t kMaxProposals = 64;

// "wn.parametrizations.weight" of this class lies in a container of the module "wn".
constexpr absl::string_view kParametrizations = "torch.nn.utils.parametrize.ParametrizationList";

// What a parametrisation makes of its tensors may look like one of them: a normalised weight is the
// weight, until it is trained. Then the module that has the parametrisation reads it. By module:
// that module, if it is or is within a parametrisation, the outermost of several; else itself.
std::vector<ModuleId> OutOfParametrizations(const Hierarchy& hierarchy) {
  std::vector<ModuleId> out{Hierarchy::root()};
  for (size_t m = 1; m < hierarchy.modules().size(); ++m) {
    const ModuleId module(m);
    const ModuleId parent = hierarchy.module(module).parent;  // Precedes it.
    if (out[parent.index()] != parent) {
      out.push_back(out[parent.index()]);
    } else if (hierarchy.module(module).class_name == kParametrizations &&
               parent != Hierarchy::root()) {
      out.push_back(hierarchy.module(parent).parent);
    } else {
      out.push_back(module);
    }
  }
  return out;
}

// What a node reads, or what a carrier carries, if content has a part in it; else nothing.
std::vector<TensorIdentity::Held> HeldBy(const GraphView& graph, const TensorIdentity& tensors,
                                         NodeId node) {
  const bool carries = ChangesFormAlone(graph.op_type(node));
  absl::Span<const ValueId> values = carries ? graph.outputs(node) : graph.inputs(node);
  if (carries) values = values.subspan(0, 1);
  std::vector<TensorIdentity::Held> all;
  bool by_content = false;
  for (const ValueId value : values) {
    if (!value.valid()) continue;
    const TensorIdentity::Held held = tensors.of(value);
    if (held.parts.empty()) continue;
    by_content = by_content || held.source == TensorIdentity::Source::kContent;
    all.push_back(held);
  }
  if (!by_content) all.clear();
  return all;
}

class FingerprintMatch {
 public:
  explicit FingerprintMatch(const MatchContext& context)
      : context_(context),
        tensors_(TensorsOf(context)),
        readers_(context.hierarchy),
        stands_for_(OutOfParametrizations(context.hierarchy)),
        common_readers_(context.hierarchy, readers_, kMaxProposals, stands_for_) {}

  MatchResult Run() {
    MatchResult result;
    result.offer = {tensors_.num_found(), tensors_.num_found()};
    for (const std::string& note : tensors_.notes()) {
      result.notes.push_back(absl::StrCat("fingerprint: ", note));
    }
    if (tensors_.num_found() == 0) return result;
    for (size_t n = 0; n < context_.graph.num_nodes(); ++n) {
      if (EndsEarly(context_, n)) break;
      const auto held = HeldBy(context_.graph, tensors_, NodeId(n));
      if (!held.empty()) Propose(NodeId(n), held, &result.candidates);
    }
    if (common_readers_.num_too_many() > 0) {
      result.notes.push_back(absl::StrCat(
          "fingerprint: ", common_readers_.num_too_many(), " nodes hold tensors that more than ",
          CommonReaders::kMaxModules, " modules read; the common ancestor was taken"));
    }
    return result;
  }

 private:
  // What nodes that hold the same are proposed to.
  struct Proposal {
    std::vector<TensorReader> readers;  // Sorted; empty: to `around` or a module below it.
    ModuleId around;
  };

  void Propose(NodeId node, const std::vector<TensorIdentity::Held>& held,
               std::vector<Candidate>* candidates) {
    std::vector<CommonReaders::ListId> lists;
    for (const TensorIdentity::Held& value : held) lists.push_back(ReadersOf(value.parts));
    const Proposal& proposal = ProposalOf(lists);
    if (proposal.readers.empty()) {
      if (proposal.around == Hierarchy::root()) return;
      candidates->push_back({node, proposal.around, CallId(), false});
      return;
    }
    // What only carries a tensor on belongs with who reads it: the flow of data tells who that is.
    if (proposal.readers.size() > 1 && ChangesFormAlone(context_.graph.op_type(node))) return;
    for (const TensorReader& reader : proposal.readers) {
      candidates->push_back({node, reader.module, reader.call, true});
    }
  }

  // Who reads all parts of a value. Found once for the values that hold the same.
  CommonReaders::ListId ReadersOf(absl::Span<const std::vector<TensorId>> parts) {
    const auto known = readers_of_parts_.try_emplace(parts.data());
    if (known.second) {
      std::vector<CommonReaders::ListId> lists;
      for (const std::vector<TensorId>& part : parts) {
        lists.push_back(common_readers_.ListOf(part));
      }
      known.first->second = common_readers_.ListOfAll(lists);
    }
    return known.first->second;
  }

  const Proposal& ProposalOf(const std::vector<CommonReaders::ListId>& lists) {
    const CommonReaders::Common& common = common_readers_.InAll(lists);
    const auto known = proposals_.try_emplace(&common);
    if (known.second) known.first->second = MakeProposal(common);
    return known.first->second;
  }

  Proposal MakeProposal(const CommonReaders::Common& common) const {
    if (common.readers.empty()) return {{}, common.around};
    std::vector<TensorReader> readers = common.readers;
    std::sort(readers.begin(), readers.end(), Before);
    const bool sure = std::all_of(readers.begin(), readers.end(), [this](const TensorReader& r) {
      return stands_for_[r.module.index()] == r.module;
    });
    return sure ? Proposal{std::move(readers), ModuleId()} : Proposal{{}, Around(readers)};
  }

  ModuleId Around(const std::vector<TensorReader>& readers) const {
    ModuleId around = stands_for_[readers[0].module.index()];
    for (const TensorReader& reader : readers) {
      around = context_.hierarchy.CommonAncestor(around, stands_for_[reader.module.index()]);
    }
    return around;
  }

  static bool Before(const TensorReader& a, const TensorReader& b) {
    return std::tie(a.module, a.call) < std::tie(b.module, b.call);
  }

  const MatchContext& context_;
  const TensorIdentity& tensors_;
  const TensorReaders readers_;
  const std::vector<ModuleId> stands_for_;  // By module.
  CommonReaders common_readers_;
  absl::flat_hash_map<const std::vector<TensorId>*, CommonReaders::ListId> readers_of_parts_;
  absl::flat_hash_map<const CommonReaders::Common*, Proposal> proposals_;
};

// `"a.weight"`, `"a.weight" or "b.weight" or 3 others`.
std::string Describe(const Hierarchy& hierarchy, const std::vector<TensorId>& tensors) {
  constexpr size_t kShown = 3;
  std::string text;
  for (size_t i = 0; i < tensors.size() && i < kShown; ++i) {
    absl::StrAppend(&text, i == 0 ? "\"" : " or \"", hierarchy.tensor(tensors[i]).name, "\"");
  }
  if (tensors.size() > kShown) absl::StrAppend(&text, " or ", tensors.size() - kShown, " others");
  return text;
}

}  // namespace

absl::string_view FingerprintMatcher::MissingFrom(const Hierarchy& hierarchy) const {
  const bool has_stats = std::any_of(hierarchy.tensors().begin(), hierarchy.tensors().end(),
                                     [](const Tensor& tensor) { return tensor.stats.has_value(); });
  return has_stats ? "" : "the sidecar has no stats of tensors";
}

MatchResult FingerprintMatcher::Match(const MatchContext& context) const {
  return FingerprintMatch(context).Run();
}

std::string FingerprintMatcher::Reason(const MatchContext& context,
                                       const Candidate& candidate) const {
  std::string reason = "by content reads ";
  const char* separator = "";
  for (const TensorIdentity::Held& held :
       HeldBy(context.graph, TensorsOf(context), candidate.node)) {
    for (const std::vector<TensorId>& part : held.parts) {
      absl::StrAppend(&reason, separator, Describe(context.hierarchy, part));
      separator = ", ";
    }
  }
  if (!candidate.exact) reason += ", of which no one module is known to be the reader";
  return reason;
}

}  // namespace modelexport
