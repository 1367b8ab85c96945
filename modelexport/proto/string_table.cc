#include "modelexport/proto/string_table.h"

#include <algorithm>
#include <cstring>

#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "modelexport/base/large_pages.h"

namespace modelexport {
namespace {

constexpr size_t kBlock = 1 << 20;
constexpr size_t kLargeBlock = 8 << 20;

// Absl::Hash is seeded per process; nothing here depends on the order of slots.
uint32_t HashOf(absl::string_view text) {
  return static_cast<uint32_t>(absl::Hash<absl::string_view>()(text));
}

}  // namespace

StringTable::StringTable() : slots_(64) { Intern(""); }

StringId StringTable::Intern(absl::string_view text) { return Intern(text, HashOf(text)); }

StringId StringTable::Intern(absl::string_view text, uint32_t hash) {
  size_t slot = Slot(text, hash);
  if (slots_[slot].id.valid()) return slots_[slot].id;
  if (++used_ * 2 > slots_.size()) {
    Grow(2);
    slot = Slot(text, hash);
  }
  slots_[slot] = {hash, Add(text)};
  return slots_[slot].id;
}

void StringTable::InternAll(absl::Span<const absl::string_view> texts, StringId* ids) {
  const auto repeats = [&](size_t i) { return i > 0 && texts[i] == texts[i - 1]; };
  hashes_.resize(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    if (repeats(i)) continue;
    hashes_[i] = HashOf(texts[i]);
    __builtin_prefetch(&slots_[hashes_[i] & (slots_.size() - 1)]);
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    ids[i] = repeats(i) ? ids[i - 1] : Intern(texts[i], hashes_[i]);
  }
}

StringId StringTable::Add(absl::string_view text, StringId longer) {
  const bool shared = longer.valid() && absl::StartsWith((*this)[longer], text);
  views_.push_back(shared ? (*this)[longer].substr(0, text.size()) : Copy(text));
  return StringId(views_.size() - 1);
}

StringId StringTable::Find(absl::string_view text) const {
  return slots_[Slot(text, HashOf(text))].id;
}

size_t StringTable::Slot(absl::string_view text, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = hash & mask;
  while (slots_[slot].id.valid() &&
         (slots_[slot].hash != hash || views_[slots_[slot].id.index()] != text)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void StringTable::Reserve(size_t times) {
  ReserveInLargePages(times * views_.size(), &views_);
  size_t growth = 1;
  // At least one slot for each: what is missing after all, the last doubling adds.
  while (growth * slots_.size() < times * used_) growth *= 2;
  if (growth > 1) Grow(growth);
}

// `times` is a power of two.
void StringTable::Grow(size_t times) {
  std::vector<Entry> old;
  ResizeInLargePages(slots_.size() * times, &old);
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Entry& entry : old) {
    if (!entry.id.valid()) continue;
    size_t slot = entry.hash & mask;
    while (slots_[slot].id.valid()) slot = (slot + 1) & mask;
    slots_[slot] = entry;
  }
}

absl::string_view StringTable::Copy(absl::string_view text) {
  if (text.empty()) return "";
  if (text.size() > free_size_) {
    free_size_ = std::max(blocks_.empty() ? kBlock : kLargeBlock, text.size());
    blocks_.emplace_back(new char[free_size_]);
    PreferLargePages(blocks_.back().get(), free_size_);
    free_ = blocks_.back().get();
  }
  char* const copy = free_;
  std::memcpy(copy, text.data(), text.size());
  free_ += text.size();
  free_size_ -= text.size();
  return {copy, text.size()};
}

}  // namespace modelexport
