#include "modelexport/files/external_data.h"

#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/errno_error.h"
#include "modelexport/files/folder.h"
#include "modelexport/files/resolved_path.h"

namespace modelexport {
namespace {

absl::StatusOr<struct stat> StatFolderOf(const std::string& path, Fault fault) {
  const std::string prefix = FolderOf(path);
  struct stat info;
  if (stat(prefix.empty() ? "." : prefix.c_str(), &info) == 0) return info;
  return WithFault(ErrnoError(path, "cannot look into its folder"), fault);
}

bool IsSameFile(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool AreSameFile(const std::string& a, const std::string& b) {
  struct stat a_info;
  struct stat b_info;
  return stat(a.c_str(), &a_info) == 0 && stat(b.c_str(), &b_info) == 0 &&
         IsSameFile(a_info, b_info);
}

// The path of `location` below the model's folder, without `.`, `..` and double slashes.
absl::StatusOr<std::string> PathWithin(const std::string& location) {
  const auto refuse = [](absl::string_view reason) {
    return WithFault(absl::InvalidArgumentError(reason), Fault::kInput);
  };
  if (location.empty()) return refuse("the location is empty");
  if (location.find('\0') != std::string::npos) return refuse("the location has a zero byte");
  const std::filesystem::path path = std::filesystem::path(location).lexically_normal();
  if (path.is_absolute()) return refuse("the location is absolute");
  if (*path.begin() == "..") return refuse("the location leaves the model's folder");
  if (path == "." || !path.has_filename()) return refuse("the location names a folder");
  return path.string();
}

// The same for locations that mean the same file; those that mean none are left to later errors.
std::string Normal(const std::string& location) {
  return std::filesystem::path(location).lexically_normal().string();
}

absl::Status Undeclared(absl::string_view message) {
  return WithFault(absl::FailedPreconditionError(message), Fault::kJudged);
}

absl::StatusOr<bool> HaveSameBytes(const ByteSource& input, const ByteSource& output,
                                   const std::atomic<bool>* cancelled) {
  constexpr uint64_t kBlock = 256 << 10;
  if (input.size() != output.size()) return false;
  std::string a(kBlock, '\0');
  std::string b(kBlock, '\0');
  for (Range range; range.begin < input.size(); range.begin = range.end) {
    if (cancelled != nullptr && *cancelled) {
      return WithFault(absl::CancelledError("cancelled"), Fault::kOutput);
    }
    range.end = std::min(range.begin + kBlock, input.size());
    MX_RETURN_IF_ERROR(WithFault(input.Read(range, a.data()), Fault::kInput));
    MX_RETURN_IF_ERROR(WithFault(output.Read(range, b.data()), Fault::kOutput));
    if (std::memcmp(a.data(), b.data(), range.size()) != 0) return false;
  }
  return true;
}

// Whether `to` is there already as it must be; an error if something else is.
absl::StatusOr<bool> IsInPlace(const std::string& from, const ByteSource& source,
                               const std::string& to, const std::atomic<bool>* cancelled) {
  struct stat info;
  if (lstat(to.c_str(), &info) != 0) {
    if (errno == ENOENT) return false;
    return WithFault(ErrnoError(to, "cannot be written"), Fault::kOutput);
  }
  if (AreSameFile(from, to)) return true;
  absl::StatusOr<std::unique_ptr<ByteSource>> present = OpenFile(to);
  if (!present.ok()) return WithFault(std::move(present).status(), Fault::kOutput);
  MX_ASSIGN_OR_RETURN(const bool same, HaveSameBytes(source, **present, cancelled));
  if (same) return true;
  return WithFault(absl::AlreadyExistsError(
                       absl::StrCat(to, ": is there already, with other bytes than ", from)),
                   Fault::kOutput);
}

}  // namespace

// One call of PlanExternalData().
class ExternalDataPlanner {
 public:
  ExternalDataPlanner(const std::string& input, const std::string& output,
                      const std::atomic<bool>* cancelled)
      : input_(input),
        output_(output),
        input_folder_(FolderOf(input)),
        output_folder_(FolderOf(output)),
        cancelled_(cancelled) {}

  // An error without a fault if `path` is one of the data files, or must become one.
  absl::Status CheckIsNone(const std::vector<ExternalReference>& references,
                           const std::string& path) const {
    return CheckIsNone(Distinct(references), path);
  }

  absl::StatusOr<ExternalDataPlan> Plan(const std::vector<ExternalReference>& references,
                                        ExternalDataMode mode) {
    const std::vector<const ExternalReference*> distinct = Distinct(references);
    if (distinct.empty()) return plan_;
    MX_RETURN_IF_ERROR(WithFault(CheckIsNone(distinct, output_), Fault::kOutput));
    MX_ASSIGN_OR_RETURN(const struct stat from, StatFolderOf(input_, Fault::kInput));
    MX_ASSIGN_OR_RETURN(const struct stat to, StatFolderOf(output_, Fault::kOutput));
    if (IsSameFile(from, to)) return plan_;
    if (mode == ExternalDataMode::kLeave) {
      Warn(distinct);
      return plan_;
    }
    MX_RETURN_IF_ERROR(AddCopies(distinct));
    return plan_;
  }

 private:
  static std::vector<const ExternalReference*> Distinct(
      const std::vector<ExternalReference>& references) {
    std::vector<const ExternalReference*> distinct;
    absl::flat_hash_set<absl::string_view> seen;
    for (const ExternalReference& reference : references) {
      if (seen.insert(reference.location).second) distinct.push_back(&reference);
    }
    return distinct;
  }

  std::string PlaceOf(const ExternalReference& reference) const {
    return absl::StrCat(input_, ": ", reference.place, ": external data \"",
                        absl::Utf8SafeCEscape(reference.location), "\"");
  }

  absl::Status CheckIsNone(const std::vector<const ExternalReference*>& distinct,
                           const std::string& path) const {
    const std::string resolved = ResolvedPath(path);
    const std::string folder = ResolvedPath(absl::StrCat(output_folder_, "."));
    for (const ExternalReference* reference : distinct) {
      const absl::StatusOr<std::string> within = PathWithin(reference->location);
      const bool is_placed_there = within.ok() && absl::StrCat(folder, "/", *within) == resolved;
      if (!is_placed_there && !AreSameFile(NameOfData(*reference), path)) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(PlaceOf(*reference), ": the output ", path, " would take its place"));
    }
    return absl::OkStatus();
  }

  // Also of a location that will be refused.
  std::string NameOfData(const ExternalReference& reference) const {
    const bool is_absolute = !reference.location.empty() && reference.location.front() == '/';
    return is_absolute ? reference.location : absl::StrCat(input_folder_, reference.location);
  }

  void Warn(const std::vector<const ExternalReference*>& distinct) {
    plan_.warnings_.push_back(absl::StrCat(
        output_, ": external data was left behind: ", distinct.size(),
        distinct.size() == 1 ? " file" : " files", ", the first \"",
        absl::Utf8SafeCEscape(distinct.front()->location), "\" of ", distinct.front()->place));
  }

  absl::Status AddCopies(const std::vector<const ExternalReference*>& distinct) {
    struct stat info;
    plan_.replaces_output_ = lstat(output_.c_str(), &info) == 0;
    plan_.folder_prefix_ = output_folder_.size();
    for (const ExternalReference* reference : distinct) {
      const std::string place = PlaceOf(*reference);
      MX_RETURN_IF_ERROR(Annotate(AddCopy(*reference, place), place));
    }
    return absl::OkStatus();
  }

  absl::Status AddCopy(const ExternalReference& reference, const std::string& place) {
    MX_ASSIGN_OR_RETURN(const std::string within, PathWithin(reference.location));
    if (!planned_.insert(within).second) return absl::OkStatus();
    const std::string from = absl::StrCat(input_folder_, within);
    const std::string to = absl::StrCat(output_folder_, within);
    absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenFile(from);
    if (!source.ok()) return WithFault(std::move(source).status(), Fault::kInput);
    MX_ASSIGN_OR_RETURN(const bool in_place, IsInPlace(from, **source, to, cancelled_));
    if (!in_place) plan_.copies_.push_back({from, to, place, nullptr});
    return absl::OkStatus();
  }

  const std::string& input_;
  const std::string& output_;
  const std::string input_folder_;
  const std::string output_folder_;
  const std::atomic<bool>* const cancelled_;
  absl::flat_hash_set<std::string> planned_;
  ExternalDataPlan plan_;
};

absl::StatusOr<ExternalDataPlan> PlanExternalData(const std::string& input,
                                                  const std::string& output,
                                                  const std::vector<ExternalReference>& references,
                                                  ExternalDataMode mode,
                                                  const std::atomic<bool>* cancelled) {
  return ExternalDataPlanner(input, output, cancelled).Plan(references, mode);
}

absl::Status CheckIsNoData(const std::string& input, const std::string& output,
                           const std::vector<ExternalReference>& references,
                           const std::string& path) {
  return WithFault(ExternalDataPlanner(input, output, nullptr).CheckIsNone(references, path),
                   Fault::kUsage);
}

absl::StatusOr<ExternalDataPlan> PlanNewData(const std::string& output, const std::string& path,
                                             std::shared_ptr<const ByteSource> content,
                                             const std::atomic<bool>* cancelled) {
  ExternalDataPlan plan;
  struct stat info;
  plan.replaces_output_ = lstat(output.c_str(), &info) == 0;
  plan.folder_prefix_ = FolderOf(output).size();
  const std::string name(content->name());
  MX_ASSIGN_OR_RETURN(const bool in_place, IsInPlace(name, *content, path, cancelled));
  if (!in_place) plan.copies_.push_back({name, path, path, std::move(content)});
  return plan;
}

absl::Status CheckDeclared(const std::string& input,
                           const std::vector<ExternalReference>& references,
                           const std::vector<std::string>& declared) {
  absl::flat_hash_set<std::string> unused;
  for (const std::string& file : declared) unused.insert(Normal(file));
  const absl::flat_hash_set<std::string> allowed = unused;
  for (const ExternalReference& reference : references) {
    const std::string file = Normal(reference.location);
    unused.erase(file);
    if (allowed.contains(file)) continue;
    return Undeclared(absl::StrCat(input, ": ", reference.place, ": external data \"",
                                   absl::Utf8SafeCEscape(reference.location),
                                   "\" is not among the declared data files"));
  }
  for (const std::string& file : declared) {
    if (!unused.contains(Normal(file))) continue;
    return Undeclared(
        absl::StrCat(input, ": no tensor names the declared data file \"", file, "\""));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenExternalData(const std::string& folder,
                                                             const std::string& location) {
  MX_ASSIGN_OR_RETURN(const std::string within, PathWithin(location));
  return OpenFile(absl::StrCat(folder, within));
}

absl::StatusOr<PlacedData> ExternalDataPlan::Place(Sync sync,
                                                   const std::atomic<bool>* cancelled) const {
  // The old output must not give way to one whose data power loss can still take.
  if (replaces_output_) sync = Sync::kAlways;
  PlacedData placed;
  for (const Copy& copy : copies_) {
    MX_RETURN_IF_ERROR(Annotate(placed.MakeFolders(copy.to, folder_prefix_, sync), copy.place));
    std::shared_ptr<const ByteSource> source = copy.content;
    if (source == nullptr) {
      absl::StatusOr<std::unique_ptr<ByteSource>> file = OpenFile(copy.from);
      if (!file.ok()) return WithFault(Annotate(file.status(), copy.place), Fault::kInput);
      source = *std::move(file);
    }
    MX_RETURN_IF_ERROR(
        Annotate(placed.Copy(copy.from, *source, copy.to, sync, cancelled), copy.place));
  }
  return placed;
}

PlacedData::~PlacedData() {
  for (auto path = made_.rbegin(); path != made_.rend(); ++path) remove(path->c_str());
}

absl::Status PlacedData::MakeFolders(const std::string& path, size_t prefix, Sync sync) {
  for (size_t end = path.find('/', prefix); end != std::string::npos;
       end = path.find('/', end + 1)) {
    const std::string folder = path.substr(0, end);
    if (mkdir(folder.c_str(), S_IRWXU | S_IRWXG | S_IRWXO) == 0) {
      made_.push_back(folder);
      if (sync == Sync::kAlways) MX_RETURN_IF_ERROR(SyncFolderOf(folder));
    } else if (errno != EEXIST) {
      return WithFault(ErrnoError(folder, "cannot make the folder"), Fault::kOutput);
    }
  }
  return absl::OkStatus();
}

absl::Status PlacedData::Copy(const std::string& from, const ByteSource& source,
                              const std::string& to, Sync sync,
                              const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> file, OutputFile::Create(to, cancelled));
  MX_RETURN_IF_ERROR(file->AppendFrom(source, {0, source.size()}));
  const absl::Status status = file->Commit(sync, Existing::kRefuse);
  if (file->committed()) made_.push_back(to);
  if (!absl::IsAlreadyExists(status)) return status;
  // Another run was faster, perhaps with the same file.
  MX_ASSIGN_OR_RETURN(const bool in_place, IsInPlace(from, source, to, cancelled));
  return in_place ? absl::OkStatus() : status;
}

}  // namespace modelexport
