// See crds.h. Names, scopes, subresources and printer columns are the reference's; schemas come from the tables.
#include "api/schema/crds.h"

#include <string_view>

#include "api/schema/kinds.h"

namespace canaria::api {

namespace {

constexpr std::string_view kGroup = "argoproj.io";

struct Column {
  std::string_view name;
  std::string_view type;
  std::string_view path;
  std::string_view description;
};

struct Definition {
  std::string_view kind;
  std::string_view short_name;
  std::string_view scope;
  std::string_view description;
  std::vector<Column> columns;
};

const std::vector<Definition>& definitions() {
  static const Column age{"Age", "date", ".metadata.creationTimestamp", "Time since creation"};
  static const Column phase{"Status", "string", ".status.phase", "Current phase"};
  static const std::vector<Definition> all{
      {"Rollout",
       "ro",
       "Namespaced",
       "A Rollout replaces the pods of a workload by a new version, step by step.",
       {{"Desired", "integer", ".spec.replicas", "Number of desired pods"},
        {"Current", "integer", ".status.replicas", "Total number of non-terminated pods targeted by this rollout"},
        {"Up-to-date", "integer", ".status.updatedReplicas",
         "Total number of non-terminated pods targeted by this rollout that have the desired template spec"},
        {"Available", "integer", ".status.availableReplicas",
         "Total number of available pods (ready for at least minReadySeconds) targeted by this rollout"},
        age}},
      {"AnalysisTemplate", "at", "Namespaced", "An AnalysisTemplate says what an AnalysisRun measures.", {age}},
      {"ClusterAnalysisTemplate",
       "cat",
       "Cluster",
       "A ClusterAnalysisTemplate says what an AnalysisRun measures, for all namespaces.",
       {age}},
      {"AnalysisRun", "ar", "Namespaced", "An AnalysisRun takes measurements and judges them.", {phase, age}},
      {"Experiment",
       "exp",
       "Namespaced",
       "An Experiment runs ReplicaSets side by side for a while, optionally with analysis.",
       {phase, age}},
  };
  return all;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& letter : lowered)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return lowered;
}

json::Array printer_columns(const Definition& definition) {
  json::Array columns;
  for (const Column& column : definition.columns) {
    json::Object entry;
    entry["description"] = column.description;
    entry["jsonPath"] = column.path;
    entry["name"] = column.name;
    entry["type"] = column.type;
    columns.push_back(std::move(entry));
  }
  return columns;
}

// Only Rollouts have subresources; the status of the other kinds is written with the object.
json::Object rollout_subresources() {
  json::Object scale;
  scale["labelSelectorPath"] = ".status.selector";
  scale["specReplicasPath"] = ".spec.replicas";
  scale["statusReplicasPath"] = ".status.HPAReplicas";
  json::Object subresources;
  subresources["scale"] = std::move(scale);
  subresources["status"] = json::Object();
  return subresources;
}

json::Object version_of(const Definition& definition) {
  json::Object root;
  root["description"] = definition.description;
  const json::Value published = json::open_api(schema_of(definition.kind));
  for (const auto& member : published.as_object()) root[member.key()] = member.value();
  json::Object version;
  version["name"] = "v1alpha1";
  version["served"] = true;
  version["storage"] = true;
  version["additionalPrinterColumns"] = printer_columns(definition);
  if (definition.kind == "Rollout") version["subresources"] = rollout_subresources();
  json::Object schema;
  schema["openAPIV3Schema"] = std::move(root);
  version["schema"] = std::move(schema);
  return version;
}

json::Value definition_object(const Definition& definition) {
  const std::string singular = lower(definition.kind);
  json::Object names;
  names["kind"] = definition.kind;
  names["listKind"] = std::string(definition.kind) + "List";
  names["plural"] = singular + "s";
  names["shortNames"] = json::Array({json::Value(definition.short_name)});
  names["singular"] = singular;
  json::Object spec;
  spec["group"] = kGroup;
  spec["names"] = std::move(names);
  spec["scope"] = definition.scope;
  json::Array versions;
  versions.push_back(version_of(definition));
  spec["versions"] = std::move(versions);
  json::Object metadata;
  metadata["name"] = singular + "s." + std::string(kGroup);
  json::Object object;
  object["apiVersion"] = "apiextensions.k8s.io/v1";
  object["kind"] = "CustomResourceDefinition";
  object["metadata"] = std::move(metadata);
  object["spec"] = std::move(spec);
  return object;
}

}  // namespace

std::vector<json::Value> custom_resource_definitions() {
  std::vector<json::Value> objects;
  for (const Definition& definition : definitions()) objects.push_back(definition_object(definition));
  return objects;
}

}  // namespace canaria::api
