#include "modelexport/validation/finding.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace modelexport {
namespace {

constexpr FindingCode kCodes[] = {
    {"file.malformed", Severity::kError,
     "The bytes are no ONNX model: what cannot be read, and at which byte."},
    {"model.untagged", Severity::kError,
     "Neither the model nor any of its nodes has tags, so no other finding about tags is listed."},
    {"model.presets", Severity::kError,
     "The model's modelexport.presets is missing, or names a preset twice or one that does not "
     "exist."},
    {"model.hierarchy", Severity::kError,
     "The model's modelexport.hierarchy cannot be read, or has other modules than the hierarchy "
     "that the file was checked against."},
    {"model.no_hierarchy", Severity::kError,
     "No hierarchy was given and the file carries none, so tags can only be checked in part."},
    {"tag.missing", Severity::kError, "A node lacks one of the keys that every tag has."},
    {"tag.duplicate_key", Severity::kError, "A node or the model has a key more than once."},
    {"tag.unknown_module", Severity::kError,
     "modelexport.module is not the path of a module; an alias is not allowed either."},
    {"tag.class_path", Severity::kError,
     "modelexport.tag is not the class path of the module, or follows another rule for torch.nn "
     "than other tags of the file."},
    {"tag.call", Severity::kError,
     "modelexport.call is not a number, is not smaller than the number of the module's calls, or "
     "is on a node of a module that is called once."},
    {"tag.also", Severity::kError,
     "modelexport.also is not a JSON array of paths of modules other than the owner, in the "
     "order of modules."},
    {"tag.submodule", Severity::kError,
     "modelexport.submodule leads to a module from no caller of its function, is on a node outside "
     "of a function, or is beside keys that it replaces."},
    {"tag.evidence", Severity::kWarning,
     "modelexport.evidence has a value that this version does not know."},
    {"tag.none", Severity::kError,
     "A node has the evidence `none`, which means that it has no evidence for an owner, but its "
     "module is not the root, or it has a call."},
    {"tag.unlisted", Severity::kError,
     "A node has keys of the preset `modelexport`, which the model does not list."},
    {"tag.unknown_key", Severity::kWarning,
     "A key begins with `modelexport.` but is not a key that this version knows."},
    {"tag.misplaced", Severity::kWarning,
     "A key that begins with `modelexport.` is where `tag` writes none: in metadata of a graph, a "
     "function, a value or a tensor, in `training_info`, or a key of nodes on the model or one of "
     "the model on a node."},
    {"tag.preset", Severity::kError,
     "The keys of a preset that the model lists do not have the values that the node's module "
     "requires."},
    {"tag.foreign", Severity::kError,
     "modelexport.foreign names a preset that the model does not list or that has no key on the "
     "node, or names a preset twice."},
    {"diff.bytes", Severity::kError, "A field has other bytes than in the original."},
    {"diff.field", Severity::kError,
     "Another field is in the place of a field of the original; the rest of its message is not "
     "compared."},
    {"diff.missing", Severity::kError, "A field of the original is missing."},
    {"diff.extra", Severity::kError, "The file has a field that the original does not have."},
    {"diff.length", Severity::kError,
     "The length of a message is encoded in another way than in the original although the "
     "message has none of our entries, or in more bytes than needed."},
    {"diff.payload_size", Severity::kError, "The data of a tensor have another size."},
    {"diff.payload", Severity::kError, "The data of a tensor have other bytes (level full)."},
    {"diff.names", Severity::kError,
     "A renamed file keeps an old name that is equal to the new one, or that cannot be restored "
     "because another value has it."},
    {"onnx.checker", Severity::kError,
     "onnx's own checker refuses the file but not the original, or there is no original to "
     "compare with (level full)."},
    {"onnx.checker_before", Severity::kWarning,
     "onnx's own checker refuses the file as it refuses the original (level full)."},
    {"onnx.unchecked", Severity::kWarning,
     "onnx's own checker was not asked, and the text says why, for example because it only reads "
     "files under 2 GiB (level full)."},
};

size_t PositionOf(absl::string_view code) {
  size_t i = 0;
  while (i + 1 < FindingCodes().size() && kCodes[i].name != code) ++i;
  return i;
}

}  // namespace

absl::string_view NameOf(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

absl::Span<const FindingCode> FindingCodes() { return kCodes; }

bool Findings::Count(absl::string_view code) {
  counts_.resize(FindingCodes().size());
  return ++counts_[PositionOf(code)] <= kKept;
}

void Findings::Keep(absl::string_view code, std::string place, std::string message) {
  kept_.push_back(
      {kCodes[PositionOf(code)].severity, std::string(code), std::move(place), std::move(message)});
}

void Findings::Add(absl::string_view code, std::string place, std::string message) {
  if (Count(code)) Keep(code, std::move(place), std::move(message));
}

void Findings::Append(const Findings& other) {
  for (const Finding& finding : other.kept_) Add(finding.code, finding.place, finding.message);
  counts_.resize(FindingCodes().size());
  for (size_t i = 0; i < other.counts_.size(); ++i) {
    if (other.counts_[i] > kKept) counts_[i] += other.counts_[i] - kKept;
  }
}

uint64_t Findings::count(absl::string_view code) const {
  return counts_.empty() ? 0 : counts_[PositionOf(code)];
}

uint64_t Findings::CountOf(Severity severity) const {
  uint64_t total = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (kCodes[i].severity == severity) total += counts_[i];
  }
  return total;
}

std::string Findings::ToText() const {
  std::string text;
  for (const Finding& finding : kept_) {
    // A function may be called whatever: its name must not look like another finding.
    const std::string place = absl::StrReplaceAll(finding.place, {{"\n", "\\n"}});
    absl::StrAppend(&text, NameOf(finding.severity), " ", finding.code, " ", place, ": ",
                    finding.message, "\n");
  }
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] <= kKept) continue;
    absl::StrAppend(&text, NameOf(kCodes[i].severity), " ", kCodes[i].name, ": ",
                    counts_[i] - kKept, " more\n");
  }
  return text;
}

}  // namespace modelexport
