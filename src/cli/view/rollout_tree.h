// `get rollout`: the header block and the tree of a Rollout with its revisions, ReplicaSets, Pods, Experiments,
// AnalysisRuns and Jobs, as text.
#pragma once

#include <string>

#include "base/time.h"
#include "cli/view/paint.h"
#include "cli/view/rollout_rows.h"

namespace canaria::cli {

// "4m10s": how long ago that was; "<unknown>" without a time.
std::string age_text(std::optional<Time> since, Time now);

std::string rollout_text(const NamespaceObjects& objects, Time now, ColorMode colors);

}  // namespace canaria::cli
