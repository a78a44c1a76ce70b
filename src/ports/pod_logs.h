// The door to what containers have written: the API server serves it, whoever runs the pods has it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "api/meta/resource.h"
#include "async/task.h"
#include "base/result.h"
#include "base/time.h"

namespace canaria {

struct LogQuery {
  LogQuery() = default;  // not an aggregate: g++ 12 mishandles those in co_await expressions
  api::ObjectKey pod;
  std::string container;  // empty: the only one
  bool previous = false;  // of the run before the current one
  bool follow = false;
  bool timestamps = false;
  std::optional<std::int64_t> tail_lines;
  std::optional<Time> since;
  std::optional<std::int64_t> limit_bytes;
};

// Takes the text piece by piece; an error means that nobody listens any more.
using LogSink = std::function<Task<Status>(std::string)>;

class PodLogs {
 public:
  virtual ~PodLogs() = default;
  // Returns at the end of the log, with follow when the container has ended or the sink fails; cancelling ends it at once.
  // Before anything is given to the sink it fails with kBadRequest or kNotFound in the words of the Kubernetes API
  // ("container \"x\" in pod \"y\" is waiting to start: ContainerCreating").
  virtual Task<Status> read(LogQuery query, LogSink sink) = 0;
};

}  // namespace canaria
