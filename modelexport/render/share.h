// Shares of a whole as people are shown them.
#ifndef MODELEXPORT_RENDER_SHARE_H_
#define MODELEXPORT_RENDER_SHARE_H_

#include <string>

namespace modelexport {

// "80.0 %" of 0.8; never "100.0 %" of less than 1.
std::string ShownShare(double share);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_SHARE_H_
