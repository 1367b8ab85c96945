// A table that keeps each string once and gives it a small number.
#ifndef MODELEXPORT_PROTO_STRING_TABLE_H_
#define MODELEXPORT_PROTO_STRING_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/strong_id.h"

namespace modelexport {

using StringId = StrongId<struct StringIdTag>;

// StringId(0) is the empty string. Views stay valid as long as the table lives, even if it is
// moved. Not thread-safe while it grows.
class StringTable {
 public:
  StringTable();
  StringTable(StringTable&&) = default;
  StringTable& operator=(StringTable&&) = default;

  // The number of `text`. Equal texts get the same number.
  StringId Intern(absl::string_view text);

  // Calls Intern() for each text and writes the numbers to `ids`. This is faster than single calls
  // if many texts are new, since the table's memory accesses for them overlap, and if a text equals
  // the one before it.
  void InternAll(absl::Span<const absl::string_view> texts, StringId* ids);

  // A new number for a copy of `text`. This is cheaper than Intern(), for texts that seldom repeat;
  // Find() and Intern() do not see the copy. If the text of `longer` begins with `text`, it is used
  // in place of a copy.
  StringId Add(absl::string_view text, StringId longer = StringId());

  // The number that Intern() gave to `text`; invalid if it gave none.
  StringId Find(absl::string_view text) const;

  // A hint that there will be `times` as many texts as now, interned ones and copies alike.
  void Reserve(size_t times);

  absl::string_view operator[](StringId id) const { return views_[id.index()]; }
  size_t size() const { return views_.size(); }

 private:
  StringId Intern(absl::string_view text, uint32_t hash);
  absl::string_view Copy(absl::string_view text);
  void Grow(size_t times);
  size_t Slot(absl::string_view text, uint32_t hash) const;

  // Open addressing over the numbers; 32 bits of each hash spare most comparisons.
  struct Entry {
    uint32_t hash = 0;
    StringId id;
  };
  std::vector<Entry> slots_;
  size_t used_ = 0;
  std::vector<uint32_t> hashes_;  // Of the texts that InternAll() was given last.
  std::vector<absl::string_view> views_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  size_t free_size_ = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_PROTO_STRING_TABLE_H_
