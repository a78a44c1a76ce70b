// The rules on limits and requests of a container. Amounts that are no quantities have failed the check of types before.
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

void validate_name(const std::string& path, std::string_view name, FieldProblems& problems) {
  if (is_standard(name)) return;
  const auto found = lang::label_key_problems(name);
  problems.invalid_text(path, name, found);
  if (!found.empty() || name.find('/') != std::string_view::npos) return;
  problems.invalid_text(path, name, "must be a standard resource type or fully qualified");
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

void validate_resource_amounts(const std::string& path, const json::Object& resources, FieldProblems& problems) {
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
}

}  // namespace canaria::api
