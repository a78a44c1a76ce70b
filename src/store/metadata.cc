#include "store/metadata.h"

namespace canaria::store {

std::string_view text_member(const json::Object& object, std::string_view key) {
  const json::Value* value = object.if_contains(key);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

json::Object& metadata_of(json::Object& object) {
  json::Value& metadata = object["metadata"];
  if (!metadata.is_object()) metadata.emplace_object();
  return metadata.get_object();
}

void keep_member(const json::Object& from, json::Object& to, std::string_view key) {
  if (const json::Value* value = from.if_contains(key)) to.insert_or_assign(key, *value);
  else remove_member(to, key);
}

void remove_member(json::Object& object, std::string_view key) {
  if (const auto found = object.find(key); found != object.end()) object.stable_erase(found);
}

bool is_being_deleted(const json::Object& metadata) { return !text_member(metadata, "deletionTimestamp").empty(); }

std::vector<std::string> finalizers_of(const json::Object& metadata) {
  std::vector<std::string> finalizers;
  const json::Value* list = metadata.if_contains("finalizers");
  if (list && list->is_array())
    for (const json::Value& item : list->get_array())
      if (item.is_string()) finalizers.emplace_back(item.get_string());
  return finalizers;
}

void set_finalizers(json::Object& metadata, const std::vector<std::string>& finalizers) {
  if (finalizers.empty()) return remove_member(metadata, "finalizers");
  json::Array list;
  for (const std::string& finalizer : finalizers) list.emplace_back(finalizer);
  metadata["finalizers"] = std::move(list);
}

void raise_generation(json::Object& metadata) {
  json::Value* generation = metadata.if_contains("generation");
  const std::int64_t before = generation && generation->is_int64() ? generation->get_int64() : 0;
  metadata["generation"] = before + 1;
}

}  // namespace canaria::store
