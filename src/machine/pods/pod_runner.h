// Carries out the plan of a pod: starts, stops and watches its containers, runs hooks and probes, writes the status.
//
// What happens to a container later (it ends, a probe changes its mind) is put into the pod's memory, and on_news asks for
// the next plan. Decides nothing itself.
#pragma once

#include <functional>
#include <memory>

#include "async/scope.h"
#include "machine/pods/pod_memory.h"
#include "plan/pod/pod_plan.h"
#include "ports/clock.h"
#include "ports/event_recorder.h"
#include "ports/object_cache.h"
#include "ports/object_client.h"

namespace canaria::machine {

using MemoryPointer = std::shared_ptr<PodMemory>;
using PodPointer = std::shared_ptr<const api::RunningPod>;

class PodRunner {
 public:
  struct Doors {
    ObjectClient& client;
    const Clock& clock;
    EventRecorder& events;
    ContainerRuntime& runtime;
    HttpClient& http;  // for probes and hooks
    std::string volumes_folder = {};  // where the pods' volumes are kept
  };
  // on_news(uid): something about the pod has changed. on_written: what the server answered to a write.
  PodRunner(async::Loop& loop, Doors doors, std::function<void(const std::string&)> on_news,
            std::function<void(const json::Value&)> on_written);

  // In order; the first failure stops.
  Task<Status> apply(MemoryPointer memory, PodPointer pod, plan::PodPlan plan);
  // Watches and probes a run that was found running. Without a pod it is only waited for.
  void adopt(const MemoryPointer& memory, const PodPointer& pod, const std::string& container);
  // Kills what runs of a pod that no longer exists, or forgets it all; returns whether nothing is left.
  bool purge(const MemoryPointer& memory);
  // Ends all watching; containers are left alone.
  Task<void> stop();

 private:
  Task<Status> apply_one(MemoryPointer memory, PodPointer pod, plan::PodAction action);
  Task<void> start_container(MemoryPointer memory, PodPointer pod, plan::StartContainer action);
  Task<Status> write_status(PodPointer pod, json::Value patch);
  Task<Status> delete_pod(MemoryPointer memory, PodPointer pod);
  void write_pod_volume(PodMemory& memory, plan::WriteVolume action);
  std::string volumes_of(const PodMemory& memory) const { return doors_.volumes_folder + "/" + memory.uid; }
  void note_start_failure(PodMemory& memory, const std::string& container, std::string message);
  void send_signal(PodMemory& memory, const plan::SignalContainer& action);
  void begin_hook(const MemoryPointer& memory, const PodPointer& pod, const plan::RunHook& action);
  Task<void> finish_hook(MemoryPointer memory, PodPointer pod, plan::RunHook action);
  void note_start(PodMemory& memory, const ContainerStatus& status, const plan::StartContainer& action);
  void watch_run(const MemoryPointer& memory, const PodPointer& pod, const api::Container* container, const std::string& name);
  Task<void> wait_for_end(MemoryPointer memory, ContainerId id);
  void note_end(PodMemory& memory, const ContainerStatus& status);
  void begin_probe(const MemoryPointer& memory, const PodPointer& pod, const api::Container& container, ProbeKind kind,
                   const std::optional<api::Probe>& probe, ProbeVerdict known);
  void note_verdict(PodMemory& memory, const ContainerId& id, ProbeKind kind, ProbeVerdict verdict,
                    std::optional<std::int64_t> grace);
  // container: that it is about; empty: the pod.
  void record(const api::RunningPod& pod, api::EventType type, std::string reason, std::string message,
              const std::string& container = "");

  Doors doors_;
  Prober prober_;
  std::function<void(const std::string&)> on_news_;
  std::function<void(const json::Value&)> on_written_;
  async::Scope scope_;
};

}  // namespace canaria::machine
