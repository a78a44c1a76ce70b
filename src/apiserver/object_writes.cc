#include "apiserver/object_writes.h"

#include <array>
#include <fmt/format.h>

#include "api/built_in_validation.h"
#include "api/built_in_warnings.h"
#include "apiserver/content.h"
#include "apiserver/content_errors.h"
#include "apiserver/object_reads.h"
#include "apiserver/shown_objects.h"
#include "apiserver/status_answer.h"
#include "apiserver/write_options.h"
#include "json/patch.h"
#include "json/strategic_patch.h"
#include "store/metadata.h"

namespace canaria::apiserver {
namespace {

// The Namespaces that everything else expects.
constexpr std::array<std::string_view, 3> kLasting = {"default", "kube-system", "kube-public"};

Status check_may_be_deleted(const ApiRequest& request) {
  if (request.served->resource.qualified() != "namespaces") return {};
  for (const std::string_view name : kLasting)
    if (name == request.path.name)
      return fail(Code::kForbidden, fmt::format("namespaces \"{}\" is forbidden: this namespace may not be deleted", name));
  return {};
}

net::ServerResponse refuse(const ApiRequest& request, const Error& error) { return refusal(error, subject_of(request)); }
net::ServerResponse refuse(const BodyRefusal& why) { return refusal(why.status, why.reason, why.message); }

// Kinds whose deletion is answered with the object; all others answer with a Status.
bool shows_deleted(const api::Resource& resource) {
  static constexpr std::array<std::string_view, 4> kShown = {"pods", "services", "serviceaccounts", "podtemplates"};
  for (const std::string_view name : kShown)
    if (resource.group.empty() && resource.plural == name) return true;
  return false;
}

// Writers of a patch go on when somebody else wrote meanwhile.
constexpr int kAttempts = 5;

json::Value stored_form(const ServedResource& served, json::Value shown) {
  return served.stored_form ? served.stored_form->stored(std::move(shown)) : shown;
}

// What a form asks beside the rules on the stored one.
Status check_form(const ApiRequest& request, const json::Value& body) {
  const api::Resource& resource = request.served->resource;
  if (!request.served->stored_form) return {};
  std::vector<ErrorCause> causes;
  for (const json::FieldError& error : api::validate(resource.api_version(), resource.kind, body, nullptr))
    causes.push_back(cause_of(error));
  if (causes.empty()) return {};
  return fail(invalid_object(resource, json::text_at(body, "metadata.name"), std::move(causes)));
}

// What is accepted, and yet told.
void add_kind_warnings(net::ServerResponse& response, const ServedResource& served, const Result<json::Value>& written) {
  if (written) add_warnings(response, api::warnings(served.resource.api_version(), served.resource.kind, *written));
}

Result<json::Value> patched(const ServedResource& served, PatchKind kind, const json::Value& shown, const json::Value& patch) {
  if (kind == PatchKind::kJson) return json::apply_json_patch(shown, patch);
  if (kind == PatchKind::kStrategic) return json::strategic_merge_patch(shown, patch, served.schema);
  return json::merge_patch(shown, patch);
}

}  // namespace

Task<net::ServerResponse> ObjectWrites::create(RequestPointer request) {
  if (const auto unreadable = unreadable_body(*request)) co_return refuse(*unreadable);
  const auto options = write_options(*request);
  if (!options) co_return refuse(*request, options.error());
  auto body = object_body(*request);
  if (!body) co_return refuse(*request, body.error());
  const auto check = check_fields(*request, *body);
  if (!check) co_return refuse(*request, check.error());
  const Status typed = check_metadata_types(*request->served, *body);
  if (!typed) co_return refuse(*request, typed.error());
  const Status sound = check_form(*request, *body);
  if (!sound) co_return refuse(*request, sound.error());
  WriteOptions given = *options;
  json::Value object = stored_form(*request->served, *std::move(body));
  const auto created = co_await store_.create(request->served->kept_as(), request->key(), std::move(object), std::move(given));
  if (created) request->created_name = json::text_at(*created, "metadata.name");
  net::ServerResponse response =
      created ? show_written(*request, store_, 201, *created, clock_.now()) : refuse(*request, created.error());
  add_kind_warnings(response, *request->served, created);
  add_warnings(response, check->warnings);
  co_return response;
}

Task<net::ServerResponse> ObjectWrites::update(RequestPointer request) {
  if (const auto unreadable = unreadable_body(*request)) co_return refuse(*unreadable);
  const auto options = write_options(*request);
  if (!options) co_return refuse(*request, options.error());
  auto body = object_body(*request);
  if (!body) co_return refuse(*request, body.error());
  const auto check = check_fields(*request, *body);
  if (!check) co_return refuse(*request, check.error());
  const Status typed = check_metadata_types(*request->served, *body);
  if (!typed) co_return refuse(*request, typed.error());
  WriteOptions given = *options;
  json::Value object = stored_form(*request->served, *std::move(body));
  const auto updated = co_await store_.update(request->served->kept_as(), request->key(), std::move(object), std::move(given));
  net::ServerResponse response =
      updated ? show_written(*request, store_, 200, *updated, clock_.now()) : refuse(*request, updated.error());
  add_kind_warnings(response, *request->served, updated);
  add_warnings(response, check->warnings);
  co_return response;
}

Task<net::ServerResponse> ObjectWrites::patch(RequestPointer request) {
  if (const auto unreadable = unreadable_patch(*request)) co_return refuse(*unreadable);
  auto body = patch_body(*request);
  if (!body) co_return refuse(*request, body.error());
  const auto options = write_options(*request);
  if (!options) co_return refuse(*request, options.error());
  if (const auto undeclared = undeclared_fields(*request, *body)) co_return refuse(*undeclared);
  const auto check = check_fields(*request, body->patch);
  if (!check) co_return refuse(*request, check.error());
  WriteOptions given = *options;
  const bool was_there = store_.find(request->served->kept_as(), request->key()) != nullptr;
  Result<json::Value> written = fail(Code::kInternal, "");
  if (request->served->stored_form)
    written = co_await patch_shown_form(request, body->kind, std::move(body->patch), std::move(given));
  else
    written =
        co_await store_.patch(request->served->resource, request->key(), body->kind, std::move(body->patch), std::move(given));
  if (!written && body->kind != PatchKind::kApply) written = fail(patch_error(*request, written.error()));
  net::ServerResponse response =
      written ? show_written(*request, store_, was_there ? 200 : 201, *written, clock_.now()) : refuse(*request, written.error());
  add_kind_warnings(response, *request->served, written);
  add_warnings(response, check->warnings);
  co_return response;
}

Task<Result<json::Value>> ObjectWrites::patch_shown_form(RequestPointer request, PatchKind kind, json::Value patch,
                                                         WriteOptions options) {
  const ServedResource& served = *request->served;
  if (kind == PatchKind::kApply) {
    // What is applied is only a part of an object, but it means the same in either form.
    json::Value applied = stored_form(served, std::move(patch));
    co_return co_await store_.patch(served.kept_as(), request->key(), kind, std::move(applied), std::move(options));
  }
  for (int attempt = 1;; ++attempt) {
    const store::ObjectPointer stored = store_.find(served.kept_as(), request->key());
    if (!stored) co_return fail(store::not_found(served.resource, request->key()));
    CO_TRY(json::Value object, json::parse(stored->text));
    const json::Value shown = served.stored_form->shown(std::move(object));
    CO_TRY(json::Value wanted, patched(served, kind, shown, patch));
    json::Value back = stored_form(served, std::move(wanted));
    WriteOptions given = options;
    auto written = co_await store_.update(served.kept_as(), request->key(), std::move(back), std::move(given));
    // A patch that names a version itself has lost for good.
    const bool names_version = !json::text_at(patch, "metadata.resourceVersion").empty();
    const bool is_raced = !written && written.error().code == Code::kConflict && !names_version;
    if (!is_raced || attempt == kAttempts) co_return written;
  }
}

net::ServerResponse ObjectWrites::show_removed(const ApiRequest& request, const json::Value& object) {
  const std::string uid(json::text_at(object, "metadata.uid"));
  const store::ObjectPointer left = store_.find(request.served->kept_as(), request.key());
  const bool is_gone = !left || left->text.find(uid) == std::string::npos;
  if (!is_gone || shows_deleted(request.served->resource)) return show_written(request, store_, 200, object, clock_.now());
  return show_document(request, 200, success_status(subject_of(request), uid));
}

Task<net::ServerResponse> ObjectWrites::remove(RequestPointer request) {
  const Status allowed = check_may_be_deleted(*request);
  if (!allowed) co_return refuse(*request, allowed.error());
  if (const auto unreadable = unreadable_body(*request)) co_return refuse(*unreadable);
  auto options = delete_options(*request);
  if (!options) co_return refuse(*request, options.error());
  const bool is_dry = options->dry_run == DryRun::kYes;
  const auto removed = co_await store_.remove_object(request->served->kept_as(), request->key(), *std::move(options));
  if (!removed) co_return refuse(*request, removed.error());
  if (!is_dry || shows_deleted(request->served->resource)) co_return show_removed(*request, *removed);
  co_return show_document(*request, 200, success_status(subject_of(*request), json::text_at(*removed, "metadata.uid")));
}

Task<net::ServerResponse> ObjectWrites::remove_all(RequestPointer request) {
  if (const auto unreadable = unreadable_body(*request)) co_return refuse(*unreadable);
  const auto options = delete_options(*request);
  if (!options) co_return refuse(*request, options.error());
  const auto query = list_query(*request);
  if (!query) co_return refuse(*request, query.error());
  const auto page = store_.page(request->served->kept_as(), *query);
  if (!page) co_return refuse(*request, as_bad_request(page.error()));
  for (const store::KeyedObject& keyed : page->objects) {
    store::DeleteOptions given = *options;
    const auto removed = co_await store_.remove_object(request->served->kept_as(), keyed.key, std::move(given));
    if (!removed && removed.error().code != Code::kNotFound) co_return refuse(*request, removed.error());
  }
  co_return show_list(*request, *page, clock_.now());
}

}  // namespace canaria::apiserver
