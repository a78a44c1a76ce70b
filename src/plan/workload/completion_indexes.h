// The indexes of an indexed Job: every pod works on one of 0..completions-1, and each has to succeed once.
//
// Which have succeeded is kept in the status as text ("0-3,7"), so that a finished pod may go and its index stays done.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plan/workload/pod_state.h"

namespace canaria::plan::workload {

inline constexpr const char* kCompletionIndex = "batch.kubernetes.io/job-completion-index";

using IndexSet = std::set<std::int32_t>;

// "1,3-5,7" of {1,3,4,5,7}; two neighbors are written with a comma.
std::string index_text(const IndexSet& indexes);
// What is no index below `count` is left out, so is what cannot be read.
IndexSet parse_indexes(std::string_view text, std::int32_t count);

// Pods that work on an index; those that are too many, or on none, are the surplus.
struct IndexedPods {
  std::vector<const PodState*> kept;
  std::vector<const PodState*> surplus;
  IndexSet taken;
};
IndexedPods sort_by_index(const std::vector<const PodState*>& active, const IndexSet& succeeded, std::int32_t count);

// The lowest `wanted` indexes that nobody has succeeded with or works on.
std::vector<std::int32_t> next_indexes(const IndexSet& succeeded, const IndexSet& taken, std::int32_t count, std::int32_t wanted);

// The pod (from the template) that works on this index: it learns of it by its name, labels, annotations and environment.
json::Value with_index(json::Value pod, const std::string& job, std::int32_t index);

}  // namespace canaria::plan::workload
