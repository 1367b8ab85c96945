// tag MODEL HIERARCHY OUTPUT: the whole of modelexport in one call.
#include <iostream>

#include "modelexport/modelexport.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: tag MODEL HIERARCHY OUTPUT\n";
    return 2;
  }
  modelexport::TagRequest request;
  request.model = argv[1];
  request.hierarchy = argv[2];
  request.output = argv[3];
  request.min_coverage = 0.9;
  const absl::StatusOr<modelexport::TagResult> result = modelexport::Tag(request);
  if (!result.ok()) {
    const bool judged = modelexport::FaultOf(result.status()) == modelexport::Fault::kJudged;
    std::cerr << (judged ? "not good enough: " : "failed: ") << result.status().message() << "\n";
    return 1;
  }
  const modelexport::Report& report = result->report;
  std::cout << report.tagged << " of " << report.nodes << " nodes tagged\n";
}
