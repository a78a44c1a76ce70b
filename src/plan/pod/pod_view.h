// Facts derived from the snapshot of a pod that several stages ask for: its containers in order with their role, whether
// they count as started and ready, and what ends the pod.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/pod/pod_snapshot.h"

namespace canaria::plan {

enum class ContainerRole {
  kInit,
  kSidecar,  // an init container with restartPolicy Always
  kMain,
};

// Why a container that should run does not, as the status shows it.
struct ContainerTrouble {
  std::string reason;   // "CreateContainerConfigError"
  std::string message;
};

struct ContainerView {
  const api::Container* spec = nullptr;
  ContainerRole role = ContainerRole::kMain;
  ContainerFacts facts;
  std::optional<ContainerTrouble> trouble;  // set while planning

  bool is_running() const { return facts.run && facts.run->state == RunState::kRunning; }
  bool has_ended() const { return facts.run && facts.run->state != RunState::kRunning; }
  bool has_succeeded() const { return facts.run && facts.run->state == RunState::kExited && facts.run->exit_code == 0; }
  // Runs, its postStart hook is through and its startup probe has passed.
  bool is_started() const;
  bool is_ready() const;
};

class PodView {
 public:
  explicit PodView(const PodSnapshot& snapshot);

  const PodSnapshot& snapshot() const { return snapshot_; }
  const api::RunningPod& pod() const { return *snapshot_.pod; }
  Time now() const { return snapshot_.now; }
  std::vector<ContainerView>& containers() { return containers_; }
  const std::vector<ContainerView>& containers() const { return containers_; }

  bool is_being_deleted() const { return pod().metadata.deletionTimestamp.has_value(); }
  // activeDeadlineSeconds is over, now or as the status remembers.
  bool is_past_deadline() const;
  std::optional<Time> active_deadline() const;
  // Nothing is started any more, what runs is stopped.
  bool is_ending() const { return is_being_deleted() || snapshot_.stop_all_by || pod().is_finished() || is_past_deadline(); }
  bool is_anything_running() const;
  // An init container has failed for good.
  bool has_failed_init() const;
  // Every init container is through; stays so once the main containers have begun.
  bool is_initialized() const;
  // Whether an ended container is to run again, by the restart policies alone.
  bool wants_restart(const ContainerView& container) const;
  // When an ended container may run again. At once after its first run and after a long one.
  Time restart_at(const ContainerView& container) const;
  // The delay that led to restart_at(); zero when there is none.
  Millis back_off(const ContainerView& container) const;
  // How many restarts in a row the next one follows.
  std::int32_t restarts_in_a_row(const ContainerView& container) const;
  // All main containers have ended and none is to run again.
  bool are_mains_done() const;
  // Without them nothing starts. Set while planning.
  bool has_volumes() const { return has_volumes_; }
  void hold_starts_back() { has_volumes_ = false; }

 private:
  void add(const api::Container& spec, ContainerRole role);

  const PodSnapshot& snapshot_;
  std::vector<ContainerView> containers_;
  bool has_volumes_ = true;
};

}  // namespace canaria::plan
