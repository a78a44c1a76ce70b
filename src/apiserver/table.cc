#include "apiserver/table.h"

#include <cmath>

#include "apiserver/column_path.h"
#include "apiserver/table_cells.h"
#include "json/write.h"

namespace canaria::apiserver {
namespace {

json::Object column_definition(const TableColumn& column) {
  const bool is_name = column.name == "Name";
  return {{"name", column.name},
          {"type", column.type},
          {"format", is_name ? "name" : ""},
          {"description", column.description},
          {"priority", column.priority}};
}

json::Array column_definitions(const ServedResource& served) {
  json::Array definitions;
  if (const TableKind* kind = find_table_kind(served.kept_as().qualified())) {
    for (const TableColumn& column : kind->columns) definitions.emplace_back(column_definition(column));
    return definitions;
  }
  definitions.emplace_back(column_definition(name_column()));
  if (served.columns.empty()) definitions.emplace_back(column_definition(age_column()));
  for (const PrintColumn& column : served.columns)
    definitions.emplace_back(json::Object{{"name", column.name},
                                          {"type", column.type},
                                          {"format", column.format},
                                          {"description", column.description},
                                          {"priority", column.priority}});
  return definitions;
}

// A value as its column's type; null where it has another one, which is shown as an empty cell.
json::Value cell_of(const PrintColumn& column, const json::Value* value, Time now) {
  if (!value || value->is_null()) return nullptr;
  if (column.type == "string") return value->is_string() ? *value : json::Value(json::write(*value));
  if (column.type == "integer") {
    if (const double* real = value->if_double())
      return std::fabs(*real) < 9e18 ? json::Value(static_cast<std::int64_t>(*real)) : nullptr;
    return value->is_number() ? *value : nullptr;
  }
  if (column.type == "number") return value->is_number() ? *value : nullptr;
  if (column.type == "boolean") return value->is_bool() ? *value : nullptr;
  if (column.type != "date" || !value->is_string()) return nullptr;
  if (!parse_time(value->get_string())) return "<invalid>";
  return json::Value(since(value->get_string(), now));
}

json::Array cells_of(const ServedResource& served, const TableKind* kind, const json::Value& object, Time now) {
  // Cells are made of the stored form, so all forms have the same.
  if (kind) return kind->cells(served.stored_form ? served.stored_form->stored(object) : object, now);
  json::Array cells;
  cells.emplace_back(name_of(object));
  if (served.columns.empty()) cells.emplace_back(age_of(object, now));
  for (const PrintColumn& column : served.columns)
    cells.emplace_back(cell_of(column, value_at_path(object, column.json_path), now));
  return cells;
}

json::Value included(const json::Value& object, IncludeObject include) {
  if (include == IncludeObject::kObject) return object;
  json::Object partial{{"kind", "PartialObjectMetadata"}, {"apiVersion", "meta.k8s.io/v1"}};
  const json::Value* metadata = json::find(object, "metadata");
  partial["metadata"] = metadata ? *metadata : json::Value(json::Object());
  return partial;
}

}  // namespace

json::Value table_of(const ServedResource& served, const std::vector<json::Value>& objects, Time now, IncludeObject include) {
  const TableKind* kind = find_table_kind(served.kept_as().qualified());
  json::Array rows;
  rows.reserve(objects.size());
  for (const json::Value& object : objects) {
    json::Object row{{"cells", cells_of(served, kind, object, now)}};
    if (include != IncludeObject::kNone) row["object"] = included(object, include);
    rows.emplace_back(std::move(row));
  }
  return json::Object{{"kind", "Table"},
                      {"apiVersion", "meta.k8s.io/v1"},
                      {"metadata", json::Object()},
                      {"columnDefinitions", column_definitions(served)},
                      {"rows", std::move(rows)}};
}

}  // namespace canaria::apiserver
