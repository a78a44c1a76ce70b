#include "controllers/rollout_metrics.h"

#include <array>
#include <chrono>
#include <set>

namespace canaria::controllers {
namespace {

using Labels = std::vector<std::string>;

// Long enough for a scrape every minute to see the last values.
constexpr Seconds kKeptAfterDeletion{65};

constexpr std::array<const char*, 6> kPhases = {"Completed", "Progressing", "Paused", "Timeout", "Error", "Abort"};

const char* strategy_of(const api::Rollout& rollout) {
  if (rollout.spec.strategy.blueGreen) return "blueGreen";
  return rollout.canary() ? "canary" : "none";
}

// The last one that is set, in this order.
std::string router_of(const api::Rollout& rollout) {
  if (!rollout.canary() || !rollout.canary()->trafficRouting) return "";
  const api::TrafficRouting& routing = *rollout.canary()->trafficRouting;
  std::string name;
  if (const auto* plugins = routing.plugins.if_object(); plugins && !plugins->empty())
    name = std::string(plugins->begin()->key());
  if (!routing.apisix.is_null()) name = "Apisix";
  if (!routing.traefik.is_null()) name = "Traefik";
  if (!routing.alb.is_null()) name = "ALB";
  if (!routing.ambassador.is_null()) name = "Ambassador";
  if (!routing.istio.is_null()) name = "Istio";
  if (!routing.nginx.is_null()) name = "Nginx";
  if (!routing.smi.is_null()) name = "SMI";
  if (!routing.appMesh.is_null()) name = "AppMesh";
  return name;
}

// Compat: not the words of status.phase, but those of the reason why it progresses or not.
std::string metric_phase(const api::Rollout& rollout) {
  if (const auto* invalid = rollout.condition("InvalidSpec"); invalid && invalid->status == "True") return "InvalidSpec";
  const api::Condition* progressing = rollout.condition("Progressing");
  const std::string reason = progressing ? progressing->reason : "";
  if (reason == "NewReplicaSetAvailable") return "Completed";
  if (reason == "RolloutPaused") return "Paused";
  if (reason == "ReplicaSetCreateError") return "Error";
  if (reason == "ProgressDeadlineExceeded") return "Timeout";
  if (reason == "RolloutAborted") return "Abort";
  return "Progressing";
}

double steady_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

struct RolloutMetrics::Families {
  explicit Families(telemetry::Registry& registry);

  telemetry::GaugeFamily& rollout;
  telemetry::GaugeFamily& available;
  telemetry::GaugeFamily& unavailable;
  telemetry::GaugeFamily& desired;
  telemetry::GaugeFamily& updated;
  telemetry::GaugeFamily& phase;
  telemetry::CounterFamily& events;
  telemetry::HistogramFamily& reconcile;
  telemetry::CounterFamily& reconcile_error;
  telemetry::HistogramFamily& duration;
  telemetry::HistogramFamily& progression;
  telemetry::HistogramFamily& manual_pause;
  telemetry::CounterFamily& requests;
  telemetry::GaugeFamily& depth;
  telemetry::GaugeFamily& unfinished;
  telemetry::GaugeFamily& longest;
  telemetry::CounterFamily& adds;
  telemetry::CounterFamily& retries;
  telemetry::HistogramFamily& queued;
  telemetry::HistogramFamily& worked;
  std::map<std::string, std::multiset<double>> running_since;  // by queue
};

RolloutMetrics::Families::Families(telemetry::Registry& r)
    : rollout(
          r.gauge("rollout_info", "Information about rollout.", {"namespace", "name", "strategy", "traffic_router", "phase"})),
      available(
          r.gauge("rollout_info_replicas_available", "The number of available replicas per rollout.", {"namespace", "name"})),
      unavailable(
          r.gauge("rollout_info_replicas_unavailable", "The number of unavailable replicas per rollout.", {"namespace", "name"})),
      desired(r.gauge("rollout_info_replicas_desired", "The number of desired replicas per rollout.", {"namespace", "name"})),
      updated(r.gauge("rollout_info_replicas_updated", "The number of updated replicas per rollout.", {"namespace", "name"})),
      phase(r.gauge("rollout_phase", "The phase of a rollout (deprecated, use rollout_info).",
                    {"namespace", "name", "strategy", "phase"})),
      events(r.counter("rollout_events_total", "The number of events of a rollout.", {"namespace", "name", "type", "reason"})),
      reconcile(r.histogram("rollout_reconcile", "Seconds per reconcile of a rollout.", {"namespace", "name"},
                            {0.01, 0.15, 0.25, 0.5, 1})),
      reconcile_error(r.counter("rollout_reconcile_error", "Failed reconciles of a rollout.", {"namespace", "name"})),
      duration(r.histogram("rollout_duration_seconds", "Seconds from start to end of an update.", {"status"},
                           {30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800})),
      progression(r.histogram("rollout_progression_duration_seconds", "Seconds of an update without manual pauses.", {"status"},
                              {30, 60, 120, 300, 600, 900, 1800, 3600})),
      manual_pause(r.histogram("rollout_manual_pause_duration_seconds", "Seconds of manual pauses in an update.", {"status"},
                               {0, 60, 300, 600, 1800, 3600, 7200, 14400, 28800})),
      requests(r.counter("controller_clientset_k8s_request_total", "Requests to the Kubernetes API.",
                         {"kind", "namespace", "name", "verb", "status_code"})),
      depth(r.gauge("workqueue_depth", "Keys that are ready and wait.", {"name"})),
      unfinished(r.gauge("workqueue_unfinished_work_seconds", "Seconds of all work in progress.", {"name"})),
      longest(r.gauge("workqueue_longest_running_processor_seconds", "Seconds of the longest work in progress.", {"name"})),
      adds(r.counter("workqueue_adds_total", "Keys added.", {"name"})),
      retries(r.counter("workqueue_retries_total", "Keys retried after a failure.", {"name"})),
      queued(r.histogram("workqueue_queue_duration_seconds", "Seconds from due to start.", {"name"},
                         telemetry::exponential_bounds(1e-8, 10, 10))),
      worked(r.histogram("workqueue_work_duration_seconds", "Seconds of one run.", {"name"},
                         telemetry::exponential_bounds(1e-8, 10, 10))) {}

RolloutMetrics::RolloutMetrics(telemetry::Registry& registry, const Clock& clock, const BuildLabels& build)
    : registry_(registry), clock_(clock), families_(std::make_unique<Families>(registry)) {
  registry.gauge("argo_rollouts_controller_info", "The running controller.", {"version"}).set({build.version}, 1);
  registry.gauge("build_info", "What the controller was built from.", {"version", "goversion", "goarch", "commit"})
      .set({build.version, build.language, build.architecture, build.commit}, 1);
}

RolloutMetrics::~RolloutMetrics() = default;

void RolloutMetrics::reconciled(const api::ObjectKey& key, double seconds, const Pass& pass, Outcome outcome) {
  gone_.erase(key);
  const Labels labels{key.namespace_, key.name};
  families_->reconcile.observe(labels, seconds);
  if (outcome == Outcome::kFailed) families_->reconcile_error.add(labels);
  for (const plan::Plan::Finished& attempt : pass.finished) {
    const auto total = static_cast<double>(attempt.total.count());
    const auto paused = static_cast<double>(attempt.manual_pause.count());
    families_->duration.observe({attempt.status}, total);
    families_->progression.observe({attempt.status}, total - paused);
    families_->manual_pause.observe({attempt.status}, paused);
  }
}

void RolloutMetrics::event_recorded(const api::ObjectKey& key, api::EventType type, const std::string& reason) {
  families_->events.add({key.namespace_, key.name, type == api::EventType::kNormal ? "Normal" : "Warning", reason});
}

void RolloutMetrics::request_answered(const AnsweredRequest& request) {
  families_->requests.add({request.kind, request.namespace_, request.name, request.verb, std::to_string(request.status)});
}

void RolloutMetrics::forget(const api::ObjectKey& key) {
  purge();
  gone_[key] = clock_.now() + kKeptAfterDeletion;
}

void RolloutMetrics::purge() {
  const Time now = clock_.now();
  for (auto at = gone_.begin(); at != gone_.end();) {
    if (at->second > now) {
      ++at;
      continue;
    }
    const Labels labels{at->first.namespace_, at->first.name};
    families_->events.forget(labels);
    families_->reconcile.forget(labels);
    families_->reconcile_error.forget(labels);
    families_->requests.forget({api::resources::rollouts().plural, at->first.namespace_, at->first.name});
    at = gone_.erase(at);
  }
}

async::QueueHooks RolloutMetrics::queue_hooks(const std::string& queue) {
  Families* families = families_.get();
  std::multiset<double>* running = &families->running_since[queue];
  async::QueueHooks hooks;
  hooks.added = [families, queue] { families->adds.add({queue}); };
  hooks.retried = [families, queue] { families->retries.add({queue}); };
  hooks.waited = [families, queue, running](double seconds) {
    families->queued.observe({queue}, seconds);
    running->insert(steady_seconds());
  };
  hooks.worked = [families, queue, running](double seconds) {
    families->worked.observe({queue}, seconds);
    // The run that began then, or the one next to it: they cannot be told apart by what the hooks say.
    auto began = running->lower_bound(steady_seconds() - seconds);
    if (began == running->end() && !running->empty()) --began;
    if (began != running->end()) running->erase(began);
  };
  return hooks;
}

void RolloutMetrics::set_queue_depth(const std::string& queue, std::size_t ready) {
  families_->depth.set({queue}, static_cast<double>(ready));
}

void RolloutMetrics::set_rollout(const api::Rollout& rollout) {
  const Labels labels{rollout.metadata.namespace_, rollout.metadata.name};
  const std::string strategy = strategy_of(rollout);
  const std::string phase = metric_phase(rollout);
  families_->rollout.set({labels[0], labels[1], strategy, router_of(rollout), phase}, 1);
  families_->available.set(labels, rollout.status.availableReplicas);
  families_->unavailable.set(labels, rollout.status.replicas - rollout.status.availableReplicas);
  families_->desired.set(labels, rollout.replicas());
  families_->updated.set(labels, rollout.status.updatedReplicas);
  for (const char* candidate : kPhases)
    families_->phase.set({labels[0], labels[1], strategy, candidate}, phase == candidate ? 1 : 0);
}

std::string RolloutMetrics::text(const RolloutCache& rollouts) {
  purge();
  for (const auto& [key, rollout] : rollouts.all()) set_rollout(*rollout);
  const double now = steady_seconds();
  for (const auto& [queue, running] : families_->running_since) {
    double sum = 0;
    for (const double began : running) sum += now - began;
    families_->unfinished.set({queue}, sum);
    families_->longest.set({queue}, running.empty() ? 0 : now - *running.begin());
  }
  std::string text = registry_.text();
  for (telemetry::GaugeFamily* family : {&families_->rollout, &families_->available, &families_->unavailable, &families_->desired,
                                         &families_->updated, &families_->phase})
    family->clear();
  return text;
}

}  // namespace canaria::controllers
