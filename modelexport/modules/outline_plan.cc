#include "modelexport/modules/outline_plan.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/modules/convexity.h"
#include "modelexport/modules/outline_names.h"

namespace modelexport {
namespace {

constexpr uint32_t kNone = ModuleInstance::kNone;

// Steps of a way that is shown.
constexpr size_t kMaxShownWay = 6;

class Planner {
 public:
  Planner(const OwnedGraph& owned, const OutlineWish& wish, OutlinePlan* plan)
      : owned_(owned), graph_(owned.graph), wish_(wish), plan_(*plan), all_(plan->candidates) {}

  absl::Status Run(const std::atomic<bool>* cancelled) {
    MX_RETURN_IF_ERROR(CheckAcyclic());
    MX_ASSIGN_OR_RETURN(plan_.candidates, OutlineCandidates::Find(owned_, cancelled));
    refused_.resize(all_.instances.size());
    do {
      MX_RETURN_IF_ERROR(CheckCancelled(cancelled));
      Choose();
    } while (!OrderAll());
    NameFunctions(owned_, &plan_);
    FindRuns();
    for (OutlineFunction& function : plan_.functions) FindSources(&function);
    ListLeft();
    return absl::OkStatus();
  }

 private:
  // Choices.

  void Choose() {
    plan_.functions.clear();
    plan_.calls.clear();
    function_of_kind_.clear();
    chosen_ = ChooseInstances(owned_, all_, wish_, refused_);
    inner_.assign(all_.instances.size(), {});
    outermost_.clear();
    std::vector<uint32_t> around(all_.instances.size(), kNone);
    for (uint32_t i = 0; i < chosen_.size(); ++i) {
      const uint32_t up = all_.instances[i].parent;
      if (up != kNone) around[i] = chosen_[up] ? up : around[up];
      if (chosen_[i]) (around[i] == kNone ? outermost_ : inner_[around[i]]).push_back(i);
    }
    std::vector<OutlineFunction> last_first;
    for (uint32_t i : outermost_) AddFunction(i, &last_first);
    plan_.functions.assign(std::make_move_iterator(last_first.rbegin()),
                           std::make_move_iterator(last_first.rend()));
    for (uint32_t f = 0; f < plan_.functions.size(); ++f) {
      function_of_kind_[all_.kinds[plan_.functions[f].instance]] = f;
    }
  }

  // After the functions that it calls. As deep as functions are nested: kMaxOutlineDepth.
  void AddFunction(uint32_t instance, std::vector<OutlineFunction>* functions) {
    if (!function_of_kind_.try_emplace(all_.kinds[instance], kNone).second) return;
    for (uint32_t inner : inner_[instance]) AddFunction(inner, functions);
    functions->emplace_back();
    functions->back().instance = instance;
  }

  // Order.

  // No valid model has a cycle, and none is left to be ordered below.
  absl::Status CheckAcyclic() const {
    if (graph_.unsorted_nodes().empty()) return absl::OkStatus();
    const std::vector<NodeId> nodes = NodesOfMain();
    const std::vector<uint32_t> no_sets(nodes.size(), GraphItem::kNone);
    if (OrderItems(graph_, nodes, no_sets).items.size() == nodes.size()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(graph_.index().source().name(), ": nodes of the main graph read each other"));
  }

  // False if some that are chosen cannot be one node, and are refused now.
  bool OrderAll() {
    bool ordered = Order(NodesOfMain(), outermost_, &plan_.items);
    for (OutlineFunction& function : plan_.functions) {
      ordered =
          Order(plan_.block(function).nodes, inner_[function.instance], &function.items) && ordered;
    }
    return ordered;
  }

  // Constant nodes that no block has stay where they are; the others come first.
  std::vector<NodeId> NodesOfMain() const {
    const GraphRecord& main = graph_.index().graphs()[0];
    std::vector<NodeId> nodes;
    for (size_t n = main.first_node; n < main.first_node + main.num_nodes; ++n) {
      nodes.emplace_back(n);
    }
    return nodes;
  }

  bool Order(const std::vector<NodeId>& nodes, const std::vector<uint32_t>& instances,
             std::vector<GraphItem>* items) {
    absl::flat_hash_map<NodeId, uint32_t> set_of_node;
    const auto first_call = static_cast<uint32_t>(plan_.calls.size());
    for (uint32_t instance : instances) {
      const auto set = static_cast<uint32_t>(plan_.calls.size());
      plan_.calls.push_back({function_of_kind_.at(all_.kinds[instance]), instance});
      for (NodeId node : all_.blocks[instance].nodes) set_of_node[node] = set;
    }
    std::vector<uint32_t> set_of;
    for (NodeId node : nodes) {
      const auto set = set_of_node.find(node);
      set_of.push_back(set == set_of_node.end() ? GraphItem::kNone : set->second);
    }
    ItemOrder order = OrderItems(graph_, nodes, set_of);
    for (uint32_t set : order.in_cycle) Refuse(instances[set - first_call]);
    *items = std::move(order.items);
    return order.in_cycle.empty();
  }

  void Refuse(uint32_t instance) {
    refused_[instance] = true;
    const std::vector<NodeId> way = FindWayBack(graph_, all_.blocks[instance].nodes);
    if (way.empty()) {
      plan_.left.push_back({instance, "in a cycle with another module"});
      return;
    }
    std::string text;
    for (size_t i = 0; i < way.size() && i < kMaxShownWay; ++i) {
      absl::StrAppend(&text, i == 0 ? "" : " to ", graph_.Place(way[i]));
    }
    plan_.left.push_back(
        {instance, absl::StrCat("not convex (", text, way.size() > kMaxShownWay ? " ...)" : ")")});
  }

  // What functions read.

  // Callers come first, so that all their runs are known.
  void FindRuns() {
    AddRuns(plan_.items, nullptr);
    for (const OutlineFunction& function : plan_.functions) AddRuns(function.items, &function);
  }

  void AddRuns(const std::vector<GraphItem>& items, const OutlineFunction* caller) {
    absl::flat_hash_map<NodeId, size_t> positions;
    if (caller != nullptr) {
      const std::vector<NodeId>& nodes = plan_.block(*caller).nodes;
      for (size_t n = 0; n < nodes.size(); ++n) positions[nodes[n]] = n;
    }
    for (const GraphItem& item : items) {
      if (item.set == GraphItem::kNone) continue;
      const OutlineCall& call = plan_.calls[item.set];
      std::vector<OutlineRun>& runs = plan_.functions[call.function].runs;
      const ModuleId module = all_.instances[call.instance].module;
      if (caller == nullptr) {
        runs.push_back({module, plan_.block(call).nodes});
        continue;
      }
      for (const OutlineRun& outer : caller->runs) {
        runs.push_back({Counterpart(module, *caller, outer), {}});
        for (NodeId node : plan_.block(call).nodes) {
          runs.back().nodes.push_back(outer.nodes[positions.at(node)]);
        }
      }
    }
  }

  // What `module`, which the body of `caller` calls, is in another run of that.
  ModuleId Counterpart(ModuleId module, const OutlineFunction& caller,
                       const OutlineRun& run) const {
    const ModuleId base = all_.instances[caller.instance].module;
    if (run.module == base) return module;
    if (!run.module.valid() || !owned_.hierarchy.IsAncestorOrSelf(base, module)) return ModuleId();
    const size_t size = owned_.hierarchy.module(base).path.size();
    return owned_.hierarchy.FindModule(
        absl::StrCat(owned_.hierarchy.module(run.module).path,
                     owned_.hierarchy.module(module).path.substr(size)));
  }

  void FindSources(OutlineFunction* function) {
    const Block& block = plan_.block(*function);
    absl::flat_hash_map<ValueId, uint32_t> of_value;
    absl::flat_hash_map<std::vector<uint32_t>, uint32_t> of_constants;
    absl::flat_hash_map<uint32_t, uint32_t> own;
    for (const BlockOperand& read : block.reads) {
      OutlineSource& source = function->sources[read];
      const ValueId value = block.input(*all_.reads, read);
      if (all_.constants.of(value) == SmallConstants::kNone) {
        source.position = Parameter(&of_value, value, read, function);
        continue;
      }
      std::vector<uint32_t> everywhere = ConstantsAt(read, *function);
      if (AllEqual(everywhere)) {
        source.is_constant = true;
        const auto added = own.try_emplace(everywhere[0], function->constants.size());
        if (added.second) function->constants.push_back(everywhere[0]);
        source.position = added.first->second;
      } else {
        source.position = Parameter(&of_constants, std::move(everywhere), read, function);
      }
    }
    NameParameters(owned_, plan_, function);
  }

  template <typename Key>
  static uint32_t Parameter(absl::flat_hash_map<Key, uint32_t>* known, Key key,
                            const BlockOperand& read, OutlineFunction* function) {
    const auto added = known->try_emplace(std::move(key), function->parameters.size());
    if (added.second) function->parameters.push_back({read, ""});
    return added.first->second;
  }

  std::vector<uint32_t> ConstantsAt(const BlockOperand& read,
                                    const OutlineFunction& function) const {
    std::vector<uint32_t> constants;
    for (const OutlineRun& run : function.runs) {
      constants.push_back(all_.constants.of(all_.reads->of(run.nodes[read.node])[read.position]));
    }
    return constants;
  }

  static bool AllEqual(const std::vector<uint32_t>& numbers) {
    return std::all_of(numbers.begin(), numbers.end(),
                       [&](uint32_t number) { return number == numbers[0]; });
  }

  // What is left.

  void ListLeft() {
    absl::flat_hash_map<absl::string_view, uint32_t> function_of_class;
    for (const OutlineFunction& function : plan_.functions) {
      function_of_class.try_emplace(ClassOf(function.instance), function.instance);
    }
    std::vector<bool> covered(chosen_.size());
    for (uint32_t i = 0; i < chosen_.size(); ++i) {
      const uint32_t up = all_.instances[i].parent;
      covered[i] = up != kNone && (covered[up] || chosen_[up]);
      if (chosen_[i] || refused_[i]) continue;
      const auto found = function_of_class.find(ClassOf(i));
      const bool is_alike = found != function_of_class.end() && !found->first.empty() &&
                            all_.sizes[i] > 1 && !covered[i];
      const bool is_wished =
          !wish_.modules.empty() && wish_.modules[all_.instances[i].module.index()];
      if (wish_.modules.empty() ? !is_alike : !is_wished) continue;
      plan_.left.push_back(
          {i, WhyLeft(i, found == function_of_class.end() ? kNone : found->second)});
    }
    std::stable_sort(
        plan_.left.begin(), plan_.left.end(),
        [](const OutlineLeft& a, const OutlineLeft& b) { return a.instance < b.instance; });
  }

  absl::string_view ClassOf(uint32_t instance) const {
    return owned_.hierarchy.module(all_.instances[instance].module).class_name;
  }

  std::string WhyLeft(uint32_t instance, uint32_t other) const {
    if (!all_.reasons[instance].empty()) return all_.reasons[instance];
    if (other == kNone) return "within another of its kind";
    const std::string difference =
        FirstDifference(graph_, all_.blocks[instance], all_.blocks[other]);
    if (difference.empty()) return "within another of its kind";
    return absl::StrCat("one of a kind: ", difference, " of ",
                        NameOf(owned_.hierarchy, all_.instances[other]));
  }

  const OwnedGraph& owned_;
  const GraphView& graph_;
  const OutlineWish& wish_;
  OutlinePlan& plan_;
  const OutlineCandidates& all_;
  std::vector<bool> refused_, chosen_;
  std::vector<uint32_t> outermost_;
  std::vector<std::vector<uint32_t>> inner_;  // By instance: those chosen that it is around.
  absl::flat_hash_map<uint32_t, uint32_t> function_of_kind_;
};

std::string NamesOf(const GraphView& graph, const NodeReads& reads, const Block& block,
                    const std::vector<OutlineParameter>& parameters) {
  return absl::StrJoin(parameters, ", ", [&](std::string* out, const OutlineParameter& parameter) {
    absl::StrAppend(out, graph.name(block.input(reads, parameter.read)));
  });
}

}  // namespace

absl::StatusOr<OutlinePlan> OutlinePlan::Make(const OwnedGraph& owned, const OutlineWish& wish,
                                              const std::atomic<bool>* cancelled) {
  OutlinePlan plan;
  MX_RETURN_IF_ERROR(Planner(owned, wish, &plan).Run(cancelled));
  return plan;
}

std::string OutlinePlan::ToText(const OwnedGraph& owned) const {
  const auto item_text = [&](std::string* out, const GraphItem& item) {
    if (item.set == GraphItem::kNone) return absl::StrAppend(out, owned.graph.Place(item.node));
    const OutlineCall& call = calls[item.set];
    const OutlineFunction& function = functions[call.function];
    absl::StrAppend(out, function.name, "(",
                    NamesOf(owned.graph, *candidates.reads, block(call), function.parameters), ")");
  };
  std::string text;
  for (const OutlineFunction& function : functions) {
    absl::StrAppend(&text, function.name, "(",
                    absl::StrJoin(function.parameters, ", ",
                                  [](std::string* out, const OutlineParameter& parameter) {
                                    absl::StrAppend(out, parameter.name);
                                  }),
                    "): ", absl::StrJoin(function.items, " ", item_text), "; ",
                    function.constants.size(), " constants; ", function.runs.size(), " runs\n");
  }
  absl::StrAppend(&text, "main: ", absl::StrJoin(items, " ", item_text), "\n");
  for (const OutlineLeft& each : left) {
    absl::StrAppend(&text, "left ", NameOf(owned.hierarchy, candidates.instances[each.instance]),
                    ": ", each.reason, "\n");
  }
  return text;
}

}  // namespace modelexport
