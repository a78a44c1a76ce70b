#include "apiserver/api_server.h"

#include <algorithm>
#include <fmt/format.h>

#include "apiserver/discovery.h"
#include "apiserver/document_caching.h"
#include "apiserver/object_reads.h"
#include "apiserver/open_api.h"
#include "apiserver/reviews.h"
#include "apiserver/server_documents.h"
#include "apiserver/status_answer.h"

namespace canaria::apiserver {
namespace {

net::HttpServerOptions listener(const ApiServerOptions& options) {
  net::HttpServerOptions listening;
  listening.address = options.address;
  listening.port = options.port;
  listening.body_limit = options.body_limit;
  listening.connection_limit = options.connection_limit;
  listening.certificate_pem = options.certificate_pem;
  listening.key_pem = options.key_pem;
  listening.name = "API server";
  listening.too_large =
      refusal(413, "RequestEntityTooLarge", fmt::format("Request entity too large: limit is {}", options.body_limit));
  return listening;
}

net::ServerResponse not_allowed() {
  return refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}
net::ServerResponse unknown_resource() {
  return refusal(Error{Code::kNotFound, "the server could not find the requested resource", std::nullopt});
}
// The subresources of pods that give a connection to a process; an answer that tells people what to do instead.
std::optional<net::ServerResponse> missing_connection(const ResourcePath& path) {
  if (!path.group.empty() || path.plural != "pods") return std::nullopt;
  const bool is_port = path.subresource == "portforward" || path.subresource == "proxy";
  if (!is_port && path.subresource != "exec" && path.subresource != "attach") return std::nullopt;
  return refusal(501, "NotImplemented",
                 is_port ? "ports of pods are not forwarded: this machine reaches the pod under its own address, see "
                           "`kubectl get pod " +
                               path.name + " -o wide`"
                         : "`kubectl " + path.subresource +
                               "` is not available: containers are processes of this machine, see `ps` "
                               "and `kubectl logs " +
                               path.name + "`");
}
net::ServerResponse unknown_path() { return {404, "404 page not found\n"}; }
net::ServerResponse not_acceptable() {
  return refusal(406, "NotAcceptable", fmt::format("only the following media types are accepted: {}", kAcceptedTypes));
}

}  // namespace

ApiServer::ApiServer(async::Loop& loop, store::ObjectStore& store, ServedResources& served, const Clock& clock,
                     ApiServerOptions options)
    : store_(store),
      served_(served),
      clock_(clock),
      options_(std::move(options)),
      audit_(clock),
      watches_(store, clock),
      writes_(store, clock),
      subresources_(store, clock),
      log_requests_(store, options_.pod_logs, clock),
      namespaces_(loop, store, served, clock),
      server_(loop, listener(options_)) {
  server_.route("/", [this](net::ServerRequest http) { return serve(std::move(http)); });
}

void ApiServer::route(std::string path, RouteAccess access, net::HttpServer::Handler handler) {
  server_.route(std::move(path), [this, access, handler = std::move(handler)](net::ServerRequest http) {
    return serve_route(handler, access, std::move(http));
  });
}

Task<net::ServerResponse> ApiServer::serve_route(net::HttpServer::Handler handler, RouteAccess access, net::ServerRequest http) {
  if (access == RouteAccess::kMasters) {
    const auto requester = authenticate(options_.users, http.headers);
    if (!requester) co_return refusal(requester.error());
    if (!requester->is_master())
      co_return refusal(Error{Code::kForbidden,
                              fmt::format("forbidden: User \"{}\" cannot get path \"{}\"", requester->user, http.path),
                              std::nullopt});
  }
  co_return co_await handler(std::move(http));
}

Task<Result<std::uint16_t>> ApiServer::open() {
  if (!options_.audit_log_path.empty()) {
    CO_CHECK(audit_.open(options_.audit_log_path));
  }
  CO_CHECK(co_await namespaces_.make_lasting());
  namespaces_.start();
  co_return server_.open();
}

Task<void> ApiServer::stop() {
  co_await server_.stop();
  co_await namespaces_.stop();
}

void ApiServer::note(const ApiRequest& request, int status, Time received) {
  audit_.write(request, AuditStage::kResponseComplete, status, received);
}

Task<net::ServerResponse> ApiServer::serve(net::ServerRequest http) {
  // Health and version are nobody's secret; probes have no token.
  if (auto open_document = public_document(http)) co_return std::move(*open_document);
  const Time received = clock_.now();
  const auto request = std::make_shared<ApiRequest>();
  request->http = std::move(http);
  if (audit_.is_open()) request->audit_id = audit_.next_id();
  net::ServerResponse response;
  auto requester = authenticate(options_.users, request->http.headers);
  if (requester) {
    request->requester = *std::move(requester);
    response = co_await answer(request, received);
  } else {
    response = refusal(requester.error());
  }
  if (!request->audit_id.empty()) response.headers.emplace_back("Audit-Id", request->audit_id);
  // The end of a stream is noted when it ends.
  if (!response.stream) note(*request, response.status, received);
  co_return response;
}

Task<net::ServerResponse> ApiServer::answer(RequestPointer request, Time received) {
  request->query = net::parse_query(request->http.query);
  auto path = parse_resource_path(request->http.path);
  if (!path) co_return serve_document(*request);
  request->path = *std::move(path);
  co_return co_await serve_resource(std::move(request), received);
}

net::ServerResponse ApiServer::serve_document(const ApiRequest& request) {
  const std::string_view accept = find_header(request.http.headers, "Accept");
  const std::string& path = request.http.path;
  if (request.http.method != "GET" && request.http.method != "HEAD") return not_allowed();
  std::optional<TypedDocument> document;
  if (path.starts_with("/openapi/")) document = open_api_document(served_, path, accept, request.http.query);
  else document = discovery_document(served_, path, accept);
  if (!document) return is_below_known_group(path) ? unknown_resource() : unknown_path();
  return cacheable_answer(request.http, *std::move(document), clock_.now());
}

bool ApiServer::is_below_known_group(std::string_view path) const {
  constexpr std::string_view kGroups = "/apis/";
  if (!path.starts_with(kGroups)) return path.starts_with("/api");
  path.remove_prefix(kGroups.size());
  return serves_group(path.substr(0, path.find('/')));
}

bool ApiServer::serves_group(std::string_view group) const {
  return std::ranges::any_of(served_.all(), [&](const ServedResource* one) { return one->resource.group == group; });
}

Task<net::ServerResponse> ApiServer::serve_resource(RequestPointer request, Time received) {
  const ResourcePath& path = request->path;
  const auto verb = verb_of(request->http.method, path, request->query);
  request->served = served_.find(path.group, path.version, path.plural);
  if (verb) request->verb = *verb;
  const Status allowed = authorize(*request);
  if (!allowed) co_return refusal(allowed.error(), subject_of(*request));
  const ServedResource* served = request->served;
  if (!served && !path.group.empty() && !serves_group(path.group)) co_return unknown_path();
  if (auto missing = missing_connection(path)) co_return *std::move(missing);
  if (!served || (!path.subresource.empty() && path.subresource != "finalize" && !served->subresource(path.subresource)))
    co_return unknown_resource();
  const bool is_cluster_wide = served->resource.scope == api::Scope::kCluster;
  if (is_cluster_wide && !path.namespace_.empty()) co_return unknown_resource();
  if (!verb) co_return not_allowed();
  if (!is_cluster_wide && path.namespace_.empty() && (!path.name.empty() || *verb == ApiVerb::kCreate)) co_return not_allowed();
  const auto wanted = negotiate(find_header(request->http.headers, "Accept"));
  // A log is plain text, whatever the client says it takes.
  if (!wanted && path.subresource != "log") co_return not_acceptable();
  request->answer = wanted.value_or(Answer());
  if (is_review(*served)) co_return request->verb == ApiVerb::kCreate ? answer_review(*request) : not_allowed();
  co_return co_await serve_verb(std::move(request), received);
}

Task<net::ServerResponse> ApiServer::serve_verb(RequestPointer request, Time received) {
  const std::string& subresource = request->path.subresource;
  if (subresource == "log") co_return log_requests_.begin(std::move(request));
  if (Subresources::serves(subresource)) co_return co_await subresources_.serve(std::move(request));
  switch (request->verb) {
    case ApiVerb::kGet: co_return get_object(*request, store_, clock_);
    case ApiVerb::kList: co_return list_objects(*request, store_, clock_);
    case ApiVerb::kWatch: {
      net::ServerResponse response = watches_.begin(request, [this, request, received] { note(*request, 200, received); });
      if (response.stream) audit_.write(*request, AuditStage::kResponseStarted, 200, received);
      co_return response;
    }
    case ApiVerb::kCreate: co_return co_await writes_.create(std::move(request));
    case ApiVerb::kUpdate: co_return co_await writes_.update(std::move(request));
    case ApiVerb::kPatch: co_return co_await writes_.patch(std::move(request));
    case ApiVerb::kDelete: co_return co_await writes_.remove(std::move(request));
    case ApiVerb::kDeleteCollection: co_return co_await writes_.remove_all(std::move(request));
  }
  co_return not_allowed();
}

}  // namespace canaria::apiserver
