#include "modelexport/evidence/tensors/common_readers.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"

namespace modelexport {
namespace {

bool Before(const TensorReader& a, const TensorReader& b) {
  return std::tie(a.module, a.call) < std::tie(b.module, b.call);
}

}  // namespace

CommonReaders::ListId CommonReaders::ListOf(absl::Span<const TensorId> tensors) {
  std::vector<TensorId> key(tensors.begin(), tensors.end());
  const auto known = list_of_.try_emplace(std::move(key), static_cast<ListId>(lists_.size()));
  if (known.second) lists_.push_back(MakeList(tensors));
  return known.first->second;
}

CommonReaders::List CommonReaders::MakeList(absl::Span<const TensorId> tensors) const {
  List list;
  absl::flat_hash_set<const TensorReader*> spans;  // That tensors of one module share.
  absl::flat_hash_set<std::pair<ModuleId, CallId>> seen;
  for (const TensorId tensor : tensors) {
    const absl::Span<const TensorReader> readers = readers_.of(tensor);
    if (!spans.insert(readers.data()).second) continue;
    for (const TensorReader& reader : readers) {
      if (seen.emplace(reader.module, reader.call).second) list.in_order.push_back(reader);
    }
  }
  Sort(&list);
  list.around = AroundReaders(list);
  return list;
}

void CommonReaders::Sort(List* list) const {
  const std::vector<TensorReader>& all = list->in_order;
  list->sorted.resize(all.size());
  std::iota(list->sorted.begin(), list->sorted.end(), 0);
  std::sort(list->sorted.begin(), list->sorted.end(),
            [&all](uint32_t a, uint32_t b) { return Before(all[a], all[b]); });
}

// Goes up once for each module.
ModuleId CommonReaders::AroundReaders(const List& list) const {
  const std::vector<TensorReader>& all = list.in_order;
  ModuleId last = all[list.sorted[0]].module;
  ModuleId around = StandsFor(last);
  for (const uint32_t at : list.sorted) {
    if (all[at].module == last || around == Hierarchy::root()) continue;
    last = all[at].module;
    around = hierarchy_.CommonAncestor(around, StandsFor(last));
  }
  return around;
}

CommonReaders::ListId CommonReaders::ListOfAll(const std::vector<ListId>& lists) {
  if (lists.size() == 1) return lists[0];
  const auto known = list_of_all_.try_emplace(lists, static_cast<ListId>(lists_.size()));
  if (!known.second) return known.first->second;
  List all;
  all.in_order = ReadersInAll(lists);
  Sort(&all);
  all.around = AroundAll(lists);
  lists_.push_back(std::move(all));
  return known.first->second;
}

int64_t CommonReaders::PositionIn(const List& list, const TensorReader& reader) {
  const auto found = std::lower_bound(
      list.sorted.begin(), list.sorted.end(), reader,
      [&list](uint32_t at, const TensorReader& r) { return Before(list.in_order[at], r); });
  if (found == list.sorted.end() || Before(reader, list.in_order[*found])) return -1;
  return *found;
}

bool CommonReaders::Has(const List& list, const TensorReader& reader) const {
  return PositionIn(list, reader) >= 0;
}

bool CommonReaders::HasModule(const List& list, ModuleId module) const {
  const auto found =
      std::lower_bound(list.sorted.begin(), list.sorted.end(), module,
                       [&list](uint32_t at, ModuleId m) { return list.in_order[at].module < m; });
  return found != list.sorted.end() && list.in_order[*found].module == module;
}

const CommonReaders::Common& CommonReaders::InAll(const std::vector<ListId>& lists) {
  const auto known = common_of_.try_emplace(lists, commons_.size());
  if (known.second) commons_.push_back(Intersect(lists));
  const Common& common = commons_[known.first->second];
  num_too_many_ += common.too_many;
  return common;
}

const CommonReaders::List& CommonReaders::Shortest(const std::vector<ListId>& lists) const {
  const auto is_shorter = [this](ListId a, ListId b) {
    return list(a).in_order.size() < list(b).in_order.size();
  };
  return list(*std::min_element(lists.begin(), lists.end(), is_shorter));
}

std::vector<TensorReader> CommonReaders::ReadersInAll(const std::vector<ListId>& lists) const {
  std::vector<std::pair<int64_t, TensorReader>> found;  // With the position in the first list.
  for (const TensorReader& reader : Shortest(lists).in_order) {
    const bool in_all =
        std::all_of(lists.begin(), lists.end(), [&](ListId id) { return Has(list(id), reader); });
    if (in_all) found.emplace_back(PositionIn(list(lists[0]), reader), reader);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<TensorReader> readers;
  for (const auto& at : found) readers.push_back(at.second);
  return readers;
}

ModuleId CommonReaders::AroundAll(const std::vector<ListId>& lists) const {
  ModuleId around = list(lists[0]).around;
  for (const ListId id : lists) around = hierarchy_.CommonAncestor(around, list(id).around);
  return around;
}

CommonReaders::Common CommonReaders::Intersect(const std::vector<ListId>& lists) const {
  Common common;
  common.readers = ReadersInAll(lists);
  if (common.readers.empty()) common.around = AroundAll(lists);
  if (common.readers.size() > max_calls_) ForgetCalls(&common);
  return common;
}

void CommonReaders::ForgetCalls(Common* common) const {
  std::vector<TensorReader> modules;
  absl::flat_hash_set<ModuleId> seen;
  ModuleId around = StandsFor(common->readers[0].module);
  for (const TensorReader& reader : common->readers) {
    if (!seen.insert(reader.module).second) continue;
    modules.push_back({reader.module, CallId()});
    around = hierarchy_.CommonAncestor(around, StandsFor(reader.module));
  }
  common->too_many = modules.size() > kMaxModules;
  common->around = around;
  if (common->too_many) modules.clear();
  common->readers = std::move(modules);
}

}  // namespace modelexport
