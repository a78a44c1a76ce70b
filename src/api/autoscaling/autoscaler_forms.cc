#include "api/autoscaling/autoscaler_forms.h"

#include <array>
#include <string>

#include "api/object_members.h"
#include "json/write.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::string_view kMetrics = "autoscaling.alpha.kubernetes.io/metrics";
constexpr std::string_view kCurrentMetrics = "autoscaling.alpha.kubernetes.io/current-metrics";
constexpr std::string_view kConditions = "autoscaling.alpha.kubernetes.io/conditions";
constexpr std::string_view kBehavior = "autoscaling.alpha.kubernetes.io/behavior";

// How one kind of metric is spelled in the annotations: {"name", "target": {"averageValue"}} is {"metricName",
// "targetAverageValue"}.
struct OldSpelling {
  std::string_view member;    // of the metric
  std::string_view name;      // of what is "name" for resources and "metric.name" otherwise
  std::string_view object;    // of "describedObject"
  std::string_view value;     // of "target.value"
  std::string_view selector;  // of "metric.selector"
  std::string_view average;   // of "target.averageValue"
  bool is_resource;
};
constexpr std::array kSpellings{
    OldSpelling{"resource", "name", "", "", "", "targetAverageValue", true},
    OldSpelling{"containerResource", "name", "", "", "", "targetAverageValue", true},
    OldSpelling{"pods", "metricName", "", "", "selector", "targetAverageValue", false},
    OldSpelling{"object", "metricName", "target", "targetValue", "selector", "averageValue", false},
    OldSpelling{"external", "metricName", "", "targetValue", "metricSelector", "targetAverageValue", false},
};

void copy(const Object& from, std::string_view key, Object& to, std::string_view new_key) {
  if (const Value* member = from.if_contains(key); member && !new_key.empty()) to[new_key] = *member;
}

Object old_source(const OldSpelling& spelling, const Object& source) {
  const Object& target = object_in(source, "target");
  Object old;
  copy(source, "container", old, "container");
  copy(source, "describedObject", old, spelling.object);
  copy(spelling.is_resource ? source : object_in(source, "metric"), "name", old, spelling.name);
  copy(object_in(source, "metric"), "selector", old, spelling.selector);
  copy(target, "averageUtilization", old, "targetAverageUtilization");
  copy(target, "value", old, spelling.value);
  copy(target, "averageValue", old, spelling.average);
  return old;
}

Object new_source(const OldSpelling& spelling, const Object& old) {
  Object target;
  target["type"] = "Value";
  copy(old, "targetAverageUtilization", target, "averageUtilization");
  if (!spelling.value.empty()) copy(old, spelling.value, target, "value");
  copy(old, spelling.average, target, "averageValue");
  if (target.contains("averageUtilization")) target["type"] = "Utilization";
  else if (target.contains("averageValue")) target["type"] = "AverageValue";
  // A metric of an object with a target per pod carries a zero here.
  if (target.contains("averageValue") && target.contains("value")) target.erase("value");
  Object source;
  copy(old, "container", source, "container");
  if (!spelling.object.empty()) copy(old, spelling.object, source, "describedObject");
  if (spelling.is_resource) {
    copy(old, spelling.name, source, "name");
  } else {
    Object metric;
    copy(old, spelling.name, metric, "name");
    copy(old, spelling.selector, metric, "selector");
    source["metric"] = std::move(metric);
  }
  source["target"] = std::move(target);
  return source;
}

template <class Respell>
Value respelled(const Value& metric, Respell respell) {
  Object result;
  copy(as_object(metric), "type", result, "type");
  for (const OldSpelling& spelling : kSpellings)
    if (const Object* source = object_at(as_object(metric), spelling.member))
      result[spelling.member] = respell(spelling, *source);
  return result;
}

// The share of cpu that both forms know.
const Value* cpu_share(const Value& metric, const char* member, const char* share) {
  const Object& source = object_in(as_object(metric), "resource");
  return text_of(source, "name") == "cpu" ? object_in(source, member).if_contains(share) : nullptr;
}

void set_annotation(Object& object, std::string_view key, const Value& content) {
  Object* metadata = made_object(object, "metadata");
  Object* annotations = metadata ? made_object(*metadata, "annotations") : nullptr;
  if (annotations) (*annotations)[key] = json::write(content);
}

// Null when there is none; it is gone afterwards.
Value take_annotation(Object& object, std::string_view key) {
  Object* metadata = object_at(object, "metadata");
  Object* annotations = metadata ? object_at(*metadata, "annotations") : nullptr;
  if (!annotations || !annotations->contains(key)) return nullptr;
  const auto content = json::parse(text_of(*annotations, key));
  annotations->erase(key);
  if (annotations->empty()) metadata->erase("annotations");
  return content ? *content : Value(nullptr);
}

void old_spec(Object& object) {
  Object* spec = object_at(object, "spec");
  if (!spec) return;
  Array others;
  for (const Value& metric : list_in(*spec, "metrics")) {
    const Value* share = cpu_share(metric, "target", "averageUtilization");
    if (share && !spec->contains("targetCPUUtilizationPercentage")) (*spec)["targetCPUUtilizationPercentage"] = *share;
    else others.push_back(respelled(metric, old_source));
  }
  spec->erase("metrics");
  if (!others.empty()) set_annotation(object, kMetrics, Value(std::move(others)));
  if (const Object* behavior = object_at(*spec, "behavior")) {
    const Value content(*behavior);
    spec->erase("behavior");
    set_annotation(object, kBehavior, content);
  }
}

void old_status(Object& object) {
  Object* status = object_at(object, "status");
  if (!status) return;
  set_unset(*status, "currentReplicas", 0);
  if (const Array& conditions = list_in(*status, "conditions"); !conditions.empty()) {
    const Value content(conditions);
    set_annotation(object, kConditions, content);
  }
  for (const Value& metric : list_in(*status, "currentMetrics"))
    if (const Value* share = cpu_share(metric, "current", "averageUtilization"))
      (*status)["currentCPUUtilizationPercentage"] = Value(*share);
  if (const Array& metrics = list_in(*status, "currentMetrics"); !metrics.empty()) {
    const Value content(metrics);
    set_annotation(object, kCurrentMetrics, content);
  }
  status->erase("conditions");
  status->erase("currentMetrics");
}

void new_spec(Object& object) {
  const Value others = take_annotation(object, kMetrics);
  Value behavior = take_annotation(object, kBehavior);
  Object* spec = object_at(object, "spec");
  if (!spec) return;
  Array metrics;
  if (others.is_array())
    for (const Value& metric : others.get_array()) metrics.push_back(respelled(metric, new_source));
  if (const Value* share = spec->if_contains("targetCPUUtilizationPercentage"); share && !share->is_null()) {
    Object target{{"type", "Utilization"}, {"averageUtilization", *share}};
    metrics.push_back(Object{{"type", "Resource"}, {"resource", Object{{"name", "cpu"}, {"target", std::move(target)}}}});
  }
  spec->erase("targetCPUUtilizationPercentage");
  if (!metrics.empty()) (*spec)["metrics"] = std::move(metrics);
  if (behavior.is_object()) (*spec)["behavior"] = std::move(behavior);
}

void new_status(Object& object) {
  Value conditions = take_annotation(object, kConditions);
  Value metrics = take_annotation(object, kCurrentMetrics);
  Object* status = object_at(object, "status");
  if (!status) return;
  status->erase("currentCPUUtilizationPercentage");
  if (conditions.is_array()) (*status)["conditions"] = std::move(conditions);
  if (metrics.is_array()) (*status)["currentMetrics"] = std::move(metrics);
}

}  // namespace

json::Value autoscaler_as_v1(json::Value value) {
  Object* object = value.if_object();
  if (!object) return value;
  (*object)["apiVersion"] = "autoscaling/v1";
  old_spec(*object);
  old_status(*object);
  return value;
}

json::Value autoscaler_as_v2(json::Value value) {
  Object* object = value.if_object();
  if (!object) return value;
  (*object)["apiVersion"] = "autoscaling/v2";
  new_spec(*object);
  new_status(*object);
  return value;
}

}  // namespace canaria::api
