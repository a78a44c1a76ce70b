// pods/log: what a container has written, as plain text, as it comes.
#pragma once

#include "apiserver/api_request.h"
#include "ports/clock.h"
#include "ports/pod_logs.h"
#include "store/object_store.h"

namespace canaria::apiserver {

class PodLogRequests {
 public:
  // `logs` may be null: then no Pod has a log.
  PodLogRequests(store::ObjectStore& store, PodLogs* logs, const Clock& clock) : store_(store), logs_(logs), clock_(clock) {}

  net::ServerResponse begin(RequestPointer request);

 private:
  Task<void> run(RequestPointer request, LogQuery query, net::ResponseStream* out);

  store::ObjectStore& store_;
  PodLogs* logs_;
  const Clock& clock_;
};

// The query of a log request. Fails with kBadRequest and kInvalid.
Result<LogQuery> log_query(const ApiRequest& request, Time now);

}  // namespace canaria::apiserver
