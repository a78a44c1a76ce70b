// What `plan` and `explain` read from the cluster about one Rollout.
#pragma once

#include <optional>
#include <vector>

#include "cli/requests.h"
#include "plan/rollout/snapshot.h"

namespace canaria::cli {

// The ReplicaSets that the Rollout with this uid controls, or that nobody does.
Task<Result<std::vector<api::ReplicaSet>>> read_sets(Connection connection, std::string rollout_uid);

// The object behind workloadRef; empty without one, with an error text when it cannot be read.
Task<Result<std::optional<plan::Workload>>> read_workload(Connection connection, api::Rollout rollout);

// The Services the Rollout names; missing ones are left out.
Task<Result<std::vector<api::Service>>> read_services(Connection connection, api::Rollout rollout);

}  // namespace canaria::cli
