// `undo NAME`: puts the pod template of an earlier revision's ReplicaSet back into the Rollout (or into the object behind
// workloadRef), which starts an ordinary update to it.
#include <algorithm>
#include <ostream>

#include "api/apps/replica_set.h"
#include "api/core/pod_template.h"
#include "cli/commands/commands.h"
#include "cli/requests.h"

namespace canaria::cli {
namespace {

struct Revision {
  std::int64_t number = 0;
  json::Value pod_template;
};

// The ReplicaSets that the Rollout controls, newest revision first.
std::vector<Revision> revisions_of(const std::string& uid, const std::vector<json::Value>& sets) {
  std::vector<Revision> revisions;
  for (const json::Value& object : sets) {
    const api::ReplicaSet set = api::parse_replica_set(object);
    const api::OwnerReference* owner = set.metadata.controller();
    const json::Value* pod_template = json::find(object, "spec.template");
    if (owner && owner->uid == uid && pod_template) revisions.push_back({set.revision().value_or(0), *pod_template});
  }
  std::ranges::stable_sort(revisions, std::greater<>(), &Revision::number);
  return revisions;
}

Result<Revision> pick_revision(const std::vector<Revision>& revisions, std::int64_t wanted, const std::string& name) {
  if (wanted > 0) {
    const auto found = std::ranges::find(revisions, wanted, &Revision::number);
    if (found == revisions.end())
      return fail(Code::kNotFound, "unable to find specified revision " + std::to_string(wanted) + " in history");
    return *found;
  }
  if (revisions.size() < 2) return fail(Code::kNotFound, "no revision found for rollout \"" + name + "\"");
  return revisions[1];
}

json::Value without_hash_label(json::Value pod_template) {
  if (auto* labels = const_cast<json::Value*>(json::find(pod_template, "metadata.labels")); labels && labels->is_object())
    labels->get_object().erase(api::kHashLabel);
  return pod_template;
}

struct Target {
  api::Resource resource;
  std::string name;
  std::string path;  // dotted, of the pod template
};

Result<Target> target_of(const json::Value& rollout, const std::string& name) {
  const std::string kind(json::text_at(rollout, "spec.workloadRef.kind"));
  if (kind.empty()) return Target{api::resources::rollouts(), name, "spec.template"};
  const bool known = kind == "Deployment" || kind == "ReplicaSet" || kind == "PodTemplate";
  const api::Resource* resource = api::find_resource(json::text_at(rollout, "spec.workloadRef.apiVersion"), kind);
  if (!known || !resource) return fail(Code::kInvalid, "workload of type " + kind + " is not supported");
  return Target{*resource, std::string(json::text_at(rollout, "spec.workloadRef.name")),
                kind == "PodTemplate" ? "template" : "spec.template"};
}

bool is_current(const json::Value& object, const std::string& path, const json::Value& pod_template) {
  const json::Value* current = json::find(object, path);
  return current && api::same_pod_template(api::canonical_pod_template(pod_template), api::canonical_pod_template(*current));
}

json::Value replacement(std::string path, json::Value pod_template) {
  std::ranges::replace(path, '.', '/');
  json::Object operation;
  operation["op"] = "replace";
  operation["path"] = "/" + path;
  operation["value"] = std::move(pod_template);
  json::Array operations;
  operations.push_back(std::move(operation));
  return operations;
}

Task<Outcome> run(const Call* call) {
  CO_TRY(Connection connection, co_await connect(call));
  const std::string name = call->arguments.words.front();
  CO_TRY(json::Value object, co_await get_object(connection, api::resources::rollouts(), name));
  ListQuery query;
  query.namespace_ = connection.namespace_;
  if (const auto& selector = api::parse_rollout(object).spec.selector) query.label_selector = lang::selector_text(*selector);
  CO_TRY(const ObjectList sets,
         co_await list_all(connection.client, api::resources::replica_sets(), std::move(query), MissingResource::kIsError));
  const std::int64_t wanted = call->arguments.integer("to-revision");
  const auto revisions = revisions_of(std::string(json::text_at(object, "metadata.uid")), sets.items);
  CO_TRY(Revision revision, pick_revision(revisions, wanted, name));
  CO_TRY(const Target target, target_of(object, name));
  if (target.resource.kind != "Rollout") {
    auto workload = co_await get_object(connection, target.resource, target.name);
    if (!workload) co_return fail(std::move(workload).error());
    object = *std::move(workload);
  }
  json::Value pod_template = without_hash_label(std::move(revision.pod_template));
  if (is_current(object, target.path, pod_template)) {
    // Compat: without line break, and with the number as it was asked for.
    call->out() << "skipped rollback (current template already matches revision " << wanted << ")";
    co_return 0;
  }
  json::Value body = replacement(target.path, std::move(pod_template));
  auto patched = co_await patch_object(connection, target.resource, target.name, PatchKind::kJson, std::move(body), "");
  if (!patched)
    co_return fail(patched.error().code, "failed restoring revision " + std::to_string(wanted) + ": " + patched.error().message);
  call->out() << "rollout '" << name << "' undo\n";
  co_return 0;
}

}  // namespace

Command undo_command() {
  Command command;
  command.name = "undo";
  command.operands = "ROLLOUT_NAME";
  command.summary = "Go back to an earlier revision";
  command.example = "undo guestbook\nundo guestbook --to-revision=3";
  command.flags = {{"to-revision", 0, FlagKind::kInteger, "0", "the revision to go back to; 0 means the one before", ""}};
  command.words_min = command.words_max = 1;
  command.completes = Completes::kRolloutNames;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
