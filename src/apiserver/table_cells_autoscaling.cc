// The row of a HorizontalPodAutoscaler: each metric as it is and as it is wanted.
#include "apiserver/table_cells.h"

namespace canaria::apiserver {
namespace {

constexpr std::size_t kShownMetrics = 2;
constexpr std::string_view kUnknown = "<unknown>";

// The member of a metric that its type stands for: "ContainerResource" -> "containerResource".
std::string source_of(std::string_view type) {
  std::string member(type);
  if (!member.empty() && member[0] >= 'A' && member[0] <= 'Z') member[0] = static_cast<char>(member[0] - 'A' + 'a');
  return member;
}

std::string percent(const json::Value& value, std::string_view path, std::string_view otherwise) {
  return json::find(value, path) ? std::to_string(json::int_at(value, path)) + "%" : std::string(otherwise);
}

// "cpu: 12%/80%", "memory: 5Mi/10Mi", "3/10 (avg)".
std::string metric_text(const json::Value& spec, const json::Value& status) {
  const std::string type(json::text_at(spec, "type"));
  const std::string source = source_of(type);
  const std::string target = source + ".target.";
  const std::string current = source + ".current.";
  const bool is_average = json::find(spec, target + "averageValue") != nullptr;
  if (type == "Resource" || type == "ContainerResource") {
    const std::string name(json::text_at(spec, source + ".name"));
    if (is_average)
      return name + ": " + text_or(status, current + "averageValue", kUnknown) + "/" +
             std::string(json::text_at(spec, target + "averageValue"));
    return name + ": " + percent(status, current + "averageUtilization", kUnknown) + "/" +
           percent(spec, target + "averageUtilization", "<auto>");
  }
  if (type != "Pods" && type != "Object" && type != "External") return "<unknown type>";
  const std::string member = is_average ? "averageValue" : "value";
  const std::string text = text_or(status, current + member, kUnknown) + "/" + std::string(json::text_at(spec, target + member));
  return is_average && type != "Pods" ? text + " (avg)" : text;
}

std::string targets(const json::Value& object) {
  const json::Array& specs = list_at(object, "spec.metrics");
  const json::Array& statuses = list_at(object, "status.currentMetrics");
  if (specs.empty()) return "<none>";
  static const json::Value kNone;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < specs.size() && i < kShownMetrics; ++i)
    texts.push_back(metric_text(specs[i], i < statuses.size() ? statuses[i] : kNone));
  std::string text = joined(texts, ", ");
  if (specs.size() > kShownMetrics) text += " + " + std::to_string(specs.size() - kShownMetrics) + " more...";
  return text;
}

json::Array autoscaler_cells(const json::Value& object, Time now) {
  const std::string reference = std::string(json::text_at(object, "spec.scaleTargetRef.kind")) + "/" +
                                std::string(json::text_at(object, "spec.scaleTargetRef.name"));
  const bool has_minimum = json::find(object, "spec.minReplicas") != nullptr;
  return {name_of(object),
          reference,
          targets(object),
          has_minimum ? std::to_string(json::int_at(object, "spec.minReplicas")) : "<unset>",
          json::int_at(object, "spec.maxReplicas"),
          json::int_at(object, "status.currentReplicas"),
          age_of(object, now)};
}

}  // namespace

const TableKind kAutoscalerTable = {{name_column(),
                                     {"Reference", "string", "What is scaled."},
                                     {"Targets", "string", "The metrics, as they are and as they are wanted."},
                                     {"MinPods", "string", "The fewest pods."},
                                     {"MaxPods", "string", "The most pods."},
                                     {"Replicas", "string", "How many pods there were at the last look."},
                                     age_column()},
                                    autoscaler_cells};

}  // namespace canaria::apiserver
