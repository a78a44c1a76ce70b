#include "apiserver/table_cells.h"

#include <algorithm>
#include <map>

#include "lang/duration.h"
#include "lang/selector.h"

namespace canaria::apiserver {
namespace {

constexpr std::size_t kShownItems = 3;

std::string container_texts(const json::Value& object, std::string_view path, std::string_view member) {
  std::vector<std::string> texts;
  for (const json::Value& container : list_at(object, path)) texts.emplace_back(json::text_at(container, member));
  return joined(texts);
}

lang::Labels labels_at(const json::Value& object, std::string_view path) {
  lang::Labels labels;
  const json::Value* map = json::find(object, path);
  if (!map || !map->is_object()) return labels;
  for (const auto& [key, value] : map->get_object())
    if (value.is_string()) labels.emplace(key, value.get_string());
  return labels;
}

}  // namespace

const TableKind* find_table_kind(std::string_view qualified) {
  static const std::map<std::string_view, const TableKind*> kKinds = {
      {"pods", &kPodTable},
      {"podtemplates", &kPodTemplateTable},
      {"replicasets.apps", &kReplicaSetTable},
      {"deployments.apps", &kDeploymentTable},
      {"jobs.batch", &kJobTable},
      {"services", &kServiceTable},
      {"endpoints", &kEndpointsTable},
      {"endpointslices.discovery.k8s.io", &kEndpointSliceTable},
      {"ingresses.networking.k8s.io", &kIngressTable},
      {"ingressclasses.networking.k8s.io", &kIngressClassTable},
      {"configmaps", &kConfigMapTable},
      {"secrets", &kSecretTable},
      {"namespaces", &kNamespaceTable},
      {"nodes", &kNodeTable},
      {"events", &kEventTable},
      {"leases.coordination.k8s.io", &kLeaseTable},
      {"horizontalpodautoscalers.autoscaling", &kAutoscalerTable},
      {"poddisruptionbudgets.policy", &kDisruptionBudgetTable},
      {"customresourcedefinitions.apiextensions.k8s.io", &kDefinitionTable},
  };
  const auto found = kKinds.find(qualified);
  return found == kKinds.end() ? nullptr : found->second;
}

TableColumn name_column() { return {"Name", "string", "Name of the object, unique within its namespace."}; }
TableColumn age_column() { return {"Age", "string", "Time since the object was created."}; }

std::string name_of(const json::Value& object) { return std::string(json::text_at(object, "metadata.name")); }

std::string age_of(const json::Value& object, Time now) {
  return since(json::text_at(object, "metadata.creationTimestamp"), now);
}

std::string since(std::string_view time_text, Time now) {
  const auto then = parse_time(time_text);
  if (!then) return "<unknown>";
  return lang::human_duration(std::chrono::floor<Seconds>(now - *then));
}

std::string text_or(const json::Value& object, std::string_view path, std::string_view otherwise) {
  const std::string_view text = json::text_at(object, path);
  return std::string(text.empty() ? otherwise : text);
}

const json::Array& list_at(const json::Value& object, std::string_view path) {
  static const json::Array kNone;
  const json::Value* list = json::find(object, path);
  return list && list->is_array() ? list->get_array() : kNone;
}

std::int64_t count_at(const json::Value& object, std::string_view path) {
  const json::Value* map = json::find(object, path);
  return map && map->is_object() ? static_cast<std::int64_t>(map->get_object().size()) : 0;
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += separator;
    text += item;
  }
  return text;
}

std::string shortened(const std::vector<std::string>& items, std::string_view none) {
  if (items.empty()) return std::string(none);
  const std::vector<std::string> shown(items.begin(),
                                       items.begin() + static_cast<std::ptrdiff_t>(std::min(kShownItems, items.size())));
  std::string text = joined(shown);
  if (items.size() > kShownItems) text += " + " + std::to_string(items.size() - kShownItems) + " more...";
  return text;
}

std::string labels_text(const json::Value& object, std::string_view path) {
  std::vector<std::string> pairs;
  for (const auto& [key, value] : labels_at(object, path)) pairs.push_back(key + "=" + value);
  return pairs.empty() ? "<none>" : joined(pairs);
}

std::string selector_text_at(const json::Value& object, std::string_view path) {
  const json::Value* source = json::find(object, path);
  if (!source || !source->is_object()) return "<none>";
  lang::LabelSelector selector;
  selector.matchLabels = labels_at(*source, "matchLabels");
  for (const json::Value& expression : list_at(*source, "matchExpressions")) {
    lang::LabelSelectorRequirement requirement{
        std::string(json::text_at(expression, "key")), std::string(json::text_at(expression, "operator")), {}};
    for (const json::Value& value : list_at(expression, "values"))
      if (value.is_string()) requirement.values.emplace_back(value.get_string());
    selector.matchExpressions.push_back(std::move(requirement));
  }
  const std::string text = lang::selector_text(selector);
  return text.empty() ? "<none>" : text;
}

std::string container_names(const json::Value& object, std::string_view path) { return container_texts(object, path, "name"); }
std::string container_images(const json::Value& object, std::string_view path) { return container_texts(object, path, "image"); }

bool has_true_condition(const json::Value& object, std::string_view type) {
  return std::ranges::any_of(list_at(object, "status.conditions"), [&](const json::Value& condition) {
    return json::text_at(condition, "type") == type && json::text_at(condition, "status") == "True";
  });
}

}  // namespace canaria::apiserver
