// The node of the one-machine mode: runs the pods that are bound to it, through a ContainerRuntime.
//
//   caches -> snapshot (object, memory of the pod, time) -> plan_pod() -> PodRunner -> memory, status -> ...
//
// At start it takes over what the runtime has: containers of pods that still exist go on, all others are killed. Nothing
// polls but probes; an idle node costs nothing. Lives on the loop and must outlive its watches.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "async/event.h"
#include "async/loop.h"
#include "async/work_queue.h"
#include "machine/addresses.h"
#include "machine/pods/node_caches.h"
#include "machine/pods/node_object.h"
#include "machine/pods/pod_runner.h"

namespace canaria::machine {

enum class StopPods {
  kNo,   // containers go on; the next start takes them over
  kYes,  // all at once, with their grace periods
};

class NodeAgent {
 public:
  struct Options {
    std::string name;  // of the Node; empty: the host name
    AddressBlock addresses{77};
    std::string host_address = "127.0.0.1";
    plan::PodTiming timing;
    std::size_t workers = 16;
    Seconds stop_limit{30};  // the longest grace period when the program ends
  };
  using Doors = PodRunner::Doors;

  NodeAgent(async::Loop& loop, Doors doors, StartWatch start_watch, Options options);

  // Starts the watches, waits for the first lists, takes over, registers the Node, begins. Fails when the runtime cannot
  // say what it has; a Node that cannot be written is only logged.
  Task<Status> start();
  // Call once; also after a failed start().
  Task<void> stop(StopPods choice);

  const std::string& name() const { return options_.name; }
  const NodeCaches& caches() const { return caches_; }
  // The pod's memory, or null: for reading logs.
  std::shared_ptr<const PodMemory> memory_of(const std::string& uid) const;
  std::size_t passes() const { return passes_; }

 private:
  Task<Result<std::optional<Time>>> reconcile(std::string uid);
  Task<Status> take_over();
  void take_over_pod(const std::string& uid, std::vector<ContainerStatus> runs);
  MemoryPointer remember(const api::RunningPod& pod);
  void recall_runs(PodMemory& memory, const api::RunningPod& pod);
  void forget(const MemoryPointer& memory);
  Status give_address(PodMemory& memory, const api::RunningPod& pod);
  plan::PodSnapshot snapshot_of(const PodMemory& memory, const PodPointer& pod) const;
  PodPointer pod_of(const std::string& uid) const;
  void pod_changed(const PodPointer& before, const PodPointer& after);
  void config_changed(const std::string& namespace_);
  Task<void> wait_until_settled();

  Doors doors_;
  Options options_;
  StartWatch start_watch_;
  NodeCaches caches_;
  NodeCapacity capacity_;
  PodRunner runner_;
  std::map<std::string, MemoryPointer> memories_;        // by uid
  std::map<std::string, api::ObjectKey> keys_;           // of the pods bound to this node, by uid
  std::map<std::string, std::string> address_owners_;    // uid by address
  std::string last_address_;
  std::optional<Time> stop_begun_;
  async::Event synced_;
  async::Event settled_;
  async::WorkQueue<std::string> queue_;
  bool is_begun_ = false;
  bool is_storing_own_ = false;
  std::size_t passes_ = 0;
};

}  // namespace canaria::machine
