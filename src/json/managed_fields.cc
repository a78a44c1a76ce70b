// The entries as Kubernetes has them: {manager, operation, apiVersion, time, fieldsType: FieldsV1, fieldsV1, subresource}.
#include "json/managed_fields.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace canaria::json {

namespace {

constexpr std::string_view kApply = "Apply";
constexpr std::string_view kUpdate = "Update";

const Array* entries_of(const Value& object) {
  const Value* found = find(object, "metadata.managedFields");
  return found ? found->if_array() : nullptr;
}

Result<Owner> parse_entry(const Value& entry) {
  Owner owner;
  const std::string_view operation = text_at(entry, "operation");
  if (operation != kApply && operation != kUpdate)
    return fail(Code::kInvalid, "operation must be `Apply` or `Update`: " + std::string(operation));
  if (text_at(entry, "apiVersion").empty()) return fail(Code::kInvalid, "apiVersion must not be empty");
  if (text_at(entry, "fieldsType") != "FieldsV1")
    return fail(Code::kInvalid, "invalid fieldsType: " + std::string(text_at(entry, "fieldsType")));
  owner.writer.name = text_at(entry, "manager");
  owner.writer.operation = operation == kApply ? FieldManager::Operation::kApply : FieldManager::Operation::kUpdate;
  owner.writer.api_version = text_at(entry, "apiVersion");
  owner.writer.subresource = text_at(entry, "subresource");
  owner.writer.time = text_at(entry, "time");
  if (const Value* fields = find(entry, "fieldsV1"); fields && !fields->is_null()) {
    TRY(owner.fields, parse_fields_v1(*fields));
  }
  return owner;
}

Value entry_of(const Owner& owner) {
  const FieldManager& writer = owner.writer;
  Object entry;
  if (!writer.name.empty()) entry["manager"] = writer.name;
  entry["operation"] = writer.operation == FieldManager::Operation::kApply ? kApply : kUpdate;
  entry["apiVersion"] = writer.api_version;
  if (!writer.time.empty()) entry["time"] = writer.time;
  entry["fieldsType"] = "FieldsV1";
  entry["fieldsV1"] = fields_v1(owner.fields);
  if (!writer.subresource.empty()) entry["subresource"] = writer.subresource;
  return entry;
}

bool comes_first(const Owner& left, const Owner& right) {
  const auto rank = [](const Owner& owner) {
    const FieldManager& writer = owner.writer;
    return std::tie(writer.operation, writer.time, writer.name, writer.api_version, writer.subresource);
  };
  return rank(left) < rank(right);
}

}  // namespace

bool is_same_writer(const FieldManager& left, const FieldManager& right) {
  if (left.operation != right.operation || left.name != right.name || left.subresource != right.subresource) return false;
  return left.operation == FieldManager::Operation::kApply || left.api_version == right.api_version;
}

Result<std::vector<Owner>> owners_of(const Value& object) {
  std::vector<Owner> owners;
  const Array* entries = entries_of(object);
  if (!entries) return owners;
  for (const Value& entry : *entries) {
    TRY(Owner owner, parse_entry(entry));
    const auto known = std::ranges::find_if(owners, [&](const Owner& o) { return is_same_writer(o.writer, owner.writer); });
    if (known == owners.end()) owners.push_back(std::move(owner));
    else *known = std::move(owner);
  }
  return owners;
}

bool forgets_owners(const Value& object) {
  const Array* entries = entries_of(object);
  return entries && entries->size() == 1 && entries->front().is_object() && entries->front().get_object().empty();
}

Value with_owners(Value object, std::vector<Owner> owners) {
  std::erase_if(owners, [](const Owner& owner) { return owner.fields.empty(); });
  std::ranges::sort(owners, comes_first);
  Object* root = object.if_object();
  if (!root) return object;
  Value& metadata = (*root)["metadata"];
  if (owners.empty()) {
    if (Object* members = metadata.if_object())
      if (const auto found = members->find("managedFields"); found != members->end()) members->stable_erase(found);
    if (metadata.is_null()) root->erase("metadata");
    return object;
  }
  Array entries;
  for (const Owner& owner : owners) entries.push_back(entry_of(owner));
  if (!metadata.is_object()) metadata = Object();
  metadata.get_object()["managedFields"] = std::move(entries);
  return object;
}

FieldSet without_server_fields(const FieldSet& set) {
  static const FieldSet kServerFields = [] {
    FieldSet fields;
    for (const std::string_view name : {"apiVersion", "kind", "metadata"}) fields[PathStep::field(name)].insert();
    FieldSet& metadata = fields[PathStep::field("metadata")];
    for (const std::string_view name : {"name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation",
                                        "managedFields", "resourceVersion"})
      metadata[PathStep::field(name)].insert();
    return fields;
  }();
  return set.without(kServerFields);
}

}  // namespace canaria::json
