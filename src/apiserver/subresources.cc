#include "apiserver/subresources.h"

#include <fmt/format.h>

#include "apiserver/shown_objects.h"
#include "apiserver/status_answer.h"
#include "apiserver/write_options.h"
#include "json/codec.h"
#include "json/patch.h"
#include "lang/selector.h"
#include "store/metadata.h"

namespace canaria::apiserver {
namespace {

// Writers of a Scale who name no version go on when somebody else wrote meanwhile.
constexpr int kAttempts = 5;

std::string selector_of(const ServedResource& served, const json::Value& object) {
  if (!served.scale->label_selector.empty()) return std::string(json::text_at(object, served.scale->label_selector));
  const json::Value* selector = json::find(object, "spec.selector");
  if (!selector) return "";
  const auto requirements = lang::to_requirements(json::decode<lang::LabelSelector>(*selector));
  return requirements ? lang::selector_text(*requirements) : "";
}

// {"spec": {"replicas": n}} from "spec.replicas".
json::Value nested(std::string_view path, json::Value leaf) {
  const std::size_t dot = path.rfind('.');
  json::Object object;
  object[path.substr(dot == std::string_view::npos ? 0 : dot + 1)] = std::move(leaf);
  if (dot == std::string_view::npos) return object;
  return nested(path.substr(0, dot), json::Value(std::move(object)));
}

Status check_scale(const json::Value& scale, const ApiRequest& request) {
  const std::int64_t replicas = json::int_at(scale, "spec.replicas");
  if (replicas >= 0) return {};
  const std::string problem = fmt::format("Invalid value: {}: must be greater than or equal to 0", replicas);
  Error error{Code::kInvalid, fmt::format("Scale.autoscaling \"{}\" is invalid: spec.replicas: {}", request.path.name, problem),
              std::nullopt};
  error.causes.push_back({"FieldValueInvalid", problem, "spec.replicas"});
  return fail(std::move(error));
}

// The Scale that the request wants instead of the present one.
Result<json::Value> wanted_scale(const ApiRequest& request, const json::Value& present) {
  if (request.verb == ApiVerb::kUpdate) return object_body(request);
  TRY(const PatchBody body, patch_body(request));
  if (body.kind == PatchKind::kJson) return json::apply_json_patch(present, body.patch);
  return json::merge_patch(present, body.patch);
}

net::ServerResponse refuse(const ApiRequest& request, const Error& error) { return refusal(error, subject_of(request)); }

}  // namespace

json::Value scale_of(const ServedResource& served, const json::Value& object) {
  json::Object metadata;
  if (const json::Value* all = json::find(object, "metadata"); all && all->is_object())
    for (const std::string_view key : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"})
      store::keep_member(all->get_object(), metadata, key);
  json::Object spec;
  spec["replicas"] = json::int_at(object, served.scale->spec_replicas);
  json::Object status;
  status["replicas"] = json::int_at(object, served.scale->status_replicas);
  if (std::string selector = selector_of(served, object); !selector.empty()) status["selector"] = std::move(selector);
  json::Object scale;
  scale["kind"] = "Scale";
  scale["apiVersion"] = "autoscaling/v1";
  scale["metadata"] = std::move(metadata);
  scale["spec"] = std::move(spec);
  scale["status"] = std::move(status);
  return scale;
}

json::Value scale_patch(const ServedResource& served, std::int64_t replicas, std::string_view resource_version) {
  json::Value patch = nested(served.scale->spec_replicas, json::Value(replicas));
  store::metadata_of(patch.get_object())["resourceVersion"] = resource_version;
  return patch;
}

bool Subresources::serves(std::string_view subresource) {
  return subresource == "scale" || subresource == "eviction" || subresource == "binding";
}

Task<net::ServerResponse> Subresources::serve(RequestPointer request) {
  if (request->path.subresource == "scale") return serve_scale(std::move(request));
  if (request->path.subresource == "eviction") return evictions_.serve(std::move(request));
  return bind(std::move(request));
}

Result<json::Value> Subresources::current(const ApiRequest& request) const {
  const store::ObjectPointer object = store_.find(request.served->resource, request.key());
  if (!object) return fail(store::not_found(request.served->resource, request.key()));
  return json::parse(object->text);
}

Task<net::ServerResponse> Subresources::serve_scale(RequestPointer request) {
  if (request->verb == ApiVerb::kGet) {
    const auto object = current(*request);
    if (!object) co_return refuse(*request, object.error());
    co_return show_document(*request, 200, scale_of(*request->served, *object));
  }
  if (request->verb != ApiVerb::kUpdate && request->verb != ApiVerb::kPatch)
    co_return refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  const auto unreadable = request->verb == ApiVerb::kPatch ? unreadable_patch(*request) : unreadable_body(*request);
  if (unreadable) co_return refusal(unreadable->status, unreadable->reason, unreadable->message);
  const auto written = co_await write_scale(request);
  if (!written) co_return refuse(*request, written.error());
  co_return show_document(*request, 200, scale_of(*request->served, *written));
}

Task<Result<json::Value>> Subresources::write_scale(RequestPointer request) {
  for (int attempt = 1;; ++attempt) {
    CO_TRY(const json::Value object, current(*request));
    const json::Value present = scale_of(*request->served, object);
    CO_TRY(const json::Value wanted, wanted_scale(*request, present));
    CO_CHECK(check_scale(wanted, *request));
    // Without a version of the client's: what was read here.
    const std::string_view named = json::text_at(wanted, "metadata.resourceVersion");
    const std::string version(named.empty() ? json::text_at(object, "metadata.resourceVersion") : named);
    json::Value patch = scale_patch(*request->served, json::int_at(wanted, "spec.replicas"), version);
    CO_TRY(WriteOptions options, write_options(*request));
    const auto written =
        co_await store_.patch(request->served->resource, request->key(), PatchKind::kMerge, std::move(patch), std::move(options));
    const bool is_raced = !written && written.error().code == Code::kConflict && request->verb == ApiVerb::kPatch;
    if (!is_raced || attempt == kAttempts) co_return written;
  }
}

Task<net::ServerResponse> Subresources::bind(RequestPointer request) {
  if (request->verb != ApiVerb::kCreate)
    co_return refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  if (const auto unreadable = unreadable_body(*request))
    co_return refusal(unreadable->status, unreadable->reason, unreadable->message);
  const auto body = object_body(*request);
  if (!body) co_return refuse(*request, body.error());
  const std::string node(json::text_at(*body, "target.name"));
  if (node.empty()) co_return refuse(*request, Error{Code::kInvalid, "target.name: Required value", std::nullopt});
  const auto object = current(*request);
  if (!object) co_return refuse(*request, object.error());
  if (const std::string_view bound = json::text_at(*object, "spec.nodeName"); !bound.empty())
    co_return refuse(*request,
                     Error{Code::kConflict,
                           fmt::format("Operation cannot be fulfilled on pods/binding \"{}\": pod {} is already assigned "
                                       "to node \"{}\"",
                                       request->path.name, request->path.name, bound),
                           std::nullopt});
  json::Value patch = nested("spec.nodeName", json::Value(node));
  store::metadata_of(patch.get_object())["resourceVersion"] = json::text_at(*object, "metadata.resourceVersion");
  auto options = write_options(*request);
  if (!options) co_return refuse(*request, options.error());
  options->subresource.clear();
  const auto written =
      co_await store_.patch(request->served->resource, request->key(), PatchKind::kMerge, std::move(patch), *std::move(options));
  if (!written) co_return refuse(*request, written.error());
  co_return created_status(*request);
}

}  // namespace canaria::apiserver
