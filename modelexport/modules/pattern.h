// Which modules and nodes a user means (docs/commands/select.md#patterns):
//
//   encoder.layer.[0-5]+op:MatMul,class:LayerNorm,!**.output
//
//   MX_ASSIGN_OR_RETURN(const Pattern pattern, Pattern::Parse({"class:BertLayer", "!op:Softmax"}));
//   MX_ASSIGN_OR_RETURN(const std::vector<NodeId> nodes,
//                       pattern.Nodes(owned, Subtrees::kIncluded));
#ifndef MODELEXPORT_MODULES_PATTERN_H_
#define MODELEXPORT_MODULES_PATTERN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/modules/glob.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// Whether the modules below one that matches belong to it.
enum class Subtrees { kIncluded, kExcluded };

class Pattern {
 public:
  // Several texts are alternatives, as if "," joined them. Of a text:
  //   A,B       what A or B matches
  //   A+B       what both match; binds tighter than ","
  //   !P        alone between commas: what P matches is taken away, wherever it is written; of no
  //             other patterns, from everything. In A+!P: what A matches and P does not.
  // and of a single pattern, each a Glob (glob.h):
  //   path      modules by path or alias
  //   class:C   modules by class: without a point by the last part of its name, else by all of it
  //   op:O      nodes by operator type; with a point by domain and type ("com.microsoft.Gelu")
  // A backslash takes the meaning of "," "+" "!" ":" too. Spaces around patterns do not count.
  //
  // Errors have Fault::kUsage and name the pattern.
  static absl::StatusOr<Pattern> Parse(absl::Span<const std::string> texts);

  // The nodes of the modules that match, and those that match themselves, in order. A node that
  // nothing attributes to a module matches no path and no class. A node is one of its owner and of
  // the modules of owned.also.
  //
  // An error, kNotFound with Fault::kJudged: a pattern within matches nothing in the model, which
  // lists the three nearest names; or all of them together leave no node.
  absl::StatusOr<std::vector<NodeId>> Nodes(const OwnedGraph& owned, Subtrees subtrees) const;

  // The modules that match, and those below them if they are included, by module; of op:O, those
  // that own such a node. The first of the errors above.
  absl::StatusOr<std::vector<bool>> Modules(const OwnedGraph& owned,
                                            Subtrees subtrees = Subtrees::kIncluded) const;

 private:
  struct Single {
    enum class Kind : uint8_t { kPath, kClass, kOperator };
    std::string text;  // As written, for messages.
    Kind kind = Kind::kPath;
    bool negated = false;
    Glob glob;
  };
  using All = std::vector<Single>;  // Joined by "+".

  class Matcher;

  static absl::StatusOr<Single> ParseSingle(absl::string_view text);
  static absl::StatusOr<All> ParseAll(absl::string_view text);

  // Of the nodes or the modules, as `match` gives them for one pattern.
  template <typename Match>
  absl::StatusOr<std::vector<bool>> Combine(size_t size, const Match& match) const;

  std::vector<All> alternatives_;
  std::vector<Single> taken_away_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_PATTERN_H_
