// What may be changed in a pod that exists: next to nothing. Its node is given to it once, by an update here (a Kubernetes
// cluster has the binding subresource for that).
#include "api/kind_validation.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::string_view kText =
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

// The spec without what may change.
Object settled(const Object& spec, const Object& before) {
  Object copy = spec;
  for (const char* member : {"activeDeadlineSeconds", "tolerations", "schedulingGates", "ephemeralContainers"})
    copy.erase(member);
  if (text_of(before, "nodeName").empty()) copy.erase("nodeName");
  if (integer_in(before, "terminationGracePeriodSeconds").value_or(0) < 0) copy.erase("terminationGracePeriodSeconds");
  for (const char* list : {"containers", "initContainers"})
    for_each_object(copy, list, [](Object& container) { container.erase("image"); });
  return copy;
}

// Where two values differ first.
std::string first_difference(const Value& before, const Value& now, const std::string& path) {
  if (before.is_object() && now.is_object()) {
    for (const auto& member : now.get_object()) {
      const Value* old = before.get_object().if_contains(member.key());
      const std::string at = path + "." + std::string(member.key());
      if (!old) return at;
      if (*old != member.value()) return first_difference(*old, member.value(), at);
    }
    for (const auto& member : before.get_object())
      if (!now.get_object().contains(member.key())) return path + "." + std::string(member.key());
  }
  if (before.is_array() && now.is_array() && before.get_array().size() == now.get_array().size())
    for (std::size_t i = 0; i < now.get_array().size(); ++i)
      if (before.get_array()[i] != now.get_array()[i])
        return first_difference(before.get_array()[i], now.get_array()[i], item_path(path, i));
  return path;
}

}  // namespace

void validate_pod_update(const json::Object& spec, const json::Object& before, FieldProblems& problems) {
  for (const char* list : {"containers", "initContainers"}) {
    if (list_in(spec, list).size() == list_in(before, list).size()) continue;
    problems.forbidden("spec." + std::string(list), "pod updates may not add or remove containers");
    return;
  }
  const Value old_part(settled(before, before));
  const Value new_part(settled(spec, before));
  if (old_part == new_part) return;
  problems.forbidden("spec", std::string(kText) + "\n" + first_difference(old_part, new_part, "spec"));
}

}  // namespace canaria::api
