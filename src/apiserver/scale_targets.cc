#include "apiserver/scale_targets.h"

#include <fmt/format.h>

#include "apiserver/subresources.h"

namespace canaria::apiserver {
namespace {

std::string_view group_of(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

}  // namespace

// The version of the reference when it is served, any other of the same kind otherwise.
Result<const ServedResource*> ScaleTargets::resource_of(const ScaleTarget& target) const {
  const ServedResource* found = served_.find_kind(target.api_version, target.kind);
  const std::string_view group = group_of(target.api_version);
  for (const ServedResource* one : served_.all())
    if (!found && one->resource.kind == target.kind && one->resource.group == group) found = one;
  if (!found) {
    const std::string place = group.empty() ? "version \"" + target.api_version + "\"" : fmt::format("group \"{}\"", group);
    return fail(Code::kNotFound, fmt::format("no matches for kind \"{}\" in {}", target.kind, place));
  }
  if (!found->scale) return fail(Code::kNotFound, "the server could not find the requested resource");
  return found;
}

Task<Result<Scale>> ScaleTargets::scale_of(ScaleTarget target) {
  CO_TRY(const ServedResource* served, resource_of(target));
  const store::ObjectPointer stored = store_.find(served->resource, target.key);
  if (!stored) co_return fail(store::not_found(served->resource, target.key));
  CO_TRY(const json::Value object, json::parse(stored->text));
  const json::Value shown = apiserver::scale_of(*served, object);
  Scale scale;
  scale.wanted = static_cast<std::int32_t>(json::int_at(shown, "spec.replicas"));
  scale.present = static_cast<std::int32_t>(json::int_at(shown, "status.replicas"));
  scale.selector = json::text_at(shown, "status.selector");
  scale.resource_version = json::text_at(shown, "metadata.resourceVersion");
  co_return scale;
}

Task<Status> ScaleTargets::resize(ScaleTarget target, std::int32_t replicas, std::string resource_version) {
  CO_TRY(const ServedResource* served, resource_of(target));
  json::Value patch = scale_patch(*served, replicas, resource_version);
  const auto written = co_await store_.patch(served->resource, target.key, PatchKind::kMerge, std::move(patch), WriteOptions());
  if (!written) co_return fail(written.error());
  co_return Status();
}

}  // namespace canaria::apiserver
