// Which ReplicaSet plays which part in a Rollout.
#pragma once

#include <vector>

#include "api/apps/replica_set.h"

namespace canaria::plan {

struct Roles {
  const api::ReplicaSet* new_set = nullptr;         // matches the current pod template; null before it is created
  const api::ReplicaSet* stable = nullptr;          // hash == status.stableRS; may be the same object as new_set; may be null
  std::vector<const api::ReplicaSet*> others;       // neither new nor stable, by name
};

// A size for the new and for the stable ReplicaSet.
struct Sizes {
  std::int32_t canary = 0;
  std::int32_t stable = 0;
  bool operator==(const Sizes&) const = default;
};

}  // namespace canaria::plan
