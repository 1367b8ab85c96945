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
     "Neither the model nor any of its nodes has tags, so that nothing else of tags is listed."},
    {"model.presets", Severity::kError,
     "The model's modelexport.presets is missing, or names a preset twice or one that does not "
     "exist."},
    {"model.hierarchy", Severity::kError,
     "The model's modelexport.hierarchy cannot be read, or has other modules than the hierarchy "
     "that the file was checked against."},
    {"model.no_hierarchy", Severity::kError,
     "No hierarchy was given and the file carries none, so that tags can be checked in part only."},
    {"tag.missing", Severity::kError, "A node lacks one of the keys that every tag has."},
    {"tag.duplicate_key", Severity::kError, "A node or the model has a key more than once."},
    {"tag.unknown_module", Severity::kError,
     "modelexport.module is no path of a module; an alias is none either."},
    {"tag.class_path", Severity::kError,
     "modelexport.tag is not the class path of the module, or follows another rule for torch.nn "
     "than other tags of the file."},
    {"tag.call", Severity::kError,
     "modelexport.call is no number, no smaller than the number of the module's calls, or on a "
     "module that is called once."},
    {"tag.also", Severity::kError,
     "modelexport.also is no JSON array of paths, in the order of modules, of modules other than "
     "the owner."},
    {"tag.submodule", Severity::kError,
     "modelexport.submodule is no path below any module, or is on a node outside a function, or "
     "beside "
     "keys that it replaces."},
    {"tag.evidence", Severity::kWarning,
     "modelexport.evidence has a value that this version does not know."},
    {"tag.none", Severity::kError,
     "A node has evidence `none`, so that nothing speaks for an owner, and another module than the "
     "root, or a call."},
    {"tag.unlisted", Severity::kError,
     "A node has keys of the preset `modelexport`, which the model does not list."},
    {"tag.unknown_key", Severity::kWarning,
     "A key begins with `modelexport.` and is none that this version knows."},
    {"tag.preset", Severity::kError,
     "The keys of a preset that the model lists do not say what they must for the node's module."},
    {"tag.foreign", Severity::kError,
     "modelexport.foreign names what is no listed preset or has no key on the node, or names a "
     "preset twice."},
    {"diff.bytes", Severity::kError, "A field has other bytes than in the original."},
    {"diff.field", Severity::kError,
     "A field of the original has another one in its place; the rest of its message is not "
     "compared."},
    {"diff.missing", Severity::kError, "A field of the original is missing."},
    {"diff.extra", Severity::kError, "The original has no such field."},
    {"diff.length", Severity::kError,
     "The length of a message is encoded otherwise than in the original, though it has none of "
     "our entries, or longer than needed."},
    {"diff.payload_size", Severity::kError, "The data of a tensor have another size."},
    {"diff.payload", Severity::kError, "The data of a tensor have other bytes (level full)."},
    {"diff.names", Severity::kError,
     "A renamed file keeps an old name that differs in nothing from the name, or that cannot be "
     "given back because another value has it."},
    {"onnx.checker", Severity::kError,
     "onnx's own checker refuses the file, but not the original, or there is none to compare with "
     "(level full)."},
    {"onnx.checker_before", Severity::kWarning,
     "onnx's own checker refuses the file as it refuses the original (level full)."},
    {"onnx.unchecked", Severity::kWarning,
     "onnx's own checker was not asked, and why: it reads files under 2 GiB (level full)."},
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
