#include "modelexport/files/output_file.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/testing/file_size_limit.h"
#include "modelexport/testing/fsync_probe.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using ::modelexport::testing::FileSizeLimit;
using ::modelexport::testing::TempDir;
namespace fsync_probe = ::modelexport::testing::fsync_probe;

constexpr size_t kBlock = 256 << 10;

std::string RandomBytes(size_t size) {
  std::mt19937_64 random(size);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

mode_t ModeOf(const std::string& path) {
  struct stat info;
  EXPECT_EQ(lstat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777;
}

// Creates `path` and fails the test, returning null, if that does not work.
std::unique_ptr<OutputFile> Start(const std::string& path,
                                  const std::atomic<bool>* cancelled = nullptr) {
  absl::StatusOr<std::unique_ptr<OutputFile>> file = OutputFile::Create(path, cancelled);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : nullptr;
}

absl::Status WriteWhole(const std::string& path, absl::string_view bytes,
                        Sync sync = Sync::kWhenReplacing, Existing existing = Existing::kReplace) {
  absl::StatusOr<std::unique_ptr<OutputFile>> file = OutputFile::Create(path);
  if (!file.ok()) return file.status();
  absl::Status status = (*file)->Append(bytes);
  return status.ok() ? (*file)->Commit(sync, existing) : status;
}

// Expects an error of the output that names `path` and says `reason`.
void ExpectRefused(const std::string& path, absl::string_view reason) {
  const absl::Status status = WriteWhole(path, "new");
  EXPECT_FALSE(status.ok()) << path;
  EXPECT_EQ(FaultOf(status), Fault::kOutput) << status;
  EXPECT_TRUE(absl::StartsWith(status.message(), absl::StrCat(path, ": "))) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), reason)) << status;
}

// While it lives, the umask is another one.
class ScopedUmask {
 public:
  explicit ScopedUmask(mode_t mask) : before_(umask(mask)) {}
  ~ScopedUmask() { umask(before_); }

 private:
  const mode_t before_;
};

// Cannot be read from byte 100 on.
class BrokenSource final : public ByteSource {
 public:
  absl::string_view name() const override { return "broken"; }
  uint64_t size() const override { return 10 * kBlock; }
  absl::Status Read(Range range, char* destination) const override {
    if (range.end > 100) return absl::DataLossError("broken: cannot read");
    std::memset(destination, 'b', range.size());
    return absl::OkStatus();
  }
};

TEST(OutputFile, AppearsUnderItsNameAtTheCommit) {
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  ASSERT_TRUE(file->Append("one ").ok());
  ASSERT_TRUE(file->AppendFrom(*BytesInMemory("a two b"), {2, 5}).ok());
  EXPECT_EQ(file->size(), 7);
  EXPECT_NE(access(dir.Path("out").c_str(), F_OK), 0);
  EXPECT_FALSE(file->committed());
  ASSERT_TRUE(file->Commit(Sync::kWhenReplacing).ok());
  EXPECT_TRUE(file->committed());
  file.reset();
  EXPECT_EQ(dir.Listing(), "out 7\n");
  EXPECT_EQ(dir.Read("out"), "one two");
}

TEST(OutputFile, IsNotThereWithoutACommit) {
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  ASSERT_TRUE(file->Append(RandomBytes(kBlock + 1)).ok());
  EXPECT_NE(dir.Listing(), "");
  file.reset();
  EXPECT_EQ(dir.Listing(), "");
}

TEST(OutputFile, MayBeEmpty) {
  TempDir dir;
  ASSERT_TRUE(WriteWhole(dir.Path("out"), "").ok());
  EXPECT_EQ(dir.Listing(), "out 0\n");
}

TEST(OutputFile, LiesInTheWorkingDirectoryWhenItsNameHasNoFolder) {
  TempDir dir;
  ASSERT_EQ(chdir(dir.path().c_str()), 0);
  EXPECT_TRUE(WriteWhole("out", "bytes", Sync::kAlways).ok());
  ASSERT_EQ(chdir("/"), 0);
  EXPECT_EQ(dir.Listing(), "out 5\n");
}

// Every piece of 1 to 3 blocks, in every way to append it, after every fill of the first block that
// an off-by-one could break.
TEST(OutputFile, JoinsPiecesOfAnySize) {
  const std::string bytes = RandomBytes(5 * kBlock);
  const std::unique_ptr<ByteSource> source = BytesInMemory(bytes);
  const std::vector<size_t> sizes = {0,          1,          kBlock - 1,     kBlock,
                                     kBlock + 1, 2 * kBlock, 2 * kBlock + 1, 3 * kBlock - 1};
  TempDir dir;
  for (size_t first : sizes) {
    for (size_t second : sizes) {
      std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
      ASSERT_TRUE(file->Append(absl::string_view(bytes).substr(0, first)).ok());
      ASSERT_TRUE(file->AppendFrom(*source, {1, 1 + second}).ok());
      ASSERT_TRUE(file->Append("end").ok());
      EXPECT_EQ(file->size(), first + second + 3);
      ASSERT_TRUE(file->Flush().ok());
      const std::string expected =
          absl::StrCat(bytes.substr(0, first), bytes.substr(1, second), "end");
      const std::string name = file->temporary_path().substr(dir.path().size() + 1);
      EXPECT_TRUE(dir.Read(name) == expected) << first << " then " << second;
    }
  }
  EXPECT_EQ(dir.Listing(), "");
}

TEST(OutputFile, JoinsManyShortPieces) {
  const std::string bytes = RandomBytes(2 * kBlock);
  const std::unique_ptr<ByteSource> source = BytesInMemory(bytes);
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  for (size_t at = 0, size = 0; at < bytes.size(); at += size) {
    size = std::min<size_t>(1 + at % 97, bytes.size() - at);
    const bool read = at % 2 == 0;
    ASSERT_TRUE((read ? file->AppendFrom(*source, {at, at + size})
                      : file->Append(absl::string_view(bytes).substr(at, size)))
                    .ok());
  }
  ASSERT_TRUE(file->Commit(Sync::kWhenReplacing).ok());
  EXPECT_TRUE(dir.Read("out") == bytes);
}

// What makes a long copy fast; a read across the end of a block would also overrun the buffer.
TEST(OutputFile, ReadsLongRangesUpToTheEndOfABlockOfTheOutput) {
  class Recording final : public ByteSource {
   public:
    absl::string_view name() const override { return "recording"; }
    uint64_t size() const override { return 10 * kBlock; }
    absl::Status Read(Range range, char*) const override {
      absl::StrAppend(&reads, range.begin, "-", range.end, " ");
      return absl::OkStatus();
    }
    mutable std::string reads;
  };
  TempDir dir;
  const Recording source;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  ASSERT_TRUE(file->Append(std::string(kBlock + 44, 'x')).ok());
  ASSERT_TRUE(file->AppendFrom(source, {1000, 600000}).ok());
  EXPECT_EQ(source.reads, "1000-263100 263100-525244 525244-600000 ");
}

TEST(OutputFile, CopiesRangesOfAFileOfAnyLength) {
  const std::string bytes = RandomBytes(70 * kBlock + 5);  // More than the system copies at once.
  TempDir dir;
  const absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenFile(dir.Write("in", bytes));
  ASSERT_TRUE(source.ok());
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  std::string expected;
  for (const Range range : {Range{0, 3}, Range{0, bytes.size()}, Range{7, 7 + kBlock},
                            Range{kBlock, 2 * kBlock - 1}, Range{5, 5}, Range{1, 66 * kBlock}}) {
    ASSERT_TRUE(file->Append("new").ok());
    ASSERT_TRUE(file->AppendFrom(**source, range).ok());
    expected += "new" + bytes.substr(range.begin, range.size());
    EXPECT_EQ(file->size(), expected.size());
  }
  ASSERT_TRUE(file->Commit(Sync::kWhenReplacing).ok());
  EXPECT_TRUE(dir.Read("out") == expected);
}

TEST(OutputFile, AFileThatShrinksWhileItIsCopiedIsTheInputsFault) {
  TempDir dir;
  const std::string path = dir.Write("in", RandomBytes(4 * kBlock));
  const absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenFile(path);
  ASSERT_TRUE(source.ok());
  ASSERT_EQ(truncate(path.c_str(), 3 * kBlock), 0);
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  const absl::Status status = file->AppendFrom(**source, {0, 4 * kBlock});
  EXPECT_EQ(FaultOf(status), Fault::kInput);
  EXPECT_EQ(status.message(), path + ": byte 786432: the file shrank while it was read");
  EXPECT_EQ(file->Commit(Sync::kWhenReplacing), status);
}

TEST(OutputFile, CanBeReadByPathAfterAFlushAndGoesOn) {
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  ASSERT_TRUE(file->Append("one").ok());
  ASSERT_TRUE(file->Flush().ok());
  EXPECT_EQ(dir.Read(file->temporary_path().substr(dir.path().size() + 1)), "one");
  ASSERT_TRUE(file->Append(", two").ok());
  ASSERT_TRUE(file->Commit(Sync::kWhenReplacing).ok());
  EXPECT_EQ(dir.Read("out"), "one, two");
}

TEST(OutputFile, MayReplaceTheFileThatItReads) {
  const std::string bytes = RandomBytes(2 * kBlock + 5);
  TempDir dir;
  const std::string path = dir.Write("model", bytes);
  const absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenFile(path);
  ASSERT_TRUE(source.ok());
  std::unique_ptr<OutputFile> file = Start(path);
  ASSERT_TRUE(file->Append("new").ok());
  ASSERT_TRUE(file->AppendFrom(**source, {0, bytes.size()}).ok());
  EXPECT_TRUE(dir.Read("model") == bytes);
  ASSERT_TRUE(file->Commit(Sync::kWhenReplacing).ok());
  EXPECT_TRUE(dir.Read("model") == "new" + bytes);
  EXPECT_EQ(*(*source)->ReadString({0, 9}), bytes.substr(0, 9));
}

TEST(OutputFile, ANewFileHasTheModeThatTheUmaskAllows) {
  TempDir dir;
  for (const mode_t mask : {000, 022, 027, 077}) {
    const ScopedUmask scoped(mask);
    const std::string path = dir.Path(absl::StrCat("out", mask));
    ASSERT_TRUE(WriteWhole(path, "x").ok());
    EXPECT_EQ(ModeOf(path), 0666 & ~mask);
  }
}

TEST(OutputFile, AReplacedFileKeepsItsMode) {
  TempDir dir;
  const std::string path = dir.Write("out", "old");
  for (const mode_t mode : {0600, 0444, 0640, 0755, 0666, 0200}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    const ScopedUmask scoped(077);
    ASSERT_TRUE(WriteWhole(path, "new").ok());
    EXPECT_EQ(ModeOf(path), mode);
  }
}

// A private file must not be open to others while its successor is written.
TEST(OutputFile, TheTemporaryFileIsNoMoreOpenThanTheReplacedOne) {
  TempDir dir;
  const std::string path = dir.Write("out", "old");
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  const ScopedUmask scoped(0);
  EXPECT_EQ(ModeOf(Start(path)->temporary_path()), 0600);
  ASSERT_EQ(chmod(path.c_str(), 0040), 0);  // We must be able to read it back, though.
  EXPECT_EQ(ModeOf(Start(path)->temporary_path()), 0640);
}

TEST(OutputFile, AReplacedFileKeepsItsOwnerWhereThatIsPossible) {
  TempDir dir;
  const std::string path = dir.Write("out", "old");
  if (chown(path.c_str(), 12345, 12346) != 0) GTEST_SKIP() << "cannot give files away here";
  ASSERT_TRUE(WriteWhole(path, "new").ok());
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 12345);
  EXPECT_EQ(info.st_gid, 12346);
}

TEST(OutputFile, ASymlinkIsReplacedAndItsTargetNeverWritten) {
  TempDir dir;
  dir.Write("target", "old");
  dir.Write("folder/inside", "x");
  for (const absl::string_view target : {"target", "folder", "missing", "out"}) {
    unlink(dir.Path("out").c_str());
    const std::string path = dir.Link("out", target);
    const ScopedUmask scoped(022);
    ASSERT_TRUE(WriteWhole(path, "new").ok()) << target;
    EXPECT_EQ(dir.Listing(), "folder/\nfolder/inside 1\nout 3\ntarget 3\n") << target;
    EXPECT_EQ(dir.Read("target"), "old");
    EXPECT_EQ(ModeOf(path), 0644) << target;
  }
}

// As /dev/stdout is one: a file in its place would break every later program that names it.
TEST(OutputFile, ALinkToWhatIsNoFileIsRefused) {
  TempDir dir;
  ASSERT_EQ(mkfifo(dir.Path("fifo").c_str(), 0600), 0);
  dir.Link("to_fifo", "fifo");
  dir.Link("to_link", "to_fifo");
  dir.Link("to_device", "/dev/null");
  const std::string before = dir.Listing();
  ExpectRefused(dir.Path("to_fifo"), "is a link to a FIFO, not to a regular file");
  ExpectRefused(dir.Path("to_link"), "is a link to a FIFO");
  ExpectRefused(dir.Path("to_device"), "is a link to a character device");
  EXPECT_EQ(dir.Listing(), before);
}

TEST(OutputFile, OtherHardLinksKeepTheOldBytes) {
  TempDir dir;
  const std::string path = dir.Write("out", "old");
  ASSERT_EQ(link(path.c_str(), dir.Path("other").c_str()), 0);
  ASSERT_TRUE(WriteWhole(path, "new").ok());
  EXPECT_EQ(dir.Read("other"), "old");
}

TEST(OutputFile, WhatIsNoFileIsRefusedByItsKind) {
  TempDir dir;
  dir.Write("folder/inside", "x");
  ASSERT_EQ(mkfifo(dir.Path("fifo").c_str(), 0600), 0);
  const std::string before = dir.Listing();
  ExpectRefused(dir.Path("folder"), "is a directory, not a regular file");
  ExpectRefused(dir.Path("."), "is a directory");
  ExpectRefused(dir.Path("fifo"), "is a FIFO");
  ExpectRefused("/dev/null", "is a character device");
  EXPECT_EQ(dir.Listing(), before);
}

TEST(OutputFile, ASocketIsRefused) {
  TempDir dir;
  sockaddr_un address = {AF_UNIX, "socket"};
  const int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(chdir(dir.path().c_str()), 0);  // A socket's path may have 107 bytes at most.
  ASSERT_EQ(bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ExpectRefused("socket", "is a socket");
  ASSERT_EQ(chdir("/"), 0);
  close(descriptor);
}

TEST(OutputFile, ANameThatIsNoFileNameIsRefused) {
  TempDir dir;
  dir.Write("file", "x");
  EXPECT_EQ(WriteWhole("", "x").message(), "output: has an empty name");
  EXPECT_EQ(FaultOf(WriteWhole("", "x")), Fault::kOutput);
  ExpectRefused(dir.Path("new/"), "names a folder, not a file");
  ExpectRefused(dir.Path("file/"), "names a folder, not a file");
  ExpectRefused(dir.Path(std::string(256, 'n')), "File name too long");
  EXPECT_EQ(dir.Listing(), "file 1\n");
}

TEST(OutputFile, TheLongestNameWorks) {
  TempDir dir;
  EXPECT_TRUE(WriteWhole(dir.Path(std::string(255, 'n')), "x").ok());
}

TEST(OutputFile, AFolderThatCannotHoldItIsNamed) {
  TempDir dir;
  dir.Write("file", "x");
  ExpectRefused(dir.Path("missing/out"), dir.Path("missing/: No such file or directory"));
  ExpectRefused(dir.Path("file/out"), "Not a directory");
  ExpectRefused("/proc/out", "/proc/: ");
  EXPECT_EQ(dir.Listing(), "file 1\n");
}

TEST(OutputFile, AnUnwritableFolderIsNamed) {
  if (geteuid() == 0) GTEST_SKIP() << "permissions do not bind root";
  TempDir dir;
  dir.Write("folder/old", "x");
  ASSERT_EQ(chmod(dir.Path("folder").c_str(), 0500), 0);
  ExpectRefused(dir.Path("folder/out"), dir.Path("folder/: Permission denied"));
  ASSERT_EQ(chmod(dir.Path("folder").c_str(), 0700), 0);
  EXPECT_EQ(dir.Listing(), "folder/\nfolder/old 1\n");
}

// A write that falls short is continued; one that fails leaves nothing, wherever it fails.
TEST(OutputFile, AFailedWriteLeavesTheFolderAsItWas) {
  const std::string bytes = RandomBytes(3 * kBlock + 7);
  TempDir inputs, dir;
  const std::unique_ptr<ByteSource> memory = BytesInMemory(bytes);
  const absl::StatusOr<std::unique_ptr<ByteSource>> in = OpenFile(inputs.Write("in", bytes));
  ASSERT_TRUE(in.ok());
  dir.Write("old", "old bytes");
  for (const size_t limit : {size_t{0}, size_t{1}, size_t{4095}, kBlock - 1, kBlock, kBlock + 1,
                             2 * kBlock + 100, 3 * kBlock, 3 * kBlock + 6}) {
    for (const ByteSource* source : {memory.get(), in->get()}) {
      for (const char* name : {"old", "new"}) {
        const FileSizeLimit scoped(limit);
        std::unique_ptr<OutputFile> file = Start(dir.Path(name));
        absl::Status status = file->AppendFrom(*source, {0, bytes.size()});
        if (status.ok()) status = file->Commit(Sync::kAlways);
        EXPECT_EQ(FaultOf(status), Fault::kOutput) << status;
        EXPECT_EQ(status.message(), dir.Path(name) + ": cannot write: File too large") << limit;
        file.reset();
        EXPECT_EQ(dir.Listing(), "old 9\n") << limit;
        EXPECT_EQ(dir.Read("old"), "old bytes");
      }
    }
  }
  const FileSizeLimit enough(bytes.size());
  EXPECT_TRUE(WriteWhole(dir.Path("old"), bytes).ok());
  EXPECT_TRUE(dir.Read("old") == bytes);
}

TEST(OutputFile, AnErrorSticks) {
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  absl::Status first;
  {
    const FileSizeLimit scoped(10);
    first = file->Append(std::string(kBlock, 'x'));
    ASSERT_FALSE(first.ok());
  }
  EXPECT_EQ(file->Append(""), first);
  EXPECT_EQ(file->Append("x"), first);
  EXPECT_EQ(file->AppendFrom(*BytesInMemory("x"), {0, 1}), first);
  EXPECT_EQ(file->Flush(), first);
  EXPECT_EQ(file->Commit(Sync::kWhenReplacing), first);
  EXPECT_FALSE(file->committed());
  file.reset();
  EXPECT_EQ(dir.Listing(), "");
}

// The error comes while there is room in the block, where Append() has its short way.
TEST(OutputFile, AnErrorSticksInAShortFileToo) {
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  ASSERT_TRUE(file->Append("x").ok());
  const FileSizeLimit scoped(0);
  const absl::Status first = file->Flush();
  ASSERT_FALSE(first.ok());
  EXPECT_EQ(file->Append(""), first);
  EXPECT_EQ(file->Append("x"), first);
}

// A new file waits for no disk unless asked to. A replaced one is on the disk before it replaces;
// kAlways also waits for the name in the folder.
TEST(OutputFile, SyncsAsAsked) {
  TempDir dir;
  const auto calls = [&dir](absl::string_view name, Sync sync) {
    fsync_probe::calls = 0;
    EXPECT_TRUE(WriteWhole(dir.Path(name), "x", sync).ok());
    return fsync_probe::calls;
  };
  EXPECT_EQ(calls("a", Sync::kWhenReplacing), 0);
  EXPECT_EQ(calls("a", Sync::kWhenReplacing), 1);
  EXPECT_EQ(calls("b", Sync::kAlways), 2);
  EXPECT_EQ(calls("b", Sync::kAlways), 2);
  dir.Link("c", "a");
  EXPECT_EQ(calls("c", Sync::kWhenReplacing), 1);
}

TEST(OutputFile, AFailedSyncOfTheBytesChangesNothing) {
  TempDir dir;
  dir.Write("out", "old");
  fsync_probe::calls = 0;
  fsync_probe::failing_call = 1;
  const absl::Status status = WriteWhole(dir.Path("out"), "x");
  fsync_probe::failing_call = 0;
  EXPECT_EQ(FaultOf(status), Fault::kOutput);
  EXPECT_EQ(status.message(), dir.Path("out") + ": cannot sync: Input/output error");
  EXPECT_EQ(dir.Listing(), "out 3\n");
}

TEST(OutputFile, AFailedSyncOfTheFolderComesAfterTheCommit) {
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  fsync_probe::calls = 0;
  fsync_probe::failing_call = 2;
  const absl::Status status = file->Commit(Sync::kAlways);
  fsync_probe::failing_call = 0;
  EXPECT_EQ(FaultOf(status), Fault::kOutput);
  EXPECT_EQ(status.message(), dir.path() + "/: cannot sync the folder: Input/output error");
  EXPECT_TRUE(file->committed());
  file.reset();
  EXPECT_EQ(dir.Listing(), "out 0\n");
}

TEST(OutputFile, AFileSystemThatCannotSyncWillDo) {
  TempDir dir;
  fsync_probe::calls = 0;
  fsync_probe::failing_call = 1;
  fsync_probe::failure = EINVAL;
  EXPECT_TRUE(WriteWhole(dir.Path("out"), "x", Sync::kAlways).ok());
  fsync_probe::failing_call = 0;
  fsync_probe::failure = EIO;
}

TEST(OutputFile, AFailedReadIsTheInputsFaultAndCannotBeCommitted) {
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  ASSERT_TRUE(file->AppendFrom(BrokenSource(), {0, 50}).ok());
  const absl::Status status =
      WithFault(file->AppendFrom(BrokenSource(), {50, kBlock}), Fault::kOutput);
  EXPECT_EQ(FaultOf(status), Fault::kInput);
  EXPECT_EQ(status.message(), "broken: cannot read");
  EXPECT_EQ(file->Commit(Sync::kWhenReplacing), status);
  file.reset();
  EXPECT_EQ(dir.Listing(), "");
}

TEST(OutputFile, ACancelledRunStopsWithinABlockAndLeavesNothing) {
  const std::unique_ptr<ByteSource> source = BytesInMemory(RandomBytes(4 * kBlock));
  TempDir dir;
  dir.Write("out", "old");
  std::atomic<bool> cancelled = false;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"), &cancelled);
  ASSERT_TRUE(file->AppendFrom(*source, {0, source->size()}).ok());
  cancelled = true;
  absl::Status status;
  for (size_t count = 0; count < kBlock && status.ok(); ++count) status = file->Append("x");
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(file->AppendFrom(*source, {0, 1}), status);
  EXPECT_EQ(file->Commit(Sync::kWhenReplacing), status);
  file.reset();
  EXPECT_EQ(dir.Listing(), "out 3\n");
}

TEST(OutputFile, ACancelledRunStopsWithinOneLongRange) {
  // Sets the flag while its second block is read.
  class Cancelling final : public ByteSource {
   public:
    explicit Cancelling(std::atomic<bool>* cancelled) : cancelled_(cancelled) {}
    absl::string_view name() const override { return "cancelling"; }
    uint64_t size() const override { return 100 * kBlock; }
    absl::Status Read(Range range, char* destination) const override {
      EXPECT_LE(range.end, 2 * kBlock);
      if (range.end > kBlock) *cancelled_ = true;
      std::memset(destination, 'c', range.size());
      return absl::OkStatus();
    }

   private:
    std::atomic<bool>* const cancelled_;
  };
  TempDir dir;
  std::atomic<bool> cancelled = false;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"), &cancelled);
  const Cancelling source(&cancelled);
  EXPECT_TRUE(absl::IsCancelled(file->AppendFrom(source, {0, source.size()})));
}

TEST(OutputFile, ACommitAfterTheCancellationIsNone) {
  TempDir dir;
  std::atomic<bool> cancelled = false;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"), &cancelled);
  ASSERT_TRUE(file->Append("x").ok());
  cancelled = true;
  EXPECT_TRUE(absl::IsCancelled(file->Commit(Sync::kWhenReplacing)));
  file.reset();
  EXPECT_EQ(dir.Listing(), "");
}

TEST(OutputFile, TwoRunsToOneDestinationDoNotMix) {
  TempDir dir;
  const std::string path = dir.Path("out");
  std::unique_ptr<OutputFile> a = Start(path);
  std::unique_ptr<OutputFile> b = Start(path);
  ASSERT_TRUE(a->Append(std::string(kBlock + 1, 'a')).ok());
  ASSERT_TRUE(b->Append(std::string(kBlock + 2, 'b')).ok());
  ASSERT_TRUE(a->Commit(Sync::kWhenReplacing).ok());
  EXPECT_TRUE(dir.Read("out") == std::string(kBlock + 1, 'a'));
  ASSERT_TRUE(b->Commit(Sync::kWhenReplacing).ok());
  a.reset();
  b.reset();
  EXPECT_EQ(dir.Listing(), absl::StrCat("out ", kBlock + 2, "\n"));
  EXPECT_TRUE(dir.Read("out") == std::string(kBlock + 2, 'b'));
}

TEST(OutputFile, TheDestinationIsJudgedAgainAtTheCommit) {
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  dir.Write("out/inside", "x");
  const absl::Status status = file->Commit(Sync::kWhenReplacing);
  EXPECT_EQ(status.message(), dir.Path("out") + ": is a directory, not a regular file");
  EXPECT_EQ(FaultOf(status), Fault::kOutput);
  file.reset();
  EXPECT_EQ(dir.Listing(), "out/\nout/inside 1\n");
}

TEST(OutputFile, AFileThatAppearedMeanwhileGivesItsModeToo) {
  TempDir dir;
  std::unique_ptr<OutputFile> file = Start(dir.Path("out"));
  ASSERT_EQ(chmod(dir.Write("out", "theirs").c_str(), 0600), 0);
  ASSERT_TRUE(file->Commit(Sync::kWhenReplacing).ok());
  EXPECT_EQ(ModeOf(dir.Path("out")), 0600);
}

TEST(OutputFile, ARefusingCommitReplacesNothing) {
  TempDir dir;
  ASSERT_TRUE(WriteWhole(dir.Path("new"), "new", Sync::kAlways, Existing::kRefuse).ok());
  dir.Write("file", "old");
  dir.Link("link", "missing");
  for (const char* name : {"file", "link"}) {
    const absl::Status status = WriteWhole(dir.Path(name), "new", Sync::kAlways, Existing::kRefuse);
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists) << status;
    EXPECT_EQ(FaultOf(status), Fault::kOutput);
  }
  EXPECT_EQ(dir.Listing(), "file 3\nlink -> missing\nnew 3\n");
  EXPECT_EQ(dir.Read("file"), "old");
}

}  // namespace
}  // namespace modelexport
