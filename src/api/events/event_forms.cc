#include "api/events/event_forms.h"

#include <array>
#include <string_view>
#include <utility>

namespace canaria::api {

namespace {

struct Names {
  std::string_view core;
  std::string_view grouped;
};
constexpr std::array kNames{
    Names{"involvedObject", "regarding"},
    Names{"message", "note"},
    Names{"reportingComponent", "reportingController"},
    Names{"source", "deprecatedSource"},
    Names{"firstTimestamp", "deprecatedFirstTimestamp"},
    Names{"lastTimestamp", "deprecatedLastTimestamp"},
    Names{"count", "deprecatedCount"},
};

json::Value renamed(json::Value value, std::string_view version, std::string_view Names::*from, std::string_view Names::*to) {
  json::Object* object = value.if_object();
  if (!object) return value;
  (*object)["apiVersion"] = version;
  for (const Names& names : kNames) {
    json::Value* member = object->if_contains(names.*from);
    if (!member) continue;
    json::Value content = std::move(*member);
    object->erase(names.*from);
    (*object)[names.*to] = std::move(content);
  }
  return value;
}

}  // namespace

json::Value event_as_grouped(json::Value object) {
  return renamed(std::move(object), "events.k8s.io/v1", &Names::core, &Names::grouped);
}
json::Value event_as_core(json::Value object) { return renamed(std::move(object), "v1", &Names::grouped, &Names::core); }

}  // namespace canaria::api
