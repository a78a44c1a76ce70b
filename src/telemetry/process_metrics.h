// The standard process_* metrics, read from /proc when somebody asks.
#pragma once

#include "telemetry/metrics.h"

namespace canaria::telemetry {

// CPU seconds, memory, descriptors and start time. Also go_memstats_heap_alloc_bytes with the size of our heap, because
// published dashboards plot it.
void add_process_metrics(Registry& registry);

}  // namespace canaria::telemetry
