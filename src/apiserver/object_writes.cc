#include "apiserver/object_writes.h"

#include <array>
#include <fmt/format.h>

#include "apiserver/object_reads.h"
#include "apiserver/shown_objects.h"
#include "apiserver/status_answer.h"
#include "apiserver/write_options.h"

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

}  // namespace

Task<net::ServerResponse> ObjectWrites::create(RequestPointer request) {
  if (const auto unreadable = unreadable_body(*request)) co_return refuse(*unreadable);
  auto body = object_body(*request);
  if (!body) co_return refuse(*request, body.error());
  const auto options = write_options(*request);
  if (!options) co_return refuse(*request, options.error());
  const auto check = check_fields(*request, *body);
  if (!check) co_return refuse(*request, check.error());
  WriteOptions given = *options;
  const auto created = co_await store_.create(request->served->resource, request->key(), *std::move(body), std::move(given));
  if (created) request->created_name = json::text_at(*created, "metadata.name");
  net::ServerResponse response =
      created ? show_written(*request, store_, 201, *created, clock_.now()) : refuse(*request, created.error());
  add_warnings(response, check->warnings);
  co_return response;
}

Task<net::ServerResponse> ObjectWrites::update(RequestPointer request) {
  if (const auto unreadable = unreadable_body(*request)) co_return refuse(*unreadable);
  auto body = object_body(*request);
  if (!body) co_return refuse(*request, body.error());
  const auto options = write_options(*request);
  if (!options) co_return refuse(*request, options.error());
  const auto check = check_fields(*request, *body);
  if (!check) co_return refuse(*request, check.error());
  WriteOptions given = *options;
  const auto updated = co_await store_.update(request->served->resource, request->key(), *std::move(body), std::move(given));
  net::ServerResponse response =
      updated ? show_written(*request, store_, 200, *updated, clock_.now()) : refuse(*request, updated.error());
  add_warnings(response, check->warnings);
  co_return response;
}

Task<net::ServerResponse> ObjectWrites::patch(RequestPointer request) {
  if (const auto unreadable = unreadable_patch(*request)) co_return refuse(*unreadable);
  auto body = patch_body(*request);
  if (!body) co_return refuse(*request, body.error());
  const auto options = write_options(*request);
  if (!options) co_return refuse(*request, options.error());
  const auto check = check_fields(*request, body->patch);
  if (!check) co_return refuse(*request, check.error());
  WriteOptions given = *options;
  const bool was_there = store_.find(request->served->resource, request->key()) != nullptr;
  const auto patched =
      co_await store_.patch(request->served->resource, request->key(), body->kind, std::move(body->patch), std::move(given));
  net::ServerResponse response =
      patched ? show_written(*request, store_, was_there ? 200 : 201, *patched, clock_.now()) : refuse(*request, patched.error());
  add_warnings(response, check->warnings);
  co_return response;
}

net::ServerResponse ObjectWrites::show_removed(const ApiRequest& request, const json::Value& object) {
  const std::string uid(json::text_at(object, "metadata.uid"));
  const store::ObjectPointer left = store_.find(request.served->resource, request.key());
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
  const auto removed = co_await store_.remove_object(request->served->resource, request->key(), *std::move(options));
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
  const auto page = store_.page(request->served->resource, *query);
  if (!page) co_return refuse(*request, as_bad_request(page.error()));
  for (const store::KeyedObject& keyed : page->objects) {
    store::DeleteOptions given = *options;
    const auto removed = co_await store_.remove_object(request->served->resource, keyed.key, std::move(given));
    if (!removed && removed.error().code != Code::kNotFound) co_return refuse(*request, removed.error());
  }
  co_return show_list(*request, *page, clock_.now());
}

}  // namespace canaria::apiserver
