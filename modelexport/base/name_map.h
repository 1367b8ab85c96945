// A map from names to ids for hundreds of thousands of names.
//
//   NameMap<ModuleId> ids;
//   ids.Insert(arena.Store("encoder"), ModuleId(1));
//   ids.Find("encoder");  // ModuleId(1)
//
// It takes 28 to 36 bytes for each name where absl::flat_hash_map takes 29 to 57, and grows without
// a look at the names, which costs most of the time there. Names cannot be removed.
#ifndef MODELEXPORT_BASE_NAME_MAP_H_
#define MODELEXPORT_BASE_NAME_MAP_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {

// Holds fewer than 2^32 names, which must outlive it: it keeps the views.
template <typename Id>
class NameMap {
 public:
  // Takes the memory for `count` names at once.
  void Reserve(size_t count) {
    names_.reserve(count);
    ids_.reserve(count);
    size_t slots = 16;
    while (slots / 4 * 3 < count) slots *= 2;
    if (slots > slots_.size()) Resize(slots);
  }

  // Has the processor fetch what Find() and Insert() of `name` look at first.
  void Prefetch(absl::string_view name) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[Hash(name) & (slots_.size() - 1)]);
  }

  // The id of `name`; an invalid one if there is none.
  Id Find(absl::string_view name) const {
    const uint32_t entry = EntryOf(name);
    return entry == kFree ? Id() : ids_[entry];
  }

  // The view of `name` that is kept here; null if there is none. Valid until the next Insert().
  const absl::string_view* FindName(absl::string_view name) const {
    const uint32_t entry = EntryOf(name);
    return entry == kFree ? nullptr : &names_[entry];
  }

  // Gives `name` the `id` unless it has one. Returns the one it has now, and whether it is new.
  std::pair<Id, bool> Insert(absl::string_view name, Id id) {
    if (names_.size() >= slots_.size() / 4 * 3) Reserve(2 * names_.size() + 1);
    const uint32_t hash = Hash(name);
    Slot& slot = slots_[SlotOf(name, hash)];
    if (slot.entry != kFree) return {ids_[slot.entry], false};
    slot = {hash, static_cast<uint32_t>(names_.size())};
    names_.push_back(name);
    ids_.push_back(id);
    return {id, true};
  }

  // In the order of their insertion.
  absl::Span<const absl::string_view> names() const { return names_; }
  absl::Span<Id> ids() { return absl::MakeSpan(ids_); }

 private:
  static constexpr uint32_t kFree = 0xFFFFFFFF;

  struct Slot {
    uint32_t hash = 0;
    uint32_t entry = kFree;
  };

  static uint32_t Hash(absl::string_view name) {
    return static_cast<uint32_t>(absl::Hash<absl::string_view>()(name));
  }

  uint32_t EntryOf(absl::string_view name) const {
    return slots_.empty() ? kFree : slots_[SlotOf(name, Hash(name))].entry;
  }

  // Where `name` is, or else the free slot where it would be.
  size_t SlotOf(absl::string_view name, uint32_t hash) const {
    size_t i = hash & (slots_.size() - 1);
    while (slots_[i].entry != kFree &&
           (slots_[i].hash != hash || names_[slots_[i].entry] != name)) {
      i = (i + 1) & (slots_.size() - 1);
    }
    return i;
  }

  void Resize(size_t slots) {
    std::vector<Slot> old(slots);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.entry == kFree) continue;
      size_t i = slot.hash & (slots_.size() - 1);
      while (slots_[i].entry != kFree) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = slot;
    }
  }

  std::vector<Slot> slots_;  // None, or a power of two, at most three quarters of them taken.
  std::vector<absl::string_view> names_;
  std::vector<Id> ids_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_NAME_MAP_H_
