// The rules on Jobs.
#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"
#include "json/codec.h"
#include "lang/selector.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::int64_t kParallelismMax = 100'000;
constexpr const char* kUidLabel = "batch.kubernetes.io/controller-uid";

// The labels that are made for the pods say which Job they belong to; nobody else may claim them.
void validate_made_labels(const Object& metadata, const Object& labels, FieldProblems& problems) {
  const std::string uid(text_of(metadata, "uid"));
  const std::string name(text_of(metadata, "name"));
  const auto expect = [&](const char* label, const std::string& wanted) {
    if (labels.contains(label) && text_of(labels, label) != wanted)
      problems.invalid("spec.template.metadata.labels[" + std::string(label) + "]", Value(labels), "must be '" + wanted + "'");
  };
  expect(kUidLabel, uid);
  expect("controller-uid", uid);
  expect("batch.kubernetes.io/job-name", name);
  expect("job-name", name);
}

void validate_job_selector(const Object& metadata, const Object& spec, FieldProblems& problems) {
  const Object& labels = object_in(object_in(object_in(spec, "template"), "metadata"), "labels");
  const Object* selector = object_at(spec, "selector");
  if (!selector) problems.required("spec.selector");
  if (!flag_in(spec, "manualSelector")) {
    validate_made_labels(metadata, labels, problems);
    Object wanted;
    wanted["matchLabels"] = Object{{kUidLabel, Value(text_of(metadata, "uid"))}};
    Object old_wanted;
    old_wanted["matchLabels"] = Object{{"controller-uid", Value(text_of(metadata, "uid"))}};
    if (selector && *selector != wanted && *selector != old_wanted)
      problems.invalid("spec.selector", Value(*selector), "`selector` not auto-generated");
  }
  const bool is_selected =
      selector && lang::matches(json::decode<lang::LabelSelector>(Value(*selector)), json::decode<lang::Labels>(Value(labels)));
  if (!is_selected)
    problems.invalid("spec.template.metadata.labels", labels.empty() ? Value(nullptr) : Value(labels),
                     "`selector` does not match template `labels`");
}

void validate_exit_codes(const std::string& path, const Object& codes, FieldProblems& problems) {
  const auto mode = text_of(codes, "operator");
  if (mode.empty()) problems.required(path + ".operator");
  else problems.one_of(path + ".operator", mode, {"In", "NotIn"});
  const Array& values = list_in(codes, "values");
  if (values.empty()) problems.invalid(path + ".values", Value(values), "at least one value is required");
  for (std::size_t i = 0; i < values.size(); ++i)
    if (mode == "In" && values[i] == Value(0))
      problems.invalid(item_path(path + ".values", i), values[i], "must not be 0 for the In operator");
}

// The policy as Go's struct prints it.
std::string go_success_policy(const Array& rules) {
  std::string text;
  for (const Value& rule : rules) {
    const Value* indexes = as_object(rule).if_contains("succeededIndexes");
    const Value* count = as_object(rule).if_contains("succeededCount");
    text += (text.empty() ? "" : ",") + std::string("{\"SucceededIndexes\":") + (indexes ? json::write(*indexes) : "null") +
            ",\"SucceededCount\":" + (count ? json::write(*count) : "null") + "}";
  }
  return "{\"Rules\":[" + text + "]}";
}

void validate_success_policy(const Object& spec, FieldProblems& problems) {
  const Object* policy = object_at(spec, "successPolicy");
  if (!policy) return;
  const Array& rules = list_in(*policy, "rules");
  if (text_of(spec, "completionMode") != "Indexed") {
    problems.add(json::Problem::kInvalidValue, "spec.successPolicy",
                 "Invalid value: " + go_success_policy(rules) + ": requires indexed completion mode");
    return;
  }
  if (rules.empty())
    problems.required("spec.successPolicy.rules", "at least one rules must be specified when the successPolicy is specified");
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (!as_object(rules[i]).contains("succeededCount") && !as_object(rules[i]).contains("succeededIndexes"))
      problems.required(item_path("spec.successPolicy.rules", i),
                        "at least one of succeededCount or succeededIndexes must be specified");
}

void validate_failure_policy(const Object& spec, FieldProblems& problems) {
  const Array& rules = list_in(object_in(spec, "podFailurePolicy"), "rules");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Object& rule = as_object(rules[i]);
    const std::string path = item_path("spec.podFailurePolicy.rules", i);
    if (text_of(rule, "action").empty()) problems.required(path + ".action");
    problems.one_of(path + ".action", text_of(rule, "action"), {"Count", "FailIndex", "FailJob", "Ignore"});
    const bool on_codes = object_at(rule, "onExitCodes") != nullptr;
    if (on_codes) validate_exit_codes(path + ".onExitCodes", object_in(rule, "onExitCodes"), problems);
    const bool on_conditions = !list_in(rule, "onPodConditions").empty();
    if (!on_codes && !on_conditions)
      problems.add(json::Problem::kInvalidValue, path,
                   "Invalid value: specifying one of OnExitCodes and OnPodConditions is required");
    if (on_codes && on_conditions)
      problems.add(json::Problem::kInvalidValue, path,
                   "Invalid value: specifying both OnExitCodes and OnPodConditions is not supported");
  }
}

void validate_indexes(const Object& spec, FieldProblems& problems) {
  const auto mode = text_of(spec, "completionMode");
  problems.one_of("spec.completionMode", mode, {"NonIndexed", "Indexed"});
  if (mode == "Indexed" && !integer_in(spec, "completions"))
    problems.required("spec.completions", "when completion mode is Indexed");
  const auto at_once = integer_in(spec, "parallelism");
  if (mode == "Indexed" && at_once && *at_once > kParallelismMax)
    problems.invalid("spec.parallelism", *at_once, "must be less than or equal to 100000 when completion mode is Indexed");
  if (integer_in(spec, "maxFailedIndexes") && !integer_in(spec, "backoffLimitPerIndex"))
    problems.required("spec.backoffLimitPerIndex", "when maxFailedIndexes is specified");
  for (const char* member : {"backoffLimitPerIndex", "maxFailedIndexes"}) {
    const auto number = integer_in(spec, member);
    problems.not_negative("spec." + std::string(member), number);
    if (number && mode != "Indexed") problems.invalid("spec." + std::string(member), *number, "requires indexed completion mode");
  }
}

// The template without what decides where its pods run: of a Job that waits suspended this may be changed.
Object without_placement(const Object& spec) {
  Object pod_template = object_in(spec, "template");
  Object pod_spec = object_in(pod_template, "spec");
  Object metadata = object_in(pod_template, "metadata");
  for (const char* member : {"nodeSelector", "tolerations", "schedulingGates", "affinity"}) pod_spec.erase(member);
  for (const char* member : {"labels", "annotations"}) metadata.erase(member);
  pod_template["spec"] = std::move(pod_spec);
  pod_template["metadata"] = std::move(metadata);
  return pod_template;
}

void validate_changes(const Object& spec, const Object& before, FieldProblems& problems) {
  const auto unchanged = [&](const char* member) {
    problems.unchanged("spec." + std::string(member), before.if_contains(member), spec.if_contains(member));
  };
  // An indexed Job may grow and shrink as long as all of its indexes run at once.
  const bool is_elastic = text_of(spec, "completionMode") == "Indexed" && integer_in(before, "completions") &&
                          integer_in(spec, "completions") == integer_in(spec, "parallelism");
  if (!is_elastic) unchanged("completions");
  for (const char* member :
       {"selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"})
    unchanged(member);
  // Suspended before and never started, as far as the spec tells.
  const bool is_waiting = flag_in(before, "suspend");
  if (!is_waiting || without_placement(spec) != without_placement(before)) unchanged("template");
}

}  // namespace

void validate_job(const json::Object& job, const json::Object* before, FieldProblems& problems) {
  const Object& spec = object_in(job, "spec");
  const Object& pod_template = object_in(spec, "template");
  validate_job_selector(object_in(job, "metadata"), spec, problems);
  for (const char* member : {"parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"})
    problems.not_negative("spec." + std::string(member), integer_in(spec, member));
  validate_indexes(spec, problems);
  validate_failure_policy(spec, problems);
  validate_success_policy(spec, problems);
  if (const auto manager = text_of(spec, "managedBy"); !manager.empty())
    problems.invalid_text("spec.managedBy", manager, domain_path_problems(manager));
  problems.one_of("spec.podReplacementPolicy", text_of(spec, "podReplacementPolicy"), {"Failed", "TerminatingOrFailed"});
  validate_pod_template("spec.template", pod_template, problems);
  const auto policy = text_of(object_in(pod_template, "spec"), "restartPolicy");
  // "Always" is what an unset policy has become by now.
  if (policy.empty() || policy == "Always")
    problems.required("spec.template.spec.restartPolicy", R"(valid values: "OnFailure", "Never")");
  else problems.one_of("spec.template.spec.restartPolicy", policy, {"OnFailure", "Never"});
  if (before) validate_changes(spec, object_in(*before, "spec"), problems);
}

}  // namespace canaria::api
