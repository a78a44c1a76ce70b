// PodLogs over the log files of a ContainerRuntime: which run of which container is meant, and its text as it grows.
//
// A client that follows a log costs a look at its file ten times a second; nobody else costs anything.
#pragma once

#include "machine/pods/node_agent.h"
#include "ports/pod_logs.h"

namespace canaria::machine {

class RuntimePodLogs final : public PodLogs {
 public:
  // Both must outlive this object.
  RuntimePodLogs(const NodeAgent& node, const ContainerRuntime& runtime) : node_(node), runtime_(runtime) {}

  Task<Status> read(LogQuery query, LogSink sink) override;

 private:
  Result<ContainerId> find_run(const LogQuery& query) const;
  bool is_running(const ContainerId& id) const;

  const NodeAgent& node_;
  const ContainerRuntime& runtime_;
};

}  // namespace canaria::machine
