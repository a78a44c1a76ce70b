// The columns and cells of the built-in kinds, and the small formats that they share. Private to the tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "json/value.h"

namespace canaria::apiserver {

struct TableColumn {
  std::string_view name;
  std::string_view type;
  std::string_view description;
  int priority = 0;  // 1: only with -o wide
};

struct TableKind {
  std::vector<TableColumn> columns;
  json::Array (*cells)(const json::Value& object, Time now) = nullptr;
};

// By qualified name ("deployments.apps"); null when the kind has no cells of its own.
const TableKind* find_table_kind(std::string_view qualified);

extern const TableKind kPodTable;
extern const TableKind kPodTemplateTable;
extern const TableKind kReplicaSetTable;
extern const TableKind kDeploymentTable;
extern const TableKind kJobTable;
extern const TableKind kServiceTable;
extern const TableKind kEndpointsTable;
extern const TableKind kEndpointSliceTable;
extern const TableKind kIngressTable;
extern const TableKind kIngressClassTable;
extern const TableKind kConfigMapTable;
extern const TableKind kSecretTable;
extern const TableKind kNamespaceTable;
extern const TableKind kNodeTable;
extern const TableKind kEventTable;
extern const TableKind kLeaseTable;
extern const TableKind kAutoscalerTable;
extern const TableKind kDisruptionBudgetTable;
extern const TableKind kDefinitionTable;

// The name, as every table starts.
TableColumn name_column();
TableColumn age_column();

std::string name_of(const json::Value& object);
// "5m12s" since the creation.
std::string age_of(const json::Value& object, Time now);
// The time that has passed since an RFC 3339 text; "<unknown>" when there is none.
std::string since(std::string_view time_text, Time now);
// The text at a path, or `otherwise` when it is missing or empty.
std::string text_or(const json::Value& object, std::string_view path, std::string_view otherwise);
// The list at a path; empty when there is none.
const json::Array& list_at(const json::Value& object, std::string_view path);
// How many members an object has.
std::int64_t count_at(const json::Value& object, std::string_view path);
// The first few, then "+ 2 more..."; `none` for an empty list.
std::string shortened(const std::vector<std::string>& items, std::string_view none);
std::string joined(const std::vector<std::string>& items, std::string_view separator = ",");
// "a=b,c=d" of a map of labels; "<none>" when it is empty.
std::string labels_text(const json::Value& object, std::string_view path);
// The same of a label selector.
std::string selector_text_at(const json::Value& object, std::string_view path);
// Names and images of the containers of a pod spec.
std::string container_names(const json::Value& object, std::string_view path);
std::string container_images(const json::Value& object, std::string_view path);
// Whether a condition of that type has status True.
bool has_true_condition(const json::Value& object, std::string_view type);

}  // namespace canaria::apiserver
