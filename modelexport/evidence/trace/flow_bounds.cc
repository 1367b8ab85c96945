#include "modelexport/evidence/trace/flow_bounds.h"

#include "absl/container/flat_hash_map.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/flow_sides.h"
#include "modelexport/hierarchy/call_tree.h"

namespace modelexport {
namespace {

constexpr size_t kMaxReaders = 64;  // More are not looked at: they prove little.

// The call sites of images, as far as the tensors that they read prove them.
class TensorSites {
 public:
  TensorSites(const SourceRun& source, const Image& image, const TensorIdentity& tensors,
              const CallTree& calls)
      : source_(source), image_(image), tensors_(tensors), calls_(calls) {
    for (size_t i = 0; i < image.size(); ++i) {
      ForEachTensor(i, [this](TensorId tensor) { ++num_images_[tensor]; });
    }
  }

  // The innermost of those of all tensors; invalid if there is none.
  CallSite Of(size_t image) {
    CallSite innermost;
    ForEachTensor(image, [&](TensorId tensor) {
      const CallSite site = AroundReaders(tensor);
      if (!site.valid()) return;
      if (!innermost.valid() || calls_.IsWithin(site, innermost)) innermost = site;
    });
    return innermost;
  }

 private:
  template <typename Visit>
  void ForEachTensor(size_t image, Visit visit) const {
    for (const ValueId input : image_.graph().inputs(image_.node(image))) {
      if (!input.valid()) continue;
      const TensorId tensor = tensors_.of(input).only();
      if (tensor.valid()) visit(tensor);
    }
  }

  CallSite AroundReaders(TensorId tensor) const {
    const absl::Span<const uint32_t> readers = source_.readers(tensor);
    CallSite around;
    if (readers.size() > kMaxReaders || num_images_.at(tensor) > readers.size()) return around;
    for (const uint32_t op : readers) {
      const CallSite site{source_.call(op).module, source_.hierarchy().ops()[op].call};
      around = around.valid() ? calls_.Around(around, site) : site;
    }
    return around;
  }

  const SourceRun& source_;
  const Image& image_;
  const TensorIdentity& tensors_;
  const CallTree& calls_;
  absl::flat_hash_map<TensorId, size_t> num_images_;  // That read it.
};

}  // namespace

void BoundByFlow(const SourceRun& source, const Image& image, const TensorIdentity& tensors,
                 std::vector<Anchor>* anchors, const std::atomic<bool>* cancelled) {
  const CallTree calls(source.hierarchy());
  TensorSites sites(source, image, tensors, calls);
  std::vector<CallSite> known(anchors->size());
  for (size_t n = 0; n < known.size(); ++n) {
    const Anchor& anchor = (*anchors)[n];
    if (anchor.module.valid()) known[n] = calls.PlaceOf(anchor.module, anchor.call);
  }
  for (size_t i = 0; i < image.size(); ++i) {
    if (EndsEarly(cancelled, i)) return;
    CallSite& site = known[image.node(i).index()];
    if (!site.valid()) site = sites.Of(i);
  }
  const FlowSides sides(image.graph(), calls, known, cancelled);
  for (size_t i = 0; i < image.size(); ++i) {
    if (EndsEarly(cancelled, i)) return;
    Anchor& anchor = (*anchors)[image.node(i).index()];
    if (anchor.module.valid()) continue;
    const CallSite bound = sides.Between(image.node(i));
    if (bound.valid() && bound.module != Hierarchy::root()) anchor.within = bound.module;
  }
}

}  // namespace modelexport
