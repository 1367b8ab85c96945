#include "modelexport/testing/temp_dir.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace modelexport::testing {
namespace {

namespace fs = std::filesystem;

std::string Line(const fs::directory_entry& entry, const std::string& name) {
  switch (entry.symlink_status().type()) {
    case fs::file_type::directory:
      return absl::StrCat(name, "/\n");
    case fs::file_type::regular:
      return absl::StrCat(name, " ", entry.file_size(), "\n");
    case fs::file_type::symlink:
      return absl::StrCat(name, " -> ", fs::read_symlink(entry).string(), "\n");
    default:
      return absl::StrCat(name, " ?\n");
  }
}

}  // namespace

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TempDir::TempDir() {
  const char* parent = getenv("TEST_TMPDIR");
  path_ = absl::StrCat(parent == nullptr ? "/tmp" : parent, "/XXXXXX");
  if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make " << path_;
}

TempDir::~TempDir() {
  std::error_code error;
  fs::remove_all(path_, error);
  EXPECT_FALSE(error) << path_ << ": " << error.message();
}

std::string TempDir::Path(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

std::string TempDir::Write(absl::string_view name, absl::string_view bytes) const {
  const std::string path = Path(name);
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  EXPECT_TRUE(file.good()) << path;
  return path;
}

std::string TempDir::Link(absl::string_view name, absl::string_view target) const {
  const std::string path = Path(name);
  fs::create_symlink(std::string(target), path);
  return path;
}

std::string TempDir::Read(absl::string_view name) const { return ReadFile(Path(name)); }

std::string TempDir::Listing() const {
  std::set<std::string> lines;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path_)) {
    lines.insert(Line(entry, entry.path().lexically_relative(path_)));
  }
  return absl::StrJoin(lines, "");
}

}  // namespace modelexport::testing
