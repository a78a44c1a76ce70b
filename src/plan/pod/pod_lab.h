// For tests only: a pod on paper. Plans are applied to the facts the way a node applies them, until nothing is left to do;
// what happened is a text.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "json/codec.h"
#include "json/patch.h"
#include "json/write.h"
#include "plan/pod/pod_plan.h"

namespace canaria::plan {

class PodLab {
 public:
  // The spec as JSON, without node name.
  explicit PodLab(const std::string& spec) {
    snapshot.now = *parse_time("2026-08-01T12:00:00Z");
    snapshot.pod_address = "127.77.0.1";
    snapshot.host_address = "127.0.0.1";
    snapshot.lookup.config_map = [this](const std::string& name) { return find(config_maps, name); };
    snapshot.lookup.secret = [this](const std::string& name) { return find(secrets, name); };
    snapshot.lookup.binary_config_map = [this](const std::string& name) { return find(binary_config_maps, name); };
    snapshot.lookup.services = [this] { return services; };
    object_ =
        json::parse(R"({"metadata":{"name":"web","namespace":"shop","uid":"u1","labels":{"app":"web"}},"spec":{}})").value();
    auto parsed = json::parse(spec);
    EXPECT_TRUE(parsed) << parsed.error().message;
    if (parsed) object_.get_object()["spec"] = *parsed;
    read();
  }

  // Applies plans until one is empty and says what was done; the plan after that is checked to be empty again.
  std::string settle() {
    std::string text;
    for (int round = 0; round < 20; ++round) {
      last_plan = plan_pod(snapshot);
      if (last_plan.actions.empty()) return text;
      for (const PodAction& action : last_plan.actions) {
        text += (text.empty() ? "" : "; ") + describe_pod_action(action);
        apply(action);
      }
      if (is_deleted) return text;
    }
    ADD_FAILURE() << "no fixpoint: " << text;
    return text;
  }
  void pass(Millis time) { snapshot.now += time; }
  // Time passes until the plan wants to look again.
  Millis wake() {
    if (!last_plan.wake_at) return Millis(-1);
    const Millis waited = *last_plan.wake_at - snapshot.now;
    snapshot.now = *last_plan.wake_at;
    return waited;
  }
  ContainerFacts& facts(const std::string& name = "main") { return snapshot.containers[name]; }
  void exit(int code, const std::string& name = "main") {
    ContainerRun& run = *facts(name).run;
    run.state = RunState::kExited;
    run.exit_code = code;
    run.finished_at = snapshot.now;
  }
  void remove(int grace_seconds) {
    json::Object& metadata = object_.at("metadata").get_object();
    metadata["deletionTimestamp"] = format_time(snapshot.now + Seconds(grace_seconds));
    metadata["deletionGracePeriodSeconds"] = grace_seconds;
    read();
  }
  void set_condition(const std::string& type, const std::string& status) {
    json::Object condition;
    condition["type"] = type;
    condition["status"] = status;
    object_.at("status").at("conditions").get_array().push_back(std::move(condition));
    read();
  }
  const api::RunningPodStatus& status() const { return snapshot.pod->status; }
  std::string condition(const std::string& type) const {
    for (const auto& entry : status().conditions)
      if (entry.type == type) return entry.status + (entry.reason.empty() ? "" : " " + entry.reason + ": " + entry.message);
    return "";
  }
  // "waiting CrashLoopBackOff: ...", "running", "terminated 0 Completed".
  std::string state(const std::string& name = "main") const {
    for (const auto* entries : {&status().containerStatuses, &status().initContainerStatuses})
      for (const auto& entry : *entries)
        if (entry.name == name) return text_of(entry.state);
    return "";
  }
  static std::string text_of(const api::ContainerStateChoice& state) {
    if (state.running) return "running";
    if (state.waiting)
      return "waiting " + state.waiting->reason + (state.waiting->message.empty() ? "" : ": " + state.waiting->message);
    if (state.terminated) return "terminated " + std::to_string(*state.terminated->exitCode) + " " + state.terminated->reason;
    return "";
  }

  PodSnapshot snapshot;
  PodPlan last_plan;
  ContainerLaunch last_launch;
  std::map<std::string, api::StringMap> config_maps, secrets, binary_config_maps;
  std::map<std::string, VolumeContent> written;
  std::vector<ServiceFacts> services;
  bool is_deleted = false;

 private:
  static const api::StringMap* find(const std::map<std::string, api::StringMap>& all, const std::string& name) {
    const auto found = all.find(name);
    return found == all.end() ? nullptr : &found->second;
  }
  void read() { snapshot.pod = std::make_shared<const api::RunningPod>(api::parse_running_pod(object_)); }
  void apply(const PodAction& action) {
    if (const auto* start = std::get_if<StartContainer>(&action)) {
      ContainerFacts fresh;
      fresh.run_before = facts(start->launch.name).run;
      fresh.restarts_in_a_row = start->restarts_in_a_row;
      fresh.run.emplace();
      fresh.run->attempt = start->launch.attempt;
      fresh.run->runtime_id = "process://" + std::to_string(++processes_);
      fresh.run->started_at = snapshot.now;
      facts(start->launch.name) = fresh;
      last_launch = start->launch;
    } else if (const auto* stop = std::get_if<BeginStop>(&action)) {
      facts(stop->container).stopping = stop->stopping;
    } else if (const auto* hook = std::get_if<RunHook>(&action)) {
      (hook->kind == RunHook::Kind::kPreStop ? facts(hook->container).pre_stop : facts(hook->container).post_start) =
          HookState::kRunning;
    } else if (const auto* signal = std::get_if<SignalContainer>(&action)) {
      Stopping& stopping = *facts(signal->container).stopping;
      (signal->strength == SignalContainer::Strength::kKill ? stopping.kill_sent_at : stopping.term_sent_at) = snapshot.now;
    } else if (const auto* write = std::get_if<WritePodStatus>(&action)) {
      object_ = json::merge_patch(std::move(object_), write->patch);
      read();
    } else if (const auto* volume = std::get_if<WriteVolume>(&action)) {
      snapshot.volumes.written[volume->content.name] = volume->fingerprint;
      written[volume->content.name] = volume->content;
    } else if (const auto* trouble = std::get_if<TellVolumeTrouble>(&action)) {
      snapshot.volumes.told_trouble = trouble->message;
    } else if (std::get_if<DeletePod>(&action)) {
      is_deleted = true;
    }
  }

  json::Value object_;
  int processes_ = 0;
};

}  // namespace canaria::plan
