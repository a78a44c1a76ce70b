// Defaults of HorizontalPodAutoscalers (autoscaling/v2): cpu at 80 %, and the pace of scaling where the author gives one at all.
#include <string_view>

#include "api/kind_defaults.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

Object policy(std::string_view type, std::int64_t value) { return {{"type", type}, {"value", value}, {"periodSeconds", 15}}; }

// An empty list of policies is the author's mistake; only a missing one is filled in.
void default_rules(Object& behavior, std::string_view direction, Array policies) {
  Object* rules = made_object(behavior, direction);
  if (!rules) return;
  set_unset(*rules, "selectPolicy", "Max");
  if (!rules->contains("policies")) (*rules)["policies"] = std::move(policies);
}

}  // namespace

void default_autoscaler(json::Object& autoscaler) {
  Object* spec = made_object(autoscaler, "spec");
  if (!spec) return;
  set_unset(*spec, "minReplicas", 1);
  if (const Array* metrics = array_at(*spec, "metrics"); !metrics || metrics->empty()) {
    Object target{{"type", "Utilization"}, {"averageUtilization", 80}};
    Object cpu{{"type", "Resource"}, {"resource", Object{{"name", "cpu"}, {"target", std::move(target)}}}};
    (*spec)["metrics"] = Array({Value(std::move(cpu))});
  }
  if (Object* behavior = object_at(*spec, "behavior")) {
    default_rules(*behavior, "scaleUp", Array({Value(policy("Pods", 4)), Value(policy("Percent", 100))}));
    default_rules(*behavior, "scaleDown", Array({Value(policy("Percent", 100))}));
    if (Object* up = object_at(*behavior, "scaleUp")) set_unset(*up, "stabilizationWindowSeconds", 0);
  }
  if (Object* status = made_object(autoscaler, "status")) set_unset(*status, "desiredReplicas", 0);
}

}  // namespace canaria::api
