// Storage for many short strings at the cost of their bytes.
//
//   StringArena arena;
//   const absl::string_view kept = arena.Store(buffer);
#ifndef MODELEXPORT_BASE_STRING_ARENA_H_
#define MODELEXPORT_BASE_STRING_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"

namespace modelexport {

// Neither copied nor moved: what is stored stays where it is until the arena is cleared or
// destroyed.
class StringArena {
 public:
  StringArena() = default;
  StringArena(const StringArena&) = delete;
  StringArena& operator=(const StringArena&) = delete;

  // A copy of `text`, valid until Clear() and as long as the arena.
  absl::string_view Store(absl::string_view text) {
    if (text.empty()) return "";
    if (text.size() > left_) AddBlock(std::max(text.size(), kBlockSize));
    char* const copy = next_;
    std::memcpy(copy, text.data(), text.size());
    next_ += text.size();
    left_ -= text.size();
    return absl::string_view(copy, text.size());
  }

  // Forgets all that was stored. Memory of one block is kept for what comes next.
  void Clear() {
    if (blocks_.empty()) return;
    blocks_.resize(1);
    next_ = blocks_[0].get();
    left_ = kBlockSize;  // Or more.
  }

 private:
  static constexpr size_t kBlockSize = 32 << 10;

  void AddBlock(size_t size) {
    blocks_.emplace_back(new char[size]);
    next_ = blocks_.back().get();
    left_ = size;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;  // Bytes of the last block from `next_` on.
};

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_STRING_ARENA_H_
