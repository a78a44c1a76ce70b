// Defaults of Jobs, with the selector that is made for them: a Job counts the pods that carry its own uid.
#include <cstdint>
#include <limits>
#include <string>

#include "api/core/pod_template.h"
#include "api/object_members.h"
#include "api/kind_defaults.h"

namespace canaria::api {

namespace {

using json::Object;
using json::Value;

constexpr std::string_view kUidLabel = "batch.kubernetes.io/controller-uid";

// The labels by which the pods of a Job are found; each under its old and its new name.
void label_pods(Object& metadata, Object& spec) {
  const std::string uid(text_of(metadata, "uid"));
  const std::string name(text_of(metadata, "name"));
  Object* pod_template = made_object(spec, "template");
  if (uid.empty() || !pod_template) return;
  Object* pod_metadata = made_object(*pod_template, "metadata");
  Object* labels = pod_metadata ? made_object(*pod_metadata, "labels") : nullptr;
  if (!labels) return;
  set_unset(*labels, kUidLabel, Value(uid));
  set_unset(*labels, "batch.kubernetes.io/job-name", Value(name));
  set_unset(*labels, "controller-uid", Value(uid));
  set_unset(*labels, "job-name", Value(name));
  Object* selector = made_object(spec, "selector");
  Object* wanted = selector ? made_object(*selector, "matchLabels") : nullptr;
  if (wanted) set_unset(*wanted, kUidLabel, Value(uid));
}

void default_spec(Object& spec) {
  if (is_unset(spec, "completions") && is_unset(spec, "parallelism")) spec["completions"] = 1;
  set_unset(spec, "parallelism", 1);
  constexpr auto kNoLimit = std::numeric_limits<std::int32_t>::max();
  set_unset(spec, "backoffLimit", is_unset(spec, "backoffLimitPerIndex") ? 6 : kNoLimit);
  set_unset(spec, "completionMode", "NonIndexed");
  set_unset(spec, "suspend", false);
  set_unset(spec, "manualSelector", false);
  set_unset(spec, "podReplacementPolicy", is_unset(spec, "podFailurePolicy") ? "TerminatingOrFailed" : "Failed");
  Object* policy = object_at(spec, "podFailurePolicy");
  if (!policy) return;
  for_each_object(*policy, "rules", [](Object& rule) {
    for_each_object(rule, "onPodConditions", [](Object& pattern) { set_unset(pattern, "status", "True"); });
  });
}

}  // namespace

void default_job(Object& job) {
  Object* spec = made_object(job, "spec");
  Object* metadata = object_at(job, "metadata");
  if (!spec || !metadata) return;
  default_spec(*spec);
  const Value* manual = spec->if_contains("manualSelector");
  if (manual && manual->is_bool() && !manual->get_bool()) label_pods(*metadata, *spec);
  Object* pod_template = object_at(*spec, "template");
  if (!pod_template) return;
  if (pod_template_problem(*pod_template).empty()) (*spec)["template"] = with_pod_defaults(*pod_template);
  // A Job without labels takes over those of its pods.
  const Value* labels = json::find(job.at("spec"), "template.metadata.labels");
  const Object* own = object_at(*metadata, "labels");
  if (labels && (!own || own->empty())) (*metadata)["labels"] = *labels;
  made_object(job, "status");
}

}  // namespace canaria::api
