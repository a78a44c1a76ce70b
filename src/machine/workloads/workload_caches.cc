#include "machine/workloads/workload_caches.h"

namespace canaria::machine {

WorkloadCaches::WorkloadCaches() {
  pods_.objects().on_change([this](const auto& before, const auto& after) {
    const bool is_known = !after || after->is_terminating() || (before && before->metadata.uid != after->metadata.uid);
    if (before && is_known) removed_.erase(before->metadata.uid);
  });
}

}  // namespace canaria::machine
