// What the dotted names of initializers say: those of parameters and buffers, as in a state_dict.
#ifndef MODELEXPORT_EVIDENCE_NAMES_DOTTED_NAMES_H_
#define MODELEXPORT_EVIDENCE_NAMES_DOTTED_NAMES_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// Whether a name can be made of modules: UTF-8, of at most Hierarchy::kMaxNameSize bytes and
// Hierarchy::kMaxSegments segments between `separator`s.
bool IsUsableName(absl::string_view name, char separator);

// Of main graph and bodies. Also of results of Identity: the TorchScript exporter stores equal
// tensors once and makes the others of it. The views live as long as the index.
class DottedNames {
 public:
  explicit DottedNames(const ModelIndex& index);

  struct Tensor {
    absl::string_view name;
    absl::string_view module;        // Its path, never "".
    absl::Span<const int64_t> dims;  // Empty for a result of Identity.
  };

  // Each name once, in the order of the file.
  const std::vector<Tensor>& tensors() const { return tensors_; }

  // The module of a tensor; "" if the name is none of tensors().
  absl::string_view ModuleOf(absl::string_view name) const;

  // Whether the path is that of a module with tensors, or of one around it.
  bool HasModule(absl::string_view path) const { return paths_.contains(path); }

  // Those that have not only numbers for children, outer ones first.
  std::vector<absl::string_view> CallableModules() const;

 private:
  void Add(absl::string_view name, absl::Span<const int64_t> dims);
  void AddPaths(absl::string_view path);

  std::vector<Tensor> tensors_;
  absl::flat_hash_map<absl::string_view, absl::string_view> module_of_;
  std::vector<absl::string_view> in_order_;  // What paths_ has.
  absl::flat_hash_set<absl::string_view> paths_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_DOTTED_NAMES_H_
