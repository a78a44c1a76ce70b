// podAntiAffinity: which other pods a pod does not want to share a node, a zone or whatever else a label of nodes says with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/value.h"
#include "lang/selector.h"

namespace canaria::plan::workload {

struct PodState;

struct PodAvoidance {
  lang::Requirements others;
  std::vector<std::string> namespaces;  // of the others; empty: every one
  std::string topology_key;             // the label of nodes that must differ
  std::int64_t weight = 0;              // how much it matters; 0: it is required
};

// Of a Pod object. A selector of namespaces counts as every namespace when it is empty and is otherwise left out of account.
std::vector<PodAvoidance> parse_avoidances(const json::Value& pod);

bool avoids(const PodAvoidance& avoidance, const PodState& other);

}  // namespace canaria::plan::workload
