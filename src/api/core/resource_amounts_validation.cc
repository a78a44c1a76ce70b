// The rules on limits and requests of a container. Amounts that are no quantities have failed the check of types before.
#include <algorithm>
#include <array>
#include <optional>

#include "api/kind_validation.h"
#include "api/object_members.h"
#include "lang/quantity.h"
#include "lang/selector.h"

namespace canaria::api {

namespace {

using json::Object;
using json::Value;

std::optional<lang::Quantity> amount_of(const Value* value) {
  if (!value || !value->is_string()) return std::nullopt;
  const auto parsed = lang::Quantity::parse(value->get_string());
  if (!parsed) return std::nullopt;
  return *parsed;
}

bool is_standard(std::string_view name) {
  return name == "cpu" || name == "memory" || name == "ephemeral-storage" || name.starts_with("hugepages-");
}

// Resources that are known, but not of containers.
bool is_counted_in_quotas(std::string_view name) {
  static constexpr std::array<std::string_view, 17> kNames = {"pods",
                                                              "services",
                                                              "replicationcontrollers",
                                                              "resourcequotas",
                                                              "secrets",
                                                              "configmaps",
                                                              "storage",
                                                              "persistentvolumeclaims",
                                                              "services.nodeports",
                                                              "services.loadbalancers",
                                                              "requests.cpu",
                                                              "requests.memory",
                                                              "requests.storage",
                                                              "limits.cpu",
                                                              "limits.memory",
                                                              "requests.ephemeral-storage",
                                                              "limits.ephemeral-storage"};
  return std::ranges::find(kNames, name) != kNames.end();
}

void validate_claims(const std::string& path, const json::Array& uses, const NameSet& claims, FieldProblems& problems) {
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const auto name = text_of(as_object(uses[i]), "name");
    if (name.empty()) problems.required(item_path(path, i));
    else if (claims.empty())
      problems.add(
          json::Problem::kNotFound, item_path(path, i),
          "Not found: " + json::write(Value(name)) + ": must be one of the names in pod.spec.resourceClaims which is empty");
    else if (!claims.contains(name)) problems.not_found(item_path(path, i), name);
  }
}

void validate_name(const std::string& path, std::string_view name, FieldProblems& problems) {
  if (is_standard(name)) return;
  const auto found = lang::label_key_problems(name);
  problems.invalid_text(path, name, found);
  if (!found.empty() || name.find('/') != std::string_view::npos) return;
  if (!is_counted_in_quotas(name)) problems.invalid_text(path, name, "must be a standard resource type or fully qualified");
  problems.invalid_text(path, name, "must be a standard resource for containers");
}

void validate_amount(const std::string& path, std::string_view name, const Value& value, FieldProblems& problems) {
  const auto amount = amount_of(&value);
  if (!amount) return;
  static const lang::Quantity kZero = *lang::Quantity::parse("0");
  if (*amount < kZero) problems.invalid_text(path, amount->canonical(), "must be greater than or equal to 0");
  const bool is_counted = name.find('/') != std::string_view::npos;
  if (is_counted && amount->rounded_up(0) != *amount) problems.invalid_text(path, amount->canonical(), "must be an integer");
}

void compare(const std::string& path, std::string_view name, const Value& request, const Value* limit, FieldProblems& problems) {
  const auto wanted = amount_of(&request);
  const auto allowed = amount_of(limit);
  if (!wanted || !allowed) return;
  const std::string of_limit = std::string(name) + " limit of " + allowed->canonical();
  if (name.find('/') != std::string_view::npos && *wanted != *allowed)
    problems.invalid_text(path, wanted->canonical(), "must be equal to " + of_limit);
  else if (*wanted > *allowed) problems.invalid_text(path, wanted->canonical(), "must be less than or equal to " + of_limit);
}

}  // namespace

void validate_resource_amounts(const std::string& path, const json::Object& resources, const NameSet& claims,
                               FieldProblems& problems) {
  const Object& limits = object_in(resources, "limits");
  for (const auto& limit : limits) {
    const std::string at = path + ".limits[" + std::string(limit.key()) + "]";
    validate_name(at, limit.key(), problems);
    validate_amount(at, limit.key(), limit.value(), problems);
  }
  for (const auto& request : object_in(resources, "requests")) {
    const std::string at = path + ".requests[" + std::string(request.key()) + "]";
    validate_name(at, request.key(), problems);
    validate_amount(at, request.key(), request.value(), problems);
    const Value* limit = limits.if_contains(request.key());
    compare(path + ".requests", request.key(), request.value(), limit, problems);
    if (!limit && std::string_view(request.key()).find('/') != std::string_view::npos)
      problems.required(path + ".limits", "Limit must be set for non overcommitable resources");
  }
  const auto has = [&](std::string_view start) {
    const auto is_one = [&](const auto& entry) { return std::string_view(entry.key()).starts_with(start); };
    return std::ranges::any_of(limits, is_one) || std::ranges::any_of(object_in(resources, "requests"), is_one);
  };
  if (has("hugepages-") && !has("cpu") && !has("memory")) problems.forbidden(path, "HugePages require cpu or memory");
  validate_claims(path + ".claims", list_in(resources, "claims"), claims, problems);
}

}  // namespace canaria::api
