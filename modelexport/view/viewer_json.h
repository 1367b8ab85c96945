// ViewData as the files that other viewers take.
#ifndef MODELEXPORT_VIEW_VIEWER_JSON_H_
#define MODELEXPORT_VIEW_VIEWER_JSON_H_

#include <string>

#include "modelexport/view/view_data.h"

namespace modelexport {

// A graph collection of Model Explorer (its input_graph.ts): each graph, body and function is a
// graph, in which modules are layers with their figures as attributes. Layers are named as the page
// names boxes: containers that are never called are part of the names of those in them. A node's id
// is its name, by which node data find it, or its place if the graph has that name twice or it is
// empty. Inputs and outputs of graphs are nodes "[value] NAME".
std::string ToModelExplorer(const ViewData& data);

// Node data of Model Explorer for what ToModelExplorer() gives: a figure of each node of which it
// is known, which the viewer also adds up by layer.
std::string ToNodeData(const ViewData& data, const ViewData::Metric& metric);

// An attachment of Netron (a file that is dropped onto a model that it shows): module, class, call
// and evidence of each node as metadata, metrics as metrics. It names nodes, so those whose name is
// empty or that of another node too are left out.
std::string ToNetron(const ViewData& data);

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_VIEWER_JSON_H_
