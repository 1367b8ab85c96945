// count_parameters HIERARCHY: the elements of the parameters that each module has itself.
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/hierarchy/readers/hierarchy_json.h"

int main(int argc, char** argv) {
  std::ifstream file(argc == 2 ? argv[1] : "");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const absl::StatusOr<modelexport::Hierarchy> hierarchy = modelexport::ParseHierarchy(text);
  if (!hierarchy.ok()) {
    std::cerr << hierarchy.status().message() << "\n";
    return 1;
  }
  std::map<absl::string_view, int64_t> elements;
  for (const modelexport::Tensor& tensor : hierarchy->tensors()) {
    if (tensor.kind != "parameter") continue;
    int64_t size = 1;
    for (const int64_t dim : tensor.shape) size *= dim;
    elements[hierarchy->module(tensor.owner).path] += size;
  }
  for (const auto& [path, size] : elements) std::cout << size << " " << path << "\n";
}
