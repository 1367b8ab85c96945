// Sets of presets, as modelexport.presets and modelexport.foreign list them.
#ifndef MODELEXPORT_TAGS_PRESET_SET_H_
#define MODELEXPORT_TAGS_PRESET_SET_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "modelexport/tags/preset.h"

namespace modelexport {

// A value, a few bytes small.
class PresetSet {
 public:
  PresetSet() = default;
  // One preset alone, out of Presets().
  explicit PresetSet(const Preset& preset) : bits_(BitOf(preset)) {}

  // The presets that a list such as "modelexport,winml" names; names that this version does not
  // know are left out.
  static PresetSet Parse(absl::string_view list);
  // The default preset alone.
  static PresetSet Default() { return PresetSet(Presets()[0]); }

  bool empty() const { return bits_ == 0; }
  bool contains(const Preset& preset) const { return (bits_ & BitOf(preset)) != 0; }

  // Whether it has presets other than the default one, whose keys other programs may write too.
  bool borrows() const { return !borrowed().empty(); }
  PresetSet borrowed() const { return *this - Default(); }

  // Whether one of the presets owns this key of nodes.
  bool OwnsKey(absl::string_view key) const {
    const Preset* const owner = bits_ == 0 ? nullptr : FindPresetOfKey(key);
    return owner != nullptr && contains(*owner);
  }

  // Names in the order of Presets(), separated by commas.
  std::string ToString() const;

  // Distinct for distinct sets.
  uint32_t bits() const { return bits_; }

  friend PresetSet operator|(PresetSet a, PresetSet b) { return PresetSet(a.bits_ | b.bits_); }
  friend PresetSet operator&(PresetSet a, PresetSet b) { return PresetSet(a.bits_ & b.bits_); }
  friend PresetSet operator-(PresetSet a, PresetSet b) { return PresetSet(a.bits_ & ~b.bits_); }
  friend bool operator==(PresetSet a, PresetSet b) { return a.bits_ == b.bits_; }
  friend bool operator!=(PresetSet a, PresetSet b) { return a.bits_ != b.bits_; }

 private:
  explicit PresetSet(uint32_t bits) : bits_(bits) {}
  static uint32_t BitOf(const Preset& preset) { return 1u << (&preset - Presets().data()); }

  uint32_t bits_ = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_TAGS_PRESET_SET_H_
