// The rules on ReplicaSets and Deployments.
#include <charconv>

#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"
#include "json/codec.h"
#include "lang/selector.h"

namespace canaria::api {

namespace {

using json::Object;
using json::Value;

void validate_long_running(const Object& pod_spec, FieldProblems& problems) {
  const auto policy = text_of(pod_spec, "restartPolicy");
  problems.one_of("spec.template.spec.restartPolicy", policy, {"Always"});
  if (const Value* deadline = pod_spec.if_contains("activeDeadlineSeconds"); deadline && !deadline->is_null())
    problems.forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported");
}

void validate_workload(const Object& spec, const Object* before, FieldProblems& problems) {
  problems.not_negative("spec.replicas", integer_in(spec, "replicas"));
  problems.not_negative("spec.minReadySeconds", integer_in(spec, "minReadySeconds"));
  validate_selector(spec, problems);
  const Object& pod_template = object_in(spec, "template");
  validate_pod_template("spec.template", pod_template, problems);
  validate_long_running(object_in(pod_template, "spec"), problems);
  if (before) problems.unchanged("spec.selector", before->if_contains("selector"), spec.if_contains("selector"));
}

// The number of a percentage or of a plain number; 0 when it is malformed.
std::int64_t amount_of(const Value* share) {
  if (!share) return 0;
  if (share->is_int64()) return share->get_int64();
  if (!share->is_string() || !is_percentage(share->get_string())) return 0;
  std::int64_t number = 0;
  std::from_chars(share->get_string().data(), share->get_string().data() + share->get_string().size() - 1, number);
  return number;
}

void validate_share(const std::string& path, const Value* share, FieldProblems& problems) {
  if (!share) return;
  if (share->is_string() && !is_percentage(share->get_string())) problems.invalid(path, *share, kPercentageText);
  if (share->is_int64()) problems.not_negative(path, share->get_int64());
}

void validate_rolling_update(const Object& rolling, FieldProblems& problems) {
  const std::string path = "spec.strategy.rollingUpdate.";
  const Value* unavailable = rolling.if_contains("maxUnavailable");
  const Value* surge = rolling.if_contains("maxSurge");
  validate_share(path + "maxUnavailable", unavailable, problems);
  validate_share(path + "maxSurge", surge, problems);
  if (amount_of(unavailable) == 0 && amount_of(surge) == 0)
    problems.invalid(path + "maxUnavailable", unavailable ? *unavailable : Value(0), "may not be 0 when `maxSurge` is 0");
  if (unavailable && unavailable->is_string() && amount_of(unavailable) > 100)
    problems.invalid(path + "maxUnavailable", *unavailable, "must not be greater than 100%");
}

}  // namespace

void validate_selector(const json::Object& spec, FieldProblems& problems) {
  const Object& labels = object_in(object_in(object_in(spec, "template"), "metadata"), "labels");
  const Value shown = labels.empty() ? Value(nullptr) : Value(labels);
  const auto mismatch = [&] {
    problems.invalid("spec.template.metadata.labels", shown, "`selector` does not match template `labels`");
  };
  const Object* given = object_at(spec, "selector");
  if (!given) {
    problems.required("spec.selector");
    return mismatch();
  }
  const auto selector = json::decode<lang::LabelSelector>(Value(*given));
  const auto found = lang::selector_problems(selector, "spec.selector");
  for (const auto& problem : found) {
    const bool is_required = problem.text.starts_with("Required");
    const bool is_forbidden = problem.text.starts_with("Forbidden");
    problems.add(is_required    ? json::Problem::kRequired
                 : is_forbidden ? json::Problem::kForbidden
                                : json::Problem::kInvalidValue,
                 problem.path, problem.text);
  }
  if (selector.empty()) problems.invalid("spec.selector", Object(), "empty selector is invalid for deployment");
  else if (!found.empty()) problems.invalid("spec.selector", Value(*given), "invalid label selector");
  else if (!lang::matches(selector, json::decode<lang::Labels>(Value(labels)))) mismatch();
}

void validate_replica_set(const json::Object& set, const json::Object* before, FieldProblems& problems) {
  validate_workload(object_in(set, "spec"), before ? &object_in(*before, "spec") : nullptr, problems);
}

void validate_deployment(const json::Object& deployment, const json::Object* before, FieldProblems& problems) {
  const Object& spec = object_in(deployment, "spec");
  validate_workload(spec, before ? &object_in(*before, "spec") : nullptr, problems);
  const Object& strategy = object_in(spec, "strategy");
  const auto type = text_of(strategy, "type");
  const Object* rolling = object_at(strategy, "rollingUpdate");
  if (type == "RollingUpdate" && rolling) validate_rolling_update(*rolling, problems);
  else if (type == "Recreate" && rolling)
    problems.forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
  else if (type != "RollingUpdate" && type != "Recreate")
    // Compat: the whole strategy is shown, as Go's struct prints it.
    problems.add(json::Problem::kUnsupportedValue, "spec.strategy",
                 "Unsupported value: {\"Type\":" + json::write(Value(type)) + ",\"RollingUpdate\":" +
                     (rolling ? json::write(Value(*rolling)) : "null") + "}: supported values: \"Recreate\", \"RollingUpdate\"");
  problems.not_negative("spec.revisionHistoryLimit", integer_in(spec, "revisionHistoryLimit"));
  const auto deadline = integer_in(spec, "progressDeadlineSeconds");
  problems.not_negative("spec.progressDeadlineSeconds", deadline);
  if (deadline && *deadline <= integer_in(spec, "minReadySeconds").value_or(0))
    problems.invalid("spec.progressDeadlineSeconds", *deadline, "must be greater than minReadySeconds");
}

}  // namespace canaria::api
