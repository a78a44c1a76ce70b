// What the header, the list and the tree say about one Rollout: phase, step, weights, roles and images. Pure functions of
// the objects as they were read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/apps/replica_set.h"
#include "api/rollouts/rollout.h"
#include "json/value.h"
#include "plan/rollout/phase.h"

namespace canaria::cli {

// The objects of one namespace that a tree may show; those of other Rollouts are skipped by owner.
struct NamespaceObjects {
  json::Value rollout;
  std::vector<json::Value> replica_sets;
  std::vector<json::Value> pods;
  std::vector<json::Value> experiments;
  std::vector<json::Value> analysis_runs;
};

api::ObjectMeta metadata_of(const json::Value& object);
bool is_owned_by(const api::ObjectMeta& metadata, const std::string& uid);
// Those of the objects that the owner controls.
std::vector<const json::Value*> owned_by(const std::vector<json::Value>& objects, const std::string& uid);

std::string strategy_name(const api::Rollout& rollout);  // "Canary", "BlueGreen" or empty
// "2/4"; empty when there are no steps or the controller has not set the index.
std::string step_text(const api::Rollout& rollout);
// The weight the current step asks for; 0 after an abort.
std::int32_t set_weight(const api::Rollout& rollout);
// The weight the canary really gets. `sets` are the Rollout's own.
std::int32_t actual_weight(const api::Rollout& rollout, const std::vector<api::ReplicaSet>& sets);

// "stable", "canary", "ping" ... in the order they are shown.
std::vector<std::string> roles_of(const api::Rollout& rollout, const std::string& hash);

struct ImageRow {
  std::string image;
  std::vector<std::string> tags;
};
// The images that run now, with the roles they run in, sorted.
std::vector<ImageRow> image_rows(const api::Rollout& rollout, const NamespaceObjects& objects);

// Progressing, ReplicaFailure, ScaledDown or Healthy.
std::string replica_set_status(const api::ReplicaSet& set);

}  // namespace canaria::cli
