// Services of a canary: canaryService on the new ReplicaSet, stableService on the stable one, ping and pong by turns.
//
// The one rule that matters: a selector is only moved to a ReplicaSet that has an available pod, so that no user is sent to
// a version that cannot serve; a Service that is taken over for the first time waits for full availability.
#include <fmt/format.h>

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

const api::Service* find_service(const View& view, const std::string& name) {
  for (const api::Service& service : view.snapshot.services)
    if (service.metadata.name == name) return &service;
  return nullptr;
}

std::string selected_hash(const api::Service& service) {
  const auto found = service.spec.selector.find(api::kHashLabel);
  return found == service.spec.selector.end() ? std::string() : found->second;
}

void switch_selector(const View& view, const api::Service& service, const std::string& hash, Pass& pass) {
  const std::string from = selected_hash(service);
  const bool is_managed = service.metadata.annotations.contains(api::kManagedByAnnotation);
  if (from == hash && is_managed) return;
  json::Object patch{{"spec", json::Object{{"selector", json::Object{{api::kHashLabel, hash}}}}}};
  if (!is_managed)
    patch["metadata"] = json::Object{{"annotations", json::Object{{api::kManagedByAnnotation, view.rollout.metadata.name}}}};
  pass.act(PatchService{service.metadata.key(), std::move(patch)},
           "Service " + service.metadata.name + " follows its ReplicaSet");
  pass.tell(api::EventType::kNormal, "SwitchService",
            fmt::format("Switched selector for service '{}' from '{}' to '{}'", service.metadata.name, from, hash));
}

bool can_serve(const api::Service& service, const api::ReplicaSet& set) {
  const bool is_adoption = !service.metadata.annotations.contains(api::kManagedByAnnotation);
  if (is_adoption && (set.replicas() == 0 || set.status.availableReplicas < set.replicas())) return false;
  return set.status.availableReplicas > 0;
}

void follow_if_serving(const View& view, const std::string& name, const api::ReplicaSet* set, Pass& pass) {
  const api::Service* service = name.empty() ? nullptr : find_service(view, name);
  if (!service || !set) return;
  if (selected_hash(*service) != set->hash() && !can_serve(*service, *set)) return;
  switch_selector(view, *service, set->hash(), pass);
}

void follow_ping_pong(const View& view, Pass& pass) {
  const auto& ping_pong = view.canary().pingPong;
  if (!ping_pong || view.rollout.is_fully_promoted() || !view.roles.new_set) return;
  const bool is_ping_stable = view.rollout.status.canary.stablePingPong == "ping";
  const api::Service* service = find_service(view, is_ping_stable ? ping_pong->pongService : ping_pong->pingService);
  if (service) switch_selector(view, *service, view.roles.new_set->hash(), pass);
}

}  // namespace

void plan_services(const View& view, Pass& pass) {
  follow_ping_pong(view, pass);
  follow_if_serving(view, view.canary().stableService, view.roles.stable, pass);
  // Compat fix: while aborted the canary Service only ever goes to the stable version.
  // With dynamicStableScale it keeps the canary's pods as long as they are needed for the traffic.
  const bool is_aborted = view.rollout.status.abort && !view.rollout.is_fully_promoted();
  const bool goes_back = is_aborted && return_traffic_weight(view.rollout, view.roles) == 0;
  follow_if_serving(view, view.canary().canaryService, goes_back ? view.roles.stable : view.roles.new_set, pass);
}

bool is_referenced(const View& view, const api::ReplicaSet& set) {
  const std::string hash = set.hash();
  const api::RolloutStatus& status = view.rollout.status;
  if (hash == status.stableRS || hash == status.currentPodHash) return true;
  if (status.canary.weights &&
      (hash == status.canary.weights->canary.podTemplateHash || hash == status.canary.weights->stable.podTemplateHash))
    return true;
  for (const std::string& name : {view.canary().canaryService, view.canary().stableService})
    if (const api::Service* service = find_service(view, name); service && selected_hash(*service) == hash) return true;
  return false;
}

}  // namespace canaria::plan
