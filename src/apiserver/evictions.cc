#include "apiserver/evictions.h"

#include <algorithm>
#include <fmt/format.h>

#include "apiserver/shown_objects.h"
#include "apiserver/status_answer.h"
#include "apiserver/write_options.h"
#include "json/codec.h"
#include "lang/selector.h"

namespace canaria::apiserver {
namespace {

constexpr int kAttempts = 5;
constexpr std::size_t kMostEvictionsAtOnce = 2000;

const json::Value* condition_of(const json::Value& object, std::string_view type) {
  const json::Value* conditions = json::find(object, "status.conditions");
  if (!conditions || !conditions->is_array()) return nullptr;
  for (const json::Value& entry : conditions->get_array())
    if (json::text_at(entry, "type") == type) return &entry;
  return nullptr;
}

// Pods whose end disrupts nothing: they have ended, never began, or are on their way out.
bool is_nobodys_loss(const json::Value& pod) {
  const std::string_view phase = json::text_at(pod, "status.phase");
  return phase == "Succeeded" || phase == "Failed" || phase == "Pending" || phase.empty() ||
         json::find(pod, "metadata.deletionTimestamp");
}

bool is_ready(const json::Value& pod) {
  const json::Value* ready = condition_of(pod, "Ready");
  return ready && json::text_at(*ready, "status") == "True";
}

// Whether the budget lets go of pods that are not ready anyway.
bool spares_unready(const json::Value& budget) {
  if (json::text_at(budget, "spec.unhealthyPodEvictionPolicy") == "AlwaysAllow") return true;
  const std::int64_t desired = json::int_at(budget, "status.desiredHealthy");
  return desired > 0 && json::int_at(budget, "status.currentHealthy") >= desired;
}

Error refused(std::vector<std::string> why, std::optional<Seconds> retry_after) {
  Error error{Code::kTooManyRequests, "Cannot evict pod as it would violate the pod's disruption budget.", retry_after};
  for (std::string& text : why) error.causes.push_back({"DisruptionBudget", std::move(text), ""});
  return error;
}

Status check_budget(const json::Value& budget) {
  const std::string name(json::text_at(budget, "metadata.name"));
  if (json::int_at(budget, "status.observedGeneration") < json::int_at(budget, "metadata.generation"))
    return fail(refused({fmt::format("The disruption budget {} is still being processed by the server.", name)}, Seconds(10)));
  const json::Value* disrupted = json::find(budget, "status.disruptedPods");
  if (disrupted && disrupted->is_object() && disrupted->get_object().size() > kMostEvictionsAtOnce)
    return fail(Code::kForbidden, fmt::format("poddisruptionbudgets.policy \"{}\" is forbidden: DisruptedPods map too big - too "
                                              "many evictions not confirmed by PDB controller",
                                              name));
  if (json::int_at(budget, "status.disruptionsAllowed") > 0) return {};
  std::vector<std::string> why{fmt::format("The disruption budget {} needs {} healthy pods and has {} currently", name,
                                           json::int_at(budget, "status.desiredHealthy"),
                                           json::int_at(budget, "status.currentHealthy"))};
  const json::Value* condition = condition_of(budget, "DisruptionAllowed");
  if (condition && json::text_at(*condition, "reason") == "SyncFailed")
    why.push_back(fmt::format("The disruption budget {} does not allow evicting pods currently because it failed sync: {}", name,
                              json::text_at(*condition, "message")));
  return fail(refused(std::move(why), std::nullopt));
}

// The budget with one eviction less to give, as a merge patch on what was read.
json::Value claimed(const json::Value& budget, const std::string& pod, Time now) {
  const std::int64_t left = json::int_at(budget, "status.disruptionsAllowed") - 1;
  json::Object status{{"disruptionsAllowed", left}, {"disruptedPods", json::Object{{pod, format_time(now)}}}};
  const json::Value* conditions = json::find(budget, "status.conditions");
  if (left == 0 && conditions && conditions->is_array()) {
    json::Array changed = conditions->get_array();
    for (json::Value& entry : changed) {
      json::Object* condition = entry.if_object();
      if (!condition || json::text_at(entry, "type") != "DisruptionAllowed") continue;
      if (json::text_at(entry, "status") != "False") (*condition)["lastTransitionTime"] = format_time(now);
      (*condition)["status"] = "False";
      (*condition)["reason"] = "InsufficientPods";
    }
    status["conditions"] = std::move(changed);
  }
  const json::Object metadata{{"uid", json::text_at(budget, "metadata.uid")},
                              {"resourceVersion", json::text_at(budget, "metadata.resourceVersion")}};
  return json::Object{{"metadata", metadata}, {"status", std::move(status)}};
}

// An Eviction carries DeleteOptions.
store::DeleteOptions options_of(const ApiRequest& request, const json::Value& body) {
  store::DeleteOptions options;
  if (const json::Value* given = json::find(body, "deleteOptions")) {
    if (const json::Value* grace = json::find(*given, "gracePeriodSeconds"); grace && grace->is_int64())
      options.grace_period = Seconds(grace->get_int64());
    if (const std::string_view uid = json::text_at(*given, "preconditions.uid"); !uid.empty()) options.uid = uid;
    if (const std::string_view version = json::text_at(*given, "preconditions.resourceVersion"); !version.empty())
      options.resource_version = version;
    if (json::find(*given, "dryRun")) options.dry_run = DryRun::kYes;
  }
  if (request.parameter("dryRun") == "All") options.dry_run = DryRun::kYes;
  return options;
}

net::ServerResponse refuse(const ApiRequest& request, const Error& error) { return refusal(error, subject_of(request)); }

}  // namespace

std::vector<json::Value> Evictions::budgets_of(const api::ObjectKey& pod, const json::Value& object) const {
  std::vector<json::Value> found;
  lang::Labels labels;
  if (const json::Value* given = json::find(object, "metadata.labels")) json::decode_into(*given, labels);
  ListQuery query;
  query.namespace_ = pod.namespace_;
  const auto page = store_.page(api::resources::pod_disruption_budgets(), query);
  if (!page) return found;
  for (const store::KeyedObject& keyed : page->objects) {
    auto budget = json::parse(keyed.object->text);
    const json::Value* selector = budget ? json::find(*budget, "spec.selector") : nullptr;
    if (selector && lang::matches(json::decode<lang::LabelSelector>(*selector), labels)) found.push_back(*std::move(budget));
  }
  return found;
}

Task<Status> Evictions::take_one(api::ObjectKey pod, json::Value budget, DryRun dry_run) {
  const api::ObjectKey key{pod.namespace_, std::string(json::text_at(budget, "metadata.name"))};
  CO_CHECK(check_budget(budget));
  if (dry_run == DryRun::kYes) co_return Status();
  json::Value patch = claimed(budget, pod.name, clock_.now());
  WriteOptions options;
  options.subresource = "status";
  const auto written = co_await store_.patch(api::resources::pod_disruption_budgets(), key, PatchKind::kMerge, std::move(patch),
                                             std::move(options));
  if (!written) co_return fail(written.error());
  co_return Status();
}

Task<Status> Evictions::claim(api::ObjectKey pod, json::Value object, DryRun dry_run) {
  if (is_nobodys_loss(object)) co_return Status();
  for (int attempt = 1;; ++attempt) {
    std::vector<json::Value> budgets = budgets_of(pod, object);
    if (budgets.empty()) co_return Status();
    if (budgets.size() > 1)
      co_return fail(Code::kInternal,
                     "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
    if (!is_ready(object) && spares_unready(budgets.front())) co_return Status();
    const Status taken = co_await take_one(pod, std::move(budgets.front()), dry_run);
    const bool is_raced = !taken && taken.error().code == Code::kConflict;
    if (!is_raced || attempt == kAttempts) co_return taken;
  }
}

Task<net::ServerResponse> Evictions::serve(RequestPointer request) {
  if (request->verb != ApiVerb::kCreate)
    co_return refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  const auto body = object_body(*request);
  if (!body) co_return refuse(*request, body.error());
  const std::string_view named = json::text_at(*body, "metadata.name");
  if (!named.empty() && named != request->path.name)
    co_return refusal(400, "BadRequest", "name in URL does not match name in Eviction object");
  store::DeleteOptions options = options_of(*request, *body);
  const store::ObjectPointer found = store_.find(request->served->resource, request->key());
  if (!found) co_return refuse(*request, store::not_found(request->served->resource, request->key()));
  const auto pod = json::parse(found->text);
  if (!pod) co_return refuse(*request, pod.error());
  json::Value object = *pod;
  const Status claimed = co_await claim(request->key(), std::move(object), options.dry_run);
  if (!claimed) co_return refuse(*request, claimed.error());
  // The pod that was judged, not another one of its name.
  if (!options.uid || options.uid->empty()) options.uid = std::string(json::text_at(*pod, "metadata.uid"));
  const auto removed = co_await store_.remove_object(request->served->resource, request->key(), std::move(options));
  if (!removed) co_return refuse(*request, removed.error());
  co_return created_status(*request);
}

}  // namespace canaria::apiserver
