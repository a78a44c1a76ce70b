// The metrics about Rollouts and the controller, with the names and labels that existing dashboards and alerts use.
//
// What describes an object is computed from the cache when somebody asks; what counts is kept per object and removed a while
// after the object is gone, so that the last scrape before that still sees it. Lives on the loop.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "api/core/event_type.h"
#include "api/meta/resource.h"
#include "async/work_queue.h"
#include "controllers/cached_objects.h"
#include "controllers/rollout_reconciler.h"
#include "ports/clock.h"
#include "telemetry/metrics.h"

namespace canaria::controllers {

enum class Outcome { kDone, kFailed };

// One request to the API server, in the words of its metric's labels.
struct AnsweredRequest {
  std::string kind;
  std::string namespace_;
  std::string name;
  std::string verb;
  int status = 0;
};

// What build_info says about the program.
struct BuildLabels {
  std::string version;
  std::string language;      // under the label goversion, which existing dashboards expect
  std::string architecture;  // under goarch
  std::string commit;
};

class RolloutMetrics {
 public:
  // The registry and the clock must outlive this object and all hooks it hands out.
  RolloutMetrics(telemetry::Registry& registry, const Clock& clock, const BuildLabels& build);
  ~RolloutMetrics();

  void reconciled(const api::ObjectKey& key, double seconds, const Pass& pass, Outcome outcome);
  void event_recorded(const api::ObjectKey& key, api::EventType type, const std::string& reason);
  void request_answered(const AnsweredRequest& request);
  // The Rollout is gone: its counters go 65 s later, unless it comes back.
  void forget(const api::ObjectKey& key);
  async::QueueHooks queue_hooks(const std::string& queue);
  // Keys of the queue that are ready to run but do not.
  void set_queue_depth(const std::string& queue, std::size_t ready);

  // Everything in the registry as text; what is computed from the Rollouts exists only during this call.
  std::string text(const RolloutCache& rollouts);

 private:
  struct Families;
  void set_rollout(const api::Rollout& rollout);
  void purge();

  telemetry::Registry& registry_;
  const Clock& clock_;
  std::unique_ptr<Families> families_;
  std::map<api::ObjectKey, Time> gone_;  // until when their counters stay
};

}  // namespace canaria::controllers
