#include "modelexport/hierarchy/hierarchy_builder.h"

#include <cstddef>
#include <memory>
#include <numeric>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/quoted.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/base/string_arena.h"

namespace modelexport {
namespace {

bool IsIndexBelow(int64_t value, size_t size) {
  return value >= 0 && static_cast<uint64_t>(value) < size;
}

// `name` where `names` or `strings` keeps it.
template <typename Id>
absl::string_view KeptName(const NameMap<Id>& names, absl::string_view name, StringArena* strings) {
  const absl::string_view* const kept = names.FindName(name);
  return kept == nullptr ? strings->Store(name) : *kept;
}

// Where entry `first` has the name that is given again at `again`.
SidecarLocation FirstLocation(size_t first, const SidecarLocation& again, const char* own_name,
                              absl::string_view name, const Rows<absl::string_view>& aliases) {
  const absl::Span<const absl::string_view> of_first = aliases[first];
  const size_t before = first == again.index ? again.element.value_or(0) : of_first.size();
  for (size_t i = 0; i < before; ++i) {
    if (of_first[i] == name) return {again.list, first, "aliases", i};
  }
  return {again.list, first, own_name};
}

// The first warnings of one kind, and how many there are.
class Warnings {
 public:
  void Add(absl::FunctionRef<std::string()> text) {
    if (++count_ <= kListed) listed_.push_back(text());
  }

  void MoveTo(std::vector<std::string>* all, absl::string_view rest) {
    for (std::string& warning : listed_) all->push_back(std::move(warning));
    if (count_ > kListed) all->push_back(absl::StrCat("and ", count_ - kListed, " more ", rest));
  }

 private:
  static constexpr size_t kListed = 5;
  std::vector<std::string> listed_;
  size_t count_ = 0;
};

}  // namespace

std::string SidecarPath(const SidecarLocation& place) {
  std::string path = absl::StrCat("$.", place.list, "[", place.index, "].", place.member);
  if (place.element.has_value()) absl::StrAppend(&path, "[", *place.element, "]");
  return path;
}

HierarchyBuilder::HierarchyBuilder(LocationNamer name_place) : name_place_(std::move(name_place)) {
  hierarchy_.strings_ = std::make_unique<StringArena>();
}

absl::Status HierarchyBuilder::ErrorAt(const SidecarLocation& place,
                                       absl::string_view message) const {
  return absl::InvalidArgumentError(absl::StrCat(name_place_(place), ": ", message));
}

absl::Status HierarchyBuilder::CheckSize(absl::string_view name,
                                         const SidecarLocation& place) const {
  if (name.size() <= Hierarchy::kMaxNameSize) return absl::OkStatus();
  return ErrorAt(place, absl::StrCat("longer than ", Hierarchy::kMaxNameSize, " bytes"));
}

absl::Status HierarchyBuilder::CheckSegments(absl::string_view name,
                                             const SidecarLocation& place) const {
  if (absl::c_count(name, '.') < static_cast<ptrdiff_t>(Hierarchy::kMaxSegments)) {
    return absl::OkStatus();
  }
  return ErrorAt(place, absl::StrCat("more than ", Hierarchy::kMaxSegments, " segments"));
}

TextId HierarchyBuilder::Intern(absl::string_view text) {
  const TextId known = interned_.Find(text);
  if (known.valid()) return known;
  return interned_.Insert(hierarchy_.strings_->Store(text), TextId(interned_.names().size())).first;
}

absl::string_view HierarchyBuilder::Interned(absl::string_view text) {
  const TextId id = Intern(text);
  return interned_.names()[id.index()];
}

void HierarchyBuilder::ReserveModules(size_t count) {
  modules_.Reserve(count);
  hierarchy_.module_by_name_.Reserve(count);
}

template <typename Id>
absl::Status HierarchyBuilder::Register(absl::string_view name, const SidecarLocation& place,
                                        const char* own_name,
                                        const Rows<absl::string_view>& aliases,
                                        NameMap<Id>* names) {
  MX_RETURN_IF_ERROR(CheckSize(name, place));
  MX_RETURN_IF_ERROR(CheckSegments(name, place));
  const std::pair<Id, bool> inserted = names->Insert(name, Id(place.index));
  if (inserted.second) return absl::OkStatus();
  const SidecarLocation first =
      FirstLocation(inserted.first.index(), place, own_name, name, aliases);
  return ErrorAt(place, absl::StrCat("duplicate ", own_name, " ", Quoted(name), ", first at ",
                                     name_place_(first)));
}

// Keeps the aliases of the entry at `place` and registers them and its own name.
template <typename Id>
absl::Status HierarchyBuilder::RegisterAll(absl::string_view name,
                                           absl::Span<const absl::string_view> aliases,
                                           const SidecarLocation& place,
                                           Rows<absl::string_view>* kept, NameMap<Id>* names) {
  for (absl::string_view alias : aliases) kept->Append(hierarchy_.strings_->Store(alias));
  kept->EndRow();
  MX_RETURN_IF_ERROR(Register(name, place, place.member, *kept, names));
  for (size_t i = 0; i < aliases.size(); ++i) {
    const SidecarLocation at = {place.list, place.index, "aliases", i};
    MX_RETURN_IF_ERROR(Register((*kept)[place.index][i], at, place.member, *kept, names));
  }
  return absl::OkStatus();
}

absl::Status HierarchyBuilder::AddModule(const ModuleEntry& entry) {
  const SidecarLocation place = {"modules", modules_.num_added(), "path"};
  if (place.index == 0 && !entry.path.empty()) {
    return ErrorAt(
        place, absl::StrCat("the first module must be the root \"\", found ", Quoted(entry.path)));
  }
  MX_RETURN_IF_ERROR(CheckSize(entry.class_name, {"modules", place.index, "class"}));
  MX_RETURN_IF_ERROR(CheckSize(entry.traced_tag, {"modules", place.index, "traced_tag"}));
  const absl::string_view path = hierarchy_.strings_->Store(entry.path);
  modules_.Add(entry.calls.value_or(-1), Intern(entry.class_name), Intern(entry.traced_tag));
  return RegisterAll(path, entry.aliases, place, &hierarchy_.module_aliases_,
                     &hierarchy_.module_by_name_);
}

absl::Status HierarchyBuilder::AddTensor(const TensorEntry& entry) {
  const SidecarLocation place = {"tensors", hierarchy_.tensors_.size(), "name"};
  Tensor tensor;
  tensor.name = hierarchy_.strings_->Store(entry.name);
  tensor.kind = Interned(entry.kind);
  tensor.dtype = Interned(entry.dtype);
  tensor.stats = entry.stats;
  hierarchy_.tensors_.push_back(tensor);
  for (int64_t size : entry.shape) hierarchy_.shapes_.Append(size);
  hierarchy_.shapes_.EndRow();
  return RegisterAll(tensor.name, entry.aliases, place, &hierarchy_.tensor_aliases_,
                     &hierarchy_.tensor_by_name_);
}

absl::Status HierarchyBuilder::AddCall(absl::string_view module, absl::optional<int64_t> parent) {
  const size_t index = hierarchy_.calls_.size();
  if (parent.has_value() && !IsIndexBelow(*parent, index)) {
    return ErrorAt({"calls", index, "parent"}, absl::StrCat(*parent, " is no earlier call"));
  }
  Call call;
  if (parent.has_value()) call.parent = CallId(*parent);
  hierarchy_.calls_.push_back(call);
  call_modules_.push_back(KeptName(hierarchy_.module_by_name_, module, hierarchy_.strings_.get()));
  return absl::OkStatus();
}

absl::Status HierarchyBuilder::AddRead(const ReadEntry& entry, const SidecarLocation& place) {
  OpRead read;
  if (entry.op.has_value()) {
    if (!IsIndexBelow(*entry.op, place.index)) {
      return ErrorAt(place, absl::StrCat(*entry.op, " is no earlier op"));
    }
    read.op = OpId(*entry.op);
  } else if (entry.tensor.has_value()) {
    read.tensor = TensorId(read_names_.size());
    read_names_.push_back(
        KeptName(hierarchy_.tensor_by_name_, *entry.tensor, hierarchy_.strings_.get()));
  }
  hierarchy_.reads_.Append(read);
  return absl::OkStatus();
}

absl::Status HierarchyBuilder::AddOp(const OpEntry& entry) {
  const size_t index = hierarchy_.ops_.size();
  // FinishOps() compares with the calls, which may follow; here it must only fit.
  if (!IsIndexBelow(entry.call, CallId().index())) {
    return ErrorAt({"ops", index, "call"}, absl::StrCat(entry.call, " is no call"));
  }
  for (size_t i = 0; i < entry.reads.size(); ++i) {
    MX_RETURN_IF_ERROR(AddRead(entry.reads[i], {"ops", index, "reads", i}));
  }
  hierarchy_.reads_.EndRow();
  if (entry.returns.has_value() && !IsIndexBelow(*entry.returns, entry.reads.size())) {
    return ErrorAt({"ops", index, "returns"},
                   absl::StrCat(*entry.returns, " is none of its reads"));
  }
  hierarchy_.ops_.push_back({Interned(entry.name),
                             hierarchy_.strings_->Store(entry.node_name),
                             CallId(entry.call),
                             {},
                             entry.returns.has_value()});
  return absl::OkStatus();
}

absl::Status HierarchyBuilder::AddNode(const SourceNodeEntry& entry) {
  const size_t index = hierarchy_.nodes_.size();
  SourceNode node;
  if (entry.call.has_value()) {
    if (!IsIndexBelow(*entry.call, hierarchy_.calls_.size())) {
      return ErrorAt({"nodes", index, "call"}, absl::StrCat(*entry.call, " is no call"));
    }
    node.call = CallId(*entry.call);
  }
  if (entry.op.has_value()) {
    if (!IsIndexBelow(*entry.op, hierarchy_.ops_.size())) {
      return ErrorAt({"nodes", index, "op"}, absl::StrCat(*entry.op, " is no op"));
    }
    node.op = OpId(*entry.op);
  }
  node.name = hierarchy_.strings_->Store(entry.name);
  node.op_type = Interned(entry.op_type);
  for (absl::string_view result : entry.results) {
    hierarchy_.results_.Append(hierarchy_.strings_->Store(result));
  }
  hierarchy_.results_.EndRow();
  hierarchy_.nodes_.push_back(node);
  if (!entry.also.empty()) node_also_.emplace_back(index, entry.also);
  node_modules_.push_back(
      KeptName(hierarchy_.module_by_name_, entry.module, hierarchy_.strings_.get()));
  return absl::OkStatus();
}

void HierarchyBuilder::LinkChildren() {
  const std::vector<Module>& modules = hierarchy_.modules_;
  // Where each row begins, then, as it fills, where its next item goes: in the end, its end.
  std::vector<uint32_t> ends(modules.size() + 1);
  for (size_t i = 1; i < modules.size(); ++i) ++ends[modules[i].parent.index() + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<ModuleId> items(modules.size() - 1);
  for (size_t i = 1; i < modules.size(); ++i) {
    items[ends[modules[i].parent.index()]++] = ModuleId(i);
  }
  ends.pop_back();
  hierarchy_.children_ = Rows<ModuleId>(std::move(items), std::move(ends));
}

void HierarchyBuilder::WarnOfSharedTags() {
  constexpr size_t kNone = static_cast<size_t>(-1);
  std::vector<size_t> first(interned_.names().size(), kNone);
  Warnings shared;
  for (size_t i = 0; i < modules_.num_added(); ++i) {
    const size_t text = modules_.traced_tag(i).index();
    const absl::string_view tag = interned_.names()[text];
    if (tag.empty()) continue;
    if (first[text] == kNone) {
      first[text] = i;
      continue;
    }
    shared.Add([&] {
      return absl::StrCat(name_place_({"modules", i, "traced_tag"}), ": ", Quoted(tag),
                          " is also that of ", Quoted(modules_.PathOf(first[text])));
    });
  }
  shared.MoveTo(&hierarchy_.warnings_, "modules with a tag of another");
}

absl::Status HierarchyBuilder::FinishModules() {
  if (modules_.num_added() == 0) {
    return ErrorAt({"modules", 0, "path"}, "missing: the first module must be the root \"\"");
  }
  WarnOfSharedTags();
  const absl::optional<ModuleTable::BelowAlias> below = modules_.FindParents(Intern(""));
  if (below.has_value()) {
    return ErrorAt({"modules", below->module, "path"},
                   absl::StrCat(Quoted(modules_.PathOf(below->module)), " is below ",
                                Quoted(below->above), ", an alias of ", Quoted(below->of)));
  }
  hierarchy_.modules_ = modules_.TakeModules(hierarchy_.module_aliases_);
  MX_RETURN_IF_ERROR(CheckClasses());
  LinkChildren();
  return absl::OkStatus();
}

// Tags repeat the classes from the root down for each node.
absl::Status HierarchyBuilder::CheckClasses() const {
  std::vector<size_t> sizes(hierarchy_.modules_.size());
  for (size_t i = 0; i < sizes.size(); ++i) {
    const Module& module = hierarchy_.modules_[i];
    // npos + 1 == 0: a class without a dot is not qualified.
    sizes[i] = module.class_name.size() - (module.class_name.rfind('.') + 1);
    if (module.parent.valid()) sizes[i] += sizes[module.parent.index()];
  }
  for (size_t i = 0; i < modules_.ids().size(); ++i) {
    if (sizes[modules_.ids()[i].index()] <= Hierarchy::kMaxNameSize) continue;
    return ErrorAt({"modules", i, "class"},
                   absl::StrCat("with the classes of the modules around it longer than ",
                                Hierarchy::kMaxNameSize, " bytes"));
  }
  return absl::OkStatus();
}

absl::Status HierarchyBuilder::FinishTensors(const std::atomic<bool>* cancelled) {
  for (size_t i = 0; i < hierarchy_.tensors_.size(); ++i) {
    if (EndsEarly(cancelled, i)) break;
    Tensor& tensor = hierarchy_.tensors_[i];
    tensor.shape = hierarchy_.shapes_[i];
    tensor.aliases = hierarchy_.tensor_aliases_[i];
    tensor.owner = hierarchy_.FindOwner(tensor.name);
  }
  return CheckCancelled(cancelled);
}

absl::Status HierarchyBuilder::CheckCallDepths() const {
  std::vector<uint32_t> depths(hierarchy_.calls_.size(), 1);
  for (size_t i = 0; i < depths.size(); ++i) {
    const CallId parent = hierarchy_.calls_[i].parent;
    if (parent.valid()) depths[i] = depths[parent.index()] + 1;
    if (depths[i] > kMaxCallDepth) {
      return ErrorAt({"calls", i, "parent"},
                     absl::StrCat("calls nested over ", kMaxCallDepth, " deep"));
    }
  }
  return absl::OkStatus();
}

absl::Status HierarchyBuilder::FinishCalls(const std::atomic<bool>* cancelled) {
  MX_RETURN_IF_ERROR(CheckCallDepths());
  for (size_t i = 0; i < call_modules_.size(); ++i) {
    if (EndsEarly(cancelled, i)) return CheckCancelled(cancelled);
    const ModuleId module = hierarchy_.FindModule(call_modules_[i]);
    if (!module.valid()) {
      return ErrorAt({"calls", i, "module"}, absl::StrCat("no module ", Quoted(call_modules_[i])));
    }
    if (hierarchy_.module(module).implied) {
      return ErrorAt({"calls", i, "module"},
                     absl::StrCat(Quoted(call_modules_[i]), " is not listed in modules"));
    }
    hierarchy_.calls_[i].module = module;
  }
  std::vector<uint32_t> ordinals(hierarchy_.modules_.size());
  for (Call& call : hierarchy_.calls_) call.ordinal = ordinals[call.module.index()]++;
  if (hierarchy_.calls_.empty() || hierarchy_.calls_are_assumed_) {
    CountImpliedCalls();
  } else {
    CountCalls();
  }
  return absl::OkStatus();
}

void HierarchyBuilder::CountCalls() {
  std::vector<uint32_t> counts(hierarchy_.modules_.size());
  for (const Call& call : hierarchy_.calls_) counts[call.module.index()] = call.ordinal + 1;
  Warnings differing;
  const bool some_are_counted = absl::c_any_of(
      hierarchy_.modules_, [](const Module& module) { return module.calls.has_value(); });
  for (size_t i = 0; i < modules_.ids().size(); ++i) {
    const ModuleId id = modules_.ids()[i];
    const Module& module = hierarchy_.module(id);
    absl::optional<int64_t>& calls = hierarchy_.modules_[id.index()].calls;
    const int64_t count = counts[id.index()];
    const bool is_recorded = count > 0 || calls.has_value() || module.implied || !some_are_counted;
    if (!is_recorded) continue;
    if (calls.value_or(count) != count) {
      differing.Add([&] {
        return absl::StrCat(name_place_({"modules", i, "calls"}), ": ", *calls,
                            ", but calls lists ", count);
      });
    }
    calls = count;
  }
  differing.MoveTo(&hierarchy_.warnings_, "modules whose calls differ");
}

// Without `calls`: that an implied container is never called is known if any call is.
void HierarchyBuilder::CountImpliedCalls() {
  std::vector<Module>& modules = hierarchy_.modules_;
  if (absl::c_none_of(modules, [](const Module& module) { return module.calls.has_value(); })) {
    return;
  }
  for (Module& module : modules) {
    if (module.implied) module.calls = 0;
  }
}

absl::Status HierarchyBuilder::FinishOps(const std::atomic<bool>* cancelled) {
  for (size_t i = 0; i < hierarchy_.ops_.size(); ++i) {
    Op& op = hierarchy_.ops_[i];
    if (!IsIndexBelow(op.call.index(), hierarchy_.calls_.size())) {
      return ErrorAt({"ops", i, "call"}, absl::StrCat(op.call.index(), " is no call"));
    }
    op.reads = hierarchy_.reads_[i];
  }
  return ResolveReads(cancelled);
}

absl::Status HierarchyBuilder::ResolveReads(const std::atomic<bool>* cancelled) {
  Warnings unknown;
  absl::Span<OpRead> reads = hierarchy_.reads_.items();
  for (size_t i = 0; i < hierarchy_.ops_.size(); ++i) {
    if (EndsEarly(cancelled, i)) break;
    const size_t count = hierarchy_.ops_[i].reads.size();
    for (size_t j = 0; j < count; ++j) {
      TensorId& tensor = reads[j].tensor;
      if (!tensor.valid()) continue;
      const absl::string_view name = read_names_[tensor.index()];
      tensor = hierarchy_.FindTensor(name);
      if (tensor.valid()) continue;
      unknown.Add([&] {
        return absl::StrCat(name_place_({"ops", i, "reads", j}), ": no tensor ", Quoted(name));
      });
    }
    reads.remove_prefix(count);
  }
  unknown.MoveTo(&hierarchy_.warnings_, "reads of unknown tensors");
  return CheckCancelled(cancelled);
}

void HierarchyBuilder::FinishAlso() {
  size_t next = 0;
  for (size_t i = 0; i < hierarchy_.nodes_.size(); ++i) {
    if (next < node_also_.size() && node_also_[next].first == i) {
      for (const std::string& path : node_also_[next].second) {
        const ModuleId module = hierarchy_.FindModule(path);
        if (module.valid()) hierarchy_.also_.Append(module);
      }
      ++next;
    }
    hierarchy_.also_.EndRow();
  }
  for (size_t i = 0; i < hierarchy_.nodes_.size(); ++i) {
    hierarchy_.nodes_[i].also = hierarchy_.also_[i];
  }
}

absl::Status HierarchyBuilder::FinishNodes() {
  for (size_t i = 0; i < node_modules_.size(); ++i) {
    const ModuleId module = hierarchy_.FindModule(node_modules_[i]);
    if (!module.valid()) {
      return ErrorAt({"nodes", i, "module"}, absl::StrCat("no module ", Quoted(node_modules_[i])));
    }
    hierarchy_.nodes_[i].module = module;
    hierarchy_.nodes_[i].results = hierarchy_.results_[i];
  }
  FinishAlso();
  return absl::OkStatus();
}

absl::StatusOr<Hierarchy> HierarchyBuilder::Build(const std::atomic<bool>* cancelled) && {
  MX_RETURN_IF_ERROR(FinishModules());
  MX_RETURN_IF_ERROR(FinishTensors(cancelled));
  MX_RETURN_IF_ERROR(FinishCalls(cancelled));
  MX_RETURN_IF_ERROR(FinishOps(cancelled));
  MX_RETURN_IF_ERROR(FinishNodes());
  return std::move(hierarchy_);
}

}  // namespace modelexport
