// The rules on small kinds: Namespace, Node, Lease and PodDisruptionBudget.
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

void validate_number_or_percentage(const std::string& path, const Value* value, FieldProblems& problems) {
  if (!value) return;
  if (value->is_string() && !is_percentage(value->get_string())) problems.invalid(path, *value, kPercentageText);
  else if (value->is_string() && value->get_string().size() > 3 && value->get_string() != "100%")
    problems.invalid(path, *value, "must not be greater than 100%");
  if (value->is_int64()) problems.not_negative(path, value->get_int64());
}

}  // namespace

void validate_namespace(const json::Object& object, const json::Object*, FieldProblems& problems) {
  for (const Value& finalizer : list_in(object_in(object, "spec"), "finalizers"))
    if (finalizer.is_string())
      problems.invalid_text("spec.finalizers", finalizer.get_string(), finalizer_problems(finalizer.get_string()));
}

void validate_node(const json::Object& object, const json::Object*, FieldProblems& problems) {
  const Array& taints = list_in(object_in(object, "spec"), "taints");
  for (std::size_t i = 0; i < taints.size(); ++i) {
    // Compat: they are reported under metadata.
    const std::string path = item_path("metadata.taints", i);
    const Object& taint = as_object(taints[i]);
    problems.invalid_text(path + ".key", text_of(taint, "key"), lang::label_key_problems(text_of(taint, "key")));
    problems.invalid_text(path + ".value", text_of(taint, "value"), lang::label_value_problems(text_of(taint, "value")));
    if (text_of(taint, "effect").empty()) problems.required(path + ".effect");
    else problems.one_of(path + ".effect", text_of(taint, "effect"), {"NoSchedule", "PreferNoSchedule", "NoExecute"});
  }
}

void validate_lease(const json::Object& object, const json::Object*, FieldProblems& problems) {
  const Object& spec = object_in(object, "spec");
  const auto seconds = integer_in(spec, "leaseDurationSeconds");
  if (seconds && *seconds <= 0) problems.invalid("spec.leaseDurationSeconds", *seconds, "must be greater than 0");
  problems.not_negative("spec.leaseTransitions", integer_in(spec, "leaseTransitions"));
}

void validate_disruption_budget(const json::Object& object, const json::Object*, FieldProblems& problems) {
  const Object& spec = object_in(object, "spec");
  const Value* least = spec.if_contains("minAvailable");
  const Value* most = spec.if_contains("maxUnavailable");
  if (least && most) {
    const auto shown = [&](const char* member) {
      const Value* value = spec.if_contains(member);
      return value ? json::write(*value) : std::string("null");
    };
    // As Go's struct prints it.
    problems.add(json::Problem::kInvalidValue, "spec",
                 "Invalid value: {\"MinAvailable\":" + shown("minAvailable") + ",\"Selector\":" + shown("selector") +
                     ",\"MaxUnavailable\":" + shown("maxUnavailable") + ",\"UnhealthyPodEvictionPolicy\":" +
                     shown("unhealthyPodEvictionPolicy") + "}: minAvailable and maxUnavailable cannot be both set");
  }
  validate_number_or_percentage("spec.minAvailable", least, problems);
  validate_number_or_percentage("spec.maxUnavailable", most, problems);
  problems.one_of("spec.unhealthyPodEvictionPolicy", text_of(spec, "unhealthyPodEvictionPolicy"),
                  {"AlwaysAllow", "IfHealthyBudget"});
  if (const Object* selector = object_at(spec, "selector"))
    for (const auto& problem : lang::selector_problems(json::decode<lang::LabelSelector>(Value(*selector)), "spec.selector"))
      problems.add(json::Problem::kInvalidValue, problem.path, problem.text);
}

}  // namespace canaria::api
