// Small models whose nodes say which module owns them.
#ifndef MODELEXPORT_TESTING_TEST_OWNED_H_
#define MODELEXPORT_TESTING_TEST_OWNED_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport::testing {

// The name of a node is the path of its module ("root" for the root), with "::2" behind it for call
// 2 of the module, then " also b" for each module b whose work it does, too. A node without a name
// is of no known module.
//
//   const TestOwned model(R"(main (x) => (y) { [a.q] h = Relu (x)  [root] y = Neg (h) })",
//                         R"("" my.Net
//                            a.q my.Q)");
class TestOwned {
 public:
  TestOwned(absl::string_view model, absl::string_view hierarchy)
      : graph_(model), hierarchy_(HierarchyOf(hierarchy)) {
    for (size_t n = 0; n < graph_.view().num_nodes(); ++n) {
      const std::vector<std::string> parts =
          absl::StrSplit(graph_.view().name(NodeId(n)), " also ");
      owners_.push_back(OwnerOf(parts[0]));
      std::vector<AlsoModule> others;
      for (size_t i = 1; i < parts.size(); ++i) {
        others.push_back({ModuleOf(parts[i]), AlsoReason::kTags});
      }
      also_.Add(NodeId(n), std::move(others));
    }
  }

  const GraphView& graph() const { return graph_.view(); }
  const Hierarchy& hierarchy() const { return hierarchy_; }
  OwnedGraph owned() const { return {graph_.view(), hierarchy_, owners_, &also_}; }

  std::string PathOf(ModuleId module) const { return std::string(hierarchy_.module(module).path); }

  // As "#0 #2".
  std::string Places(absl::Span<const NodeId> nodes) const {
    std::string places;
    for (NodeId node : nodes) places += (places.empty() ? "" : " ") + graph().Place(node);
    return places;
  }

 private:
  ModuleId ModuleOf(const std::string& name) const {
    const ModuleId module = hierarchy_.FindModule(name == "root" ? "" : name);
    EXPECT_TRUE(module.valid()) << name;
    return module;
  }

  Owner OwnerOf(absl::string_view name) const {
    Owner owner;
    owner.module = Hierarchy::root();
    if (name.empty()) return owner;
    const std::vector<std::string> parts = absl::StrSplit(name, "::");
    owner.evidence = EvidenceKind::kNodeName;
    owner.module = ModuleOf(parts[0]);
    if (parts.size() > 1) owner.call = CallOf(owner.module, std::stoul(parts[1]));
    return owner;
  }

  CallId CallOf(ModuleId module, uint32_t ordinal) const {
    for (size_t c = 0; c < hierarchy_.calls().size(); ++c) {
      const Call& call = hierarchy_.calls()[c];
      if (call.module == module && call.ordinal == ordinal) return CallId(c);
    }
    ADD_FAILURE() << "no call " << ordinal;
    return CallId();
  }

  const TextGraph graph_;
  const Hierarchy hierarchy_;
  std::vector<Owner> owners_;
  AlsoModules also_;
};

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_TEST_OWNED_H_
