#include "kube/http_object_client.h"

#include <fmt/format.h>

#include "async/timers.h"
#include "json/write.h"
#include "kube/api_status.h"
#include "net/url.h"

namespace canaria::kube {
namespace {

constexpr Millis kWatchMargin{15'000};  // how much later than the server we end a silent watch
constexpr Seconds kLongestWait{60};

std::string collection_path(const api::Resource& resource, const std::string& namespace_) {
  std::string path =
      resource.group.empty() ? "/api/" + resource.version : fmt::format("/apis/{}/{}", resource.group, resource.version);
  if (resource.scope == api::Scope::kNamespaced && !namespace_.empty()) path += "/namespaces/" + net::escape(namespace_);
  return path + "/" + resource.plural;
}

std::string object_path(const api::Resource& resource, const api::ObjectKey& key, const std::string& subresource) {
  std::string path = collection_path(resource, key.namespace_) + "/" + net::escape(key.name);
  if (!subresource.empty()) path += "/" + subresource;
  return path;
}

void add(net::QueryParameters& query, const char* name, const std::string& value) {
  if (!value.empty()) query.emplace_back(name, value);
}

std::string_view content_type(PatchKind kind) {
  switch (kind) {
    case PatchKind::kMerge: return "application/merge-patch+json";
    case PatchKind::kJson: return "application/json-patch+json";
    case PatchKind::kStrategic: return "application/strategic-merge-patch+json";
    case PatchKind::kApply: return "application/apply-patch+yaml";
  }
  return "application/json";
}

std::string_view to_string(Propagation propagation) {
  switch (propagation) {
    case Propagation::kBackground: return "Background";
    case Propagation::kForeground: return "Foreground";
    case Propagation::kOrphan: return "Orphan";
  }
  return "Background";
}

std::optional<WatchEventKind> event_kind(std::string_view type) {
  if (type == "ADDED") return WatchEventKind::kAdded;
  if (type == "MODIFIED") return WatchEventKind::kModified;
  if (type == "DELETED") return WatchEventKind::kDeleted;
  if (type == "BOOKMARK") return WatchEventKind::kBookmark;
  return std::nullopt;
}

// Takes the lines of one watch; remembers the error that the server or a malformed line brought.
class WatchLines {
 public:
  explicit WatchLines(WatchSink sink) : sink_(std::move(sink)) {}

  void take(std::string_view line) {
    if (error_ || line.empty()) return;
    // Runs inside a callback of the HTTP library, which no exception may leave.
    try {
      take_parsed(json::parse(line));
    } catch (const std::exception& thrown) {
      error_ = Error{Code::kInternal, fmt::format("taking in a watch event: {}", thrown.what()), std::nullopt};
    }
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  void take_parsed(Result<json::Value> event) {
    if (!event) {
      error_ = Error{Code::kUnavailable, "watch event: " + event.error().message, std::nullopt};
      return;
    }
    const std::string type(json::text_at(*event, "type"));
    json::Object* members = event->if_object();
    json::Value* object = members ? members->if_contains("object") : nullptr;
    if (type == "ERROR" && object) {
      error_ = error_from_status(*object);
      return;
    }
    const auto kind = event_kind(type);
    if (kind && object) sink_(WatchEvent{*kind, std::move(*object)});
  }

  WatchSink sink_;
  std::optional<Error> error_;
};

// What a 401 leaves unsaid: whose credentials those were, and what to do.
Error with_advice(Error error, const ClusterAccess& access) {
  if (error.code == Code::kUnauthorized)
    error.message += fmt::format(
        ": the server does not accept the credentials of {}; log in again or check its token or "
        "client certificate",
        access.origin);
  return error;
}

}  // namespace

// One request before credentials are added.
struct HttpObjectClient::Call {
  Call(const char* verb_, const char* method_, const api::Resource& resource_, api::ObjectKey key_)
      : verb(verb_), method(method_), plural(resource_.plural), what(resource_.qualified()), key(std::move(key_)) {}
  std::string verb;  // for metrics and messages
  std::string method;
  std::string plural;
  std::string what;
  api::ObjectKey key;
  std::string path;
  net::QueryParameters query;
  std::string body;
  std::string content_type = "application/json";

  void add_write_options(const WriteOptions& options) {
    if (options.dry_run == DryRun::kYes) query.emplace_back("dryRun", "All");
    add(query, "fieldManager", options.field_manager);
  }
  // "patch rollouts.argoproj.io shop/web"
  std::string describe() const {
    std::string text = fmt::format("{} {}", verb, what);
    text.front() = static_cast<char>(text.front() | 0x20);
    const std::string name = key.text();
    return name.empty() || name == "/" ? text : text + " " + name;
  }
};

HttpObjectClient::HttpObjectClient(HttpClient& http, Credentials& credentials, ObjectClientOptions options)
    : http_(http), credentials_(credentials), options_(std::move(options)) {
  const Millis wanted = credentials.access().request_timeout;
  if (wanted > Millis(0)) options_.timeout = wanted;
  if (options_.qps > 0) bucket_.emplace(options_.qps, std::max(1.0, options_.burst));
}

Task<Result<json::Value>> HttpObjectClient::get(api::Resource resource, api::ObjectKey key) {
  Call call("Get", "GET", resource, key);
  call.path = object_path(resource, key, "");
  return exchange(std::move(call));
}

Task<Result<json::Value>> HttpObjectClient::get_path(std::string path) {
  const api::Resource none;
  const api::ObjectKey nothing;
  Call call("Get", "GET", none, nothing);
  call.what = path;
  call.path = std::move(path);
  return exchange(std::move(call));
}

Task<Result<ObjectList>> HttpObjectClient::list(api::Resource resource, ListQuery query) {
  const api::ObjectKey place{query.namespace_, ""};
  Call call("List", "GET", resource, place);
  call.path = collection_path(resource, query.namespace_);
  add(call.query, "labelSelector", query.label_selector);
  add(call.query, "fieldSelector", query.field_selector);
  if (query.limit > 0) call.query.emplace_back("limit", std::to_string(query.limit));
  add(call.query, "continue", query.continue_);
  add(call.query, "resourceVersion", query.resource_version);
  const std::string what = call.describe();
  CO_TRY(json::Value body, co_await exchange(std::move(call)));
  ObjectList page;
  page.resource_version = json::text_at(body, "metadata.resourceVersion");
  page.continue_ = json::text_at(body, "metadata.continue");
  json::Object* members = body.if_object();
  json::Value* items = members ? members->if_contains("items") : nullptr;
  if (!items || items->is_null()) co_return page;
  if (!items->is_array()) co_return fail(Code::kUnavailable, what + ": the answer is not a list; check the server address");
  page.items.reserve(items->get_array().size());
  for (json::Value& item : items->get_array()) page.items.push_back(std::move(item));
  co_return page;
}

Task<Status> HttpObjectClient::watch(api::Resource resource, WatchQuery query, WatchSink sink) {
  const api::ObjectKey place{query.namespace_, ""};
  Call call("Watch", "GET", resource, place);
  call.path = collection_path(resource, query.namespace_);
  call.query = {{"watch", "true"}, {"allowWatchBookmarks", "true"}};
  call.query.emplace_back("timeoutSeconds", std::to_string(query.timeout.count()));
  add(call.query, "resourceVersion", query.resource_version);
  add(call.query, "labelSelector", query.label_selector);
  add(call.query, "fieldSelector", query.field_selector);
  if (query.initial == InitialEvents::kYes) {
    call.query.emplace_back("sendInitialEvents", "true");
    call.query.emplace_back("resourceVersionMatch", "NotOlderThan");
  }
  const std::string what = call.describe();
  const Millis idle_limit = Millis(query.timeout) + kWatchMargin;
  WatchLines lines(std::move(sink));
  for (int tries = 0;; ++tries) {
    CO_TRY(HttpRequest request, co_await prepare(call));
    const LineSink take = [&lines](std::string_view line) { lines.take(line); };
    auto response = co_await http_.stream(std::move(request), idle_limit, take);
    if (lines.error()) co_return wrap(what, *lines.error());
    if (!response) co_return wrap(what, response.error());
    count(call, response->status);
    if (response->status >= 200 && response->status < 300) co_return Status();
    if (response->status == 401 && tries == 0 && credentials_.refused()) continue;
    co_return wrap(what, with_advice(error_from_response(*response), credentials_.access()));
  }
}

Task<Result<json::Value>> HttpObjectClient::create(api::Resource resource, api::ObjectKey key, json::Value object,
                                                   WriteOptions options) {
  Call call("Create", "POST", resource, key);
  call.path =
      options.subresource.empty() ? collection_path(resource, key.namespace_) : object_path(resource, key, options.subresource);
  call.body = json::write(object);
  call.add_write_options(options);
  return exchange(std::move(call));
}

Task<Result<json::Value>> HttpObjectClient::update(api::Resource resource, api::ObjectKey key, json::Value object,
                                                   WriteOptions options) {
  Call call("Update", "PUT", resource, key);
  call.path = object_path(resource, key, options.subresource);
  call.body = json::write(object);
  call.add_write_options(options);
  return exchange(std::move(call));
}

Task<Result<json::Value>> HttpObjectClient::patch(api::Resource resource, api::ObjectKey key, PatchKind kind, json::Value body,
                                                  WriteOptions options) {
  Call call("Patch", "PATCH", resource, key);
  call.path = object_path(resource, key, options.subresource);
  call.body = json::write(body);
  call.content_type = content_type(kind);
  if (kind == PatchKind::kApply) {
    if (options.field_manager.empty()) options.field_manager = options_.field_manager;
    call.query.emplace_back("force", "true");
  }
  call.add_write_options(options);
  return exchange(std::move(call));
}

Task<Status> HttpObjectClient::remove(api::Resource resource, api::ObjectKey key, Propagation propagation) {
  Call call("Delete", "DELETE", resource, key);
  call.path = object_path(resource, key, "");
  call.query.emplace_back("propagationPolicy", std::string(to_string(propagation)));
  const auto response = co_await answer(std::move(call));
  if (!response) co_return fail(response.error());
  co_return Status();
}

Task<Status> HttpObjectClient::remove_now(api::Resource resource, api::ObjectKey key, std::string uid) {
  Call call("Delete", "DELETE", resource, key);
  call.path = object_path(resource, key, "");
  json::Object options;
  options["apiVersion"] = "v1";
  options["kind"] = "DeleteOptions";
  options["gracePeriodSeconds"] = 0;
  options["preconditions"] = json::Object{{"uid", uid}};
  call.body = json::write(json::Value(std::move(options)));
  const auto response = co_await answer(std::move(call));
  if (!response) co_return fail(response.error());
  co_return Status();
}

Task<Result<json::Value>> HttpObjectClient::exchange(Call call) {
  const std::string what = call.describe();
  CO_TRY(HttpResponse response, co_await answer(std::move(call)));
  auto body = json::parse(response.body);
  if (!body)
    co_return fail(Code::kUnavailable, fmt::format("{}: the answer is not JSON ({}); check that {} is a Kubernetes API server",
                                                   what, body.error().message, credentials_.access().server));
  co_return body;
}

// A response of 2xx. Waits and repeats when the server asks for it: such a request has not been carried out.
Task<Result<HttpResponse>> HttpObjectClient::answer(Call call) {
  const std::string what = call.describe();
  bool refreshed = false;
  for (int waits = 0;;) {
    auto response = co_await attempt(call);
    if (!response) co_return wrap(what, response.error());
    if (response->status >= 200 && response->status < 300) co_return response;
    if (response->status == 401 && !refreshed && credentials_.refused()) {
      refreshed = true;
      continue;
    }
    const Error error = with_advice(error_from_response(*response), credentials_.access());
    const bool asks_to_wait = response->status == 429 || (response->status >= 500 && error.retry_after);
    if (!asks_to_wait || ++waits > options_.most_waits || error.retry_after > kLongestWait) co_return wrap(what, error);
    const Seconds wait = error.retry_after.value_or(Seconds(1));
    co_await async::sleep_for(wait);
  }
}

Task<Result<HttpResponse>> HttpObjectClient::attempt(Call call) {
  if (bucket_) {
    const TokenBucket::Span wait = bucket_->reserve(std::chrono::steady_clock::now());
    if (wait.count() > 0) co_await async::sleep_for(std::chrono::duration_cast<std::chrono::nanoseconds>(wait));
  }
  CO_TRY(HttpRequest request, co_await prepare(call));
  auto response = co_await http_.send(std::move(request));
  if (response) count(call, response->status);
  co_return response;
}

Task<Result<HttpRequest>> HttpObjectClient::prepare(Call call) {
  CO_TRY(Session session, co_await credentials_.session());
  HttpRequest request;
  request.method = call.method;
  request.url = credentials_.access().server + call.path;
  if (!call.query.empty()) request.url += "?" + net::format_query(call.query);
  request.headers = std::move(session.headers);
  request.headers.emplace_back("Accept", "application/json");
  if (!call.body.empty()) request.headers.emplace_back("Content-Type", call.content_type);
  request.body = std::move(call.body);
  request.peer = std::move(session.peer);
  request.timeout = options_.timeout;
  co_return request;
}

void HttpObjectClient::count(const Call& call, int status) const {
  if (!options_.on_request) return;
  const bool by_name = call.verb != "List" && call.verb != "Watch" && call.plural != "events" && call.plural != "replicasets";
  RequestRecord record;
  record.kind = call.plural;
  record.namespace_ = call.key.namespace_;
  record.name = by_name ? call.key.name : "N/A";
  record.verb = call.verb;
  record.status = status;
  options_.on_request(record);
}

}  // namespace canaria::kube
