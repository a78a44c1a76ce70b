// What the node knows of one pod beyond its object: the facts about its containers. Everything in here is found again
// after a restart of the program: from the runtime, the object's status, and by asking the probes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "machine/container_runtime.h"
#include "machine/probes/probe_rounds.h"
#include "plan/pod/pod_snapshot.h"

namespace canaria::machine {

struct PodMemory {
  std::string uid;
  api::ObjectKey key;
  std::string address;
  std::map<std::string, plan::ContainerFacts> containers;
  std::map<std::string, std::shared_ptr<ProbeSession>> sessions;    // of the latest runs that run
  std::map<std::string, std::vector<std::int32_t>> kept_attempts;   // what the runtime has on disk, oldest first
  plan::VolumeFacts volumes;
  bool is_delete_confirmed = false;
  bool is_settled = false;  // the last plan was empty

  bool is_anything_running() const {
    for (const auto& [name, facts] : containers)
      if (facts.run && facts.run->state == plan::RunState::kRunning) return true;
    return false;
  }
  ContainerId latest(const std::string& container) const {
    const auto found = containers.find(container);
    const bool has_run = found != containers.end() && found->second.run;
    return ContainerId{uid, container, has_run ? found->second.run->attempt : 0};
  }
  // The facts when that attempt is still the latest, else null: news about older ones is no news.
  plan::ContainerFacts* facts_of(const std::string& container, std::int32_t attempt) {
    const auto found = containers.find(container);
    if (found == containers.end() || !found->second.run || found->second.run->attempt != attempt) return nullptr;
    return &found->second;
  }
};

plan::ContainerRun run_from(const ContainerStatus& status);

}  // namespace canaria::machine
