#include "modelexport/validation/function_callers.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "modelexport/base/quoted.h"

namespace modelexport {
namespace {

constexpr size_t kMaxModules = 256;

}  // namespace

// The modules that call each function.
class FunctionCallers::Modules {
 public:
  Modules(const FunctionCallers& callers, const Hierarchy& hierarchy)
      : callers_(callers), hierarchy_(hierarchy) {
    Follow(kNoFunction);
    // Each function is followed once for each module that is new in it.
    while (!changed_.empty()) {
      const size_t function = *changed_.begin();
      changed_.erase(changed_.begin());
      Follow(function);
    }
  }

  // Whether `submodule` leads to a module from any of them, or may, for all that is known.
  bool Lead(size_t function, const std::string& submodule) const {
    const auto found = of_.find(function);
    if (found == of_.end() || found->second.is_unknown || found->second.modules.empty())
      return true;
    const std::set<ModuleId>& modules = found->second.modules;
    return std::any_of(modules.begin(), modules.end(), [&](ModuleId module) {
      return hierarchy_.FindByPath(hierarchy_.PathAt(module, submodule)).valid();
    });
  }

 private:
  struct Known {
    std::set<ModuleId> modules;
    bool is_unknown = false;
  };

  void Follow(size_t caller) {
    const Known around = of_[caller];  // A copy: a function may call itself.
    for (auto call = callers_.calls_.lower_bound({caller, 0});
         call != callers_.calls_.end() && call->first.first == caller; ++call) {
      for (const Call& one : call->second) AddCall(around, one, call->first.second);
    }
  }

  void AddCall(const Known& around, const Call& call, size_t callee) {
    if (!call.is_known || (call.is_relative && around.is_unknown)) return MakeUnknown(callee);
    if (!call.is_relative) return Add(hierarchy_.FindByPath(call.path), callee);
    for (const ModuleId module : around.modules) {
      const ModuleId below = hierarchy_.FindByPath(hierarchy_.PathAt(module, call.path));
      if (below.valid()) Add(below, callee);  // Else that is a finding of its own.
    }
  }

  void Add(ModuleId module, size_t callee) {
    Known& known = of_[callee];
    if (!module.valid() || known.modules.size() == kMaxModules) return MakeUnknown(callee);
    if (known.modules.insert(module).second) changed_.insert(callee);
  }

  void MakeUnknown(size_t function) {
    Known& known = of_[function];
    if (!known.is_unknown) changed_.insert(function);
    known.is_unknown = true;
  }

  const FunctionCallers& callers_;
  const Hierarchy& hierarchy_;
  std::map<size_t, Known> of_;
  std::set<size_t> changed_;
};

void FunctionCallers::NoteCall(size_t caller, size_t callee, const CheckedTags& tags) {
  if (num_calls_ == kMaxNoted) return;
  const bool is_relative = !tags.has(CheckedTags::kModule);
  const auto key = is_relative ? CheckedTags::kSubmodule : CheckedTags::kModule;
  const bool is_known = tags.has(key) && (!is_relative || caller != kNoFunction);
  num_calls_ +=
      calls_[{caller, callee}].insert({is_relative, is_known, std::string(tags[key])}).second;
}

void FunctionCallers::NoteSubmodule(size_t function, absl::string_view submodule,
                                    absl::FunctionRef<std::string()> place) {
  if (submodules_.size() == kMaxNoted) return;
  std::string& first = submodules_[{function, std::string(submodule)}];
  if (first.empty()) first = place();
}

void FunctionCallers::Judge(const Hierarchy& hierarchy, Findings* findings) const {
  if (num_calls_ == kMaxNoted) return;
  const Modules modules(*this, hierarchy);
  for (const auto& [submodule, place] : submodules_) {
    if (modules.Lead(submodule.first, submodule.second)) continue;
    findings->Add("tag.submodule", place,
                  absl::StrCat(Quoted(submodule.second),
                               " is no path of a module below any that calls the function"));
  }
}

}  // namespace modelexport
