// Why a Pod is not ready, in one word and one sentence, as far as its object tells.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "json/value.h"

namespace canaria::plan {

struct PodTrouble {
  std::string pod;
  std::string hash;             // of the ReplicaSet it belongs to
  std::string reason;           // "ImagePullBackOff", "CrashLoopBackOff", "Unschedulable", "NotReady", "Starting" ...
  std::string message;          // what Kubernetes says about it; may be empty
  std::optional<Time> since;
};

// Empty when the Pod is ready, finished or being deleted.
std::optional<PodTrouble> pod_trouble(const json::Value& pod);

}  // namespace canaria::plan
