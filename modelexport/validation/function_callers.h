// Whether the paths in functions, which are relative to a function's callers, lead to modules.
#ifndef MODELEXPORT_VALIDATION_FUNCTION_CALLERS_H_
#define MODELEXPORT_VALIDATION_FUNCTION_CALLERS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/validation/finding.h"
#include "modelexport/validation/node_tag_rules.h"

namespace modelexport {

// Functions are numbered from 0. Memory grows with the functions and is bounded otherwise: what is
// more than kMaxNoted different calls, or paths, is not judged.
class FunctionCallers {
 public:
  static constexpr size_t kNoFunction = static_cast<size_t>(-1);
  static constexpr size_t kMaxNoted = 1 << 16;

  // A node of the function `caller`, or of none, calls `callee` and has these tags.
  void NoteCall(size_t caller, size_t callee, const CheckedTags& tags);

  // A node of `function` has this modelexport.submodule. `place` is called for the first one alone.
  void NoteSubmodule(size_t function, absl::string_view submodule,
                     absl::FunctionRef<std::string()> place);

  // Adds a finding for each path that leads to a module from no caller of its function. A function
  // is passed over if a caller's module is unknown, or if it has more than 256 callers' modules.
  void Judge(const Hierarchy& hierarchy, Findings* findings) const;

 private:
  struct Call {
    bool is_relative;  // To the caller's callers; else `path` is the whole path.
    bool is_known;     // Whether the node says it.
    std::string path;

    bool operator<(const Call& other) const {
      return std::tie(is_relative, is_known, path) <
             std::tie(other.is_relative, other.is_known, other.path);
    }
  };
  class Modules;

  // By caller and callee; by function and path.
  std::map<std::pair<size_t, size_t>, std::set<Call>> calls_;
  std::map<std::pair<size_t, std::string>, std::string> submodules_;  // To the first place.
  size_t num_calls_ = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_FUNCTION_CALLERS_H_
