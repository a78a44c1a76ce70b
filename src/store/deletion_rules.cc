// Deletion, in the steps of the Kubernetes API: preconditions, the finalizers that the propagation asks for, the grace
// period; then the object is removed or marked.
#include <algorithm>
#include <fmt/format.h>

#include "json/patch.h"
#include "store/metadata.h"
#include "store/namespace_rules.h"
#include "store/object_rules.h"

namespace canaria::store {
namespace {

constexpr Seconds kPodGracePeriod{30};

Status check_preconditions(const api::Resource& resource, const json::Object& metadata, const DeleteOptions& options) {
  const std::string_view name = text_member(metadata, "name");
  const std::string_view uid = text_member(metadata, "uid");
  const std::string_view version = text_member(metadata, "resourceVersion");
  if (options.uid && *options.uid != uid)
    return fail(Code::kConflict,
                fmt::format("Operation cannot be fulfilled on {} \"{}\": Precondition failed: UID in precondition: "
                            "{}, UID in object meta: {}",
                            resource.qualified(), name, *options.uid, uid));
  if (options.resource_version && *options.resource_version != version)
    return fail(
        Code::kConflict,
        fmt::format("Operation cannot be fulfilled on {} \"{}\": the ResourceVersion in the precondition ({}) does not match "
                    "the ResourceVersion in record ({}). The object might have been modified",
                    resource.qualified(), name, *options.resource_version, version));
  return {};
}

// The collector's finalizer follows the latest wish; all others are their owners' business.
std::vector<std::string> wanted_finalizers(const json::Object& metadata, Propagation propagation) {
  std::vector<std::string> finalizers = finalizers_of(metadata);
  std::erase_if(finalizers, [](const std::string& item) { return item == kForegroundFinalizer || item == kOrphanFinalizer; });
  if (propagation == Propagation::kForeground) finalizers.emplace_back(kForegroundFinalizer);
  if (propagation == Propagation::kOrphan) finalizers.emplace_back(kOrphanFinalizer);
  return finalizers;
}

// How long whoever runs the object may still take; zero when nobody runs it.
Seconds grace_period(const ResourcePolicy& policy, const json::Value& object, const DeleteOptions& options) {
  if (policy.deletion != DeletionRule::kGraceful) return Seconds(0);
  const std::string_view phase = json::text_at(object, "status.phase");
  if (json::text_at(object, "spec.nodeName").empty() || phase == "Succeeded" || phase == "Failed") return Seconds(0);
  const Seconds wanted =
      options.grace_period.value_or(Seconds(json::int_at(object, "spec.terminationGracePeriodSeconds", kPodGracePeriod.count())));
  return std::max(Seconds(0), wanted);
}

void mark_deleted(json::Object& metadata, Seconds grace, Time now) {
  const bool first = !is_being_deleted(metadata);
  const json::Value* period = metadata.if_contains("deletionGracePeriodSeconds");
  const std::int64_t before = period && period->is_int64() ? period->get_int64() : 0;
  // A second deletion can only shorten the period.
  if (!first && grace.count() >= before) return;
  metadata["deletionTimestamp"] = format_time(now + grace);
  metadata["deletionGracePeriodSeconds"] = grace.count();
  if (first && metadata.contains("generation")) raise_generation(metadata);
}

}  // namespace

Result<Outcome> deleted_object(const api::Resource& resource, const ResourcePolicy& policy, const json::Value& current,
                               const DeleteOptions& options, Time now) {
  Outcome outcome;
  outcome.object = current;
  json::Object& members = outcome.object.get_object();
  json::Object& metadata = metadata_of(members);
  CHECK_OK(check_preconditions(resource, metadata, options));
  std::vector<std::string> finalizers = wanted_finalizers(metadata, options.propagation);
  if (policy.deletion == DeletionRule::kWithInstances && !is_being_deleted(metadata) &&
      std::find(finalizers.begin(), finalizers.end(), kInstancesFinalizer) == finalizers.end())
    finalizers.emplace_back(kInstancesFinalizer);
  const bool has_contents = policy.deletion == DeletionRule::kWithContents && !namespace_is_finalized(members);
  const Seconds grace = grace_period(policy, current, options);
  if (finalizers.empty() && grace == Seconds(0) && !has_contents) {
    outcome.effect = Effect::kRemoved;
    return outcome;
  }
  set_finalizers(metadata, finalizers);
  mark_deleted(metadata, grace, now);
  if (has_contents) mark_namespace_terminating(members);
  outcome.effect = json::same_json(current, outcome.object) ? Effect::kNone : Effect::kChanged;
  return outcome;
}

}  // namespace canaria::store
