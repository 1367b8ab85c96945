#include "modelexport/evidence/trace/flow_bounds.h"

#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/flow_sides.h"
#include "modelexport/evidence/trace/sure_reads.h"
#include "modelexport/hierarchy/call_tree.h"

namespace modelexport {
namespace {

// The innermost call around all operators that read a tensor, for the tensor of which it is the
// innermost; invalid if none proves anything.
CallSite SiteOfReads(const SourceRun& source, const SureReads& reads, const CallTree& calls,
                     size_t image) {
  CallSite innermost;
  reads.ForEach(image, [&](TensorId tensor) {
    CallSite around;
    for (const uint32_t op : reads.OpsOf(tensor)) {
      const CallSite site{source.call(op).module, source.hierarchy().ops()[op].call};
      around = around.valid() ? calls.Around(around, site) : site;
    }
    if (!around.valid()) return;
    if (!innermost.valid() || calls.IsWithin(around, innermost)) innermost = around;
  });
  return innermost;
}

}  // namespace

void BoundByFlow(const SourceRun& source, const Image& image, const TensorIdentity& tensors,
                 std::vector<Anchor>* anchors, const std::atomic<bool>* cancelled) {
  const CallTree calls(source.hierarchy());
  const SureReads reads(source, image, tensors);
  std::vector<CallSite> known(anchors->size());
  for (size_t n = 0; n < known.size(); ++n) {
    const Anchor& anchor = (*anchors)[n];
    if (anchor.module.valid()) known[n] = calls.PlaceOf(anchor.module, anchor.call);
  }
  for (size_t i = 0; i < image.size(); ++i) {
    if (EndsEarly(cancelled, i)) return;
    CallSite& site = known[image.node(i).index()];
    if (!site.valid()) site = SiteOfReads(source, reads, calls, i);
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
