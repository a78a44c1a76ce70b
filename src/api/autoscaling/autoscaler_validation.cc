// The rules on HorizontalPodAutoscalers (autoscaling/v2).
#include <array>

#include "api/kind_validation.h"
#include "api/object_members.h"
#include "lang/quantity.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

// The member of a metric that each type of metric needs.
struct Source {
  std::string_view type;
  std::string_view member;
};
constexpr std::array kSources{Source{"ContainerResource", "containerResource"}, Source{"External", "external"},
                              Source{"Object", "object"}, Source{"Pods", "pods"}, Source{"Resource", "resource"}};

constexpr std::int64_t kLongestWindow = 3600;
constexpr std::int64_t kLongestPeriod = 1800;

void validate_reference(const std::string& path, const Object& reference, FieldProblems& problems) {
  for (const char* member : {"kind", "name"}) {
    const std::string text(text_of(reference, member));
    if (text.empty()) problems.required(path + "." + member);
    else if (text.find('/') != std::string::npos) problems.invalid_text(path + "." + member, text, "may not contain '/'");
    else if (text.find('%') != std::string::npos) problems.invalid_text(path + "." + member, text, "may not contain '%'");
  }
}

void validate_amount(const std::string& path, const Object& target, const char* member, FieldProblems& problems) {
  const auto amount = lang::Quantity::parse(text_of(target, member));
  const auto zero = lang::Quantity::parse("0");
  if (target.contains(member) && amount && *amount <= *zero)
    problems.invalid(path + "." + member, target.at(member), "must be positive");
}

void validate_target(const std::string& path, const Object& target, FieldProblems& problems) {
  const std::string type(text_of(target, "type"));
  if (type.empty()) problems.required(path + ".type", "must specify a metric target type");
  else if (type != "Utilization" && type != "Value" && type != "AverageValue")
    problems.invalid_text(path + ".type", type, "must be either Utilization, Value, or AverageValue");
  const auto share = integer_in(target, "averageUtilization");
  if (share && *share < 1) problems.invalid(path + ".averageUtilization", *share, "must be greater than 0");
  validate_amount(path, target, "value", problems);
  validate_amount(path, target, "averageValue", problems);
}

void validate_resource_source(const std::string& path, const Object& source, FieldProblems& problems) {
  if (text_of(source, "name").empty()) problems.required(path + ".name", "must specify a resource name");
  const Object& target = object_in(source, "target");
  validate_target(path + ".target", target, problems);
  const bool has_share = target.contains("averageUtilization");
  const bool has_amount = target.contains("averageValue");
  if (!has_share && !has_amount)
    problems.required(path + ".target.averageUtilization", "must set either a target raw value or a target utilization");
  if (has_share && has_amount)
    problems.forbidden(path + ".target.averageValue", "may not set both a target raw value and a target utilization");
}

void validate_metric_source(const std::string& path, std::string_view member, const Object& source, FieldProblems& problems) {
  if (member == "resource" || member == "containerResource") {
    if (member == "containerResource" && text_of(source, "container").empty())
      problems.required(path + ".container", "must specify a container name");
    return validate_resource_source(path, source, problems);
  }
  if (text_of(object_in(source, "metric"), "name").empty())
    problems.required(path + ".metric.name", "must specify a metric name");
  if (member == "object") validate_reference(path + ".describedObject", object_in(source, "describedObject"), problems);
  const Object& target = object_in(source, "target");
  validate_target(path + ".target", target, problems);
  if (member == "pods" && !target.contains("averageValue"))
    problems.required(path + ".target.averageValue", "must specify a positive target averageValue");
  if (member != "pods" && !target.contains("averageValue") && !target.contains("value"))
    problems.required(path + ".target.averageValue", "must set either a target value for metric or a per-pod target");
}

void validate_metric(const std::string& path, const Object& metric, FieldProblems& problems) {
  const std::string type(text_of(metric, "type"));
  if (type.empty()) problems.required(path + ".type", "must specify a metric source type");
  problems.one_of(path + ".type", type, {"ContainerResource", "External", "Object", "Pods", "Resource"});
  std::string_view expected;
  for (const Source& source : kSources)
    if (source.type == type) expected = source.member;
  if (expected.empty()) return;
  if (!metric.contains(expected))
    problems.required(path + "." + std::string(expected), "must populate information for the given metric source");
  for (const Source& source : kSources) {
    const Object* given = object_at(metric, source.member);
    if (!given) continue;
    const std::string at = path + "." + std::string(source.member);
    if (source.member == expected) validate_metric_source(at, source.member, *given, problems);
    else problems.forbidden(at, "must populate the given metric source only");
  }
}

void validate_rules(const std::string& path, const Object& rules, FieldProblems& problems) {
  const auto window = integer_in(rules, "stabilizationWindowSeconds");
  if (window && *window < 0)
    problems.invalid(path + ".stabilizationWindowSeconds", *window, "must be greater than or equal to zero");
  if (window && *window > kLongestWindow)
    problems.invalid(path + ".stabilizationWindowSeconds", *window, "must be less than or equal to 3600");
  problems.one_of(path + ".selectPolicy", text_of(rules, "selectPolicy"), {"Disabled", "Max", "Min"});
  const Array& policies = list_in(rules, "policies");
  if (policies.empty()) problems.required(path + ".policies", "must specify at least one Policy");
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const std::string at = item_path(path + ".policies", i);
    const Object& policy = as_object(policies[i]);
    const auto type = text_of(policy, "type");
    if (type != "Pods" && type != "Percent") problems.unsupported(at + ".type", Value(type), {"Percent", "Pods"});
    const std::int64_t value = integer_in(policy, "value").value_or(0);
    const std::int64_t period = integer_in(policy, "periodSeconds").value_or(0);
    if (value <= 0) problems.invalid(at + ".value", value, "must be greater than zero");
    if (period <= 0) problems.invalid(at + ".periodSeconds", period, "must be greater than zero");
    if (period > kLongestPeriod) problems.invalid(at + ".periodSeconds", period, "must be less than or equal to 1800");
  }
}

}  // namespace

void validate_autoscaler(const json::Object& object, const json::Object*, FieldProblems& problems) {
  const Object& spec = object_in(object, "spec");
  const auto least = integer_in(spec, "minReplicas");
  const std::int64_t most = integer_in(spec, "maxReplicas").value_or(0);
  if (least && *least < 1) problems.invalid("spec.minReplicas", *least, "must be greater than or equal to 1");
  if (most < 1) problems.invalid("spec.maxReplicas", most, "must be greater than 0");
  if (least && most < *least) problems.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
  validate_reference("spec.scaleTargetRef", object_in(spec, "scaleTargetRef"), problems);
  const Array& metrics = list_in(spec, "metrics");
  for (std::size_t i = 0; i < metrics.size(); ++i) validate_metric(item_path("spec.metrics", i), as_object(metrics[i]), problems);
  const Object& behavior = object_in(spec, "behavior");
  for (const char* direction : {"scaleUp", "scaleDown"})
    if (const Object* rules = object_at(behavior, direction))
      validate_rules("spec.behavior." + std::string(direction), *rules, problems);
}

}  // namespace canaria::api
