// The embedded API server: HTTPS on loopback, paths to verbs, answers of the store as Kubernetes clients expect them. kubectl
// and client libraries do not notice the difference for what is served here (served_resources.h).
//
// A request passes authentication, routing, authorization and then one of the verbs (object_reads, object_writes, watches,
// subresources). Rules for objects are not here: metadata is the store's, content is ServedResources'.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apiserver/audit_log.h"
#include "apiserver/authentication.h"
#include "apiserver/namespaces.h"
#include "apiserver/object_writes.h"
#include "apiserver/pod_log_requests.h"
#include "apiserver/served_resources.h"
#include "apiserver/subresources.h"
#include "apiserver/watches.h"
#include "async/loop.h"
#include "net/http_server.h"
#include "ports/clock.h"
#include "ports/pod_logs.h"
#include "store/object_store.h"

namespace canaria::apiserver {

// Who may ask a route that is not the API's.
enum class RouteAccess { kEverybody, kMasters };

struct ApiServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;        // 0: any free one
  std::string certificate_pem;   // empty: plain HTTP, for tests
  std::string key_pem;
  std::vector<ApiUser> users;
  PodLogs* pod_logs = nullptr;   // null: pods have no logs
  std::string audit_log_path;    // empty: none
  std::size_t connection_limit = 4096;
  std::size_t body_limit = 3 << 20;  // as the API server takes
};

class ApiServer {
 public:
  // The store was opened with the policies and content rules of `served`, which follows it. All outlive stop().
  ApiServer(async::Loop& loop, store::ObjectStore& store, ServedResources& served, const Clock& clock, ApiServerOptions options);

  // Another path, or everything below one that ends in "/": metrics, a dashboard. REQUIRES: not open.
  void route(std::string path, RouteAccess access, net::HttpServer::Handler handler);

  // Makes the Namespaces that everybody expects and listens; returns the port. Fails with kUnavailable and kInvalid.
  Task<Result<std::uint16_t>> open();
  // Closes all connections. The store is stopped afterwards.
  Task<void> stop();

 private:
  Task<net::ServerResponse> serve(net::ServerRequest http);
  Task<net::ServerResponse> answer(RequestPointer request, Time received);
  bool serves_group(std::string_view group) const;
  bool is_below_known_group(std::string_view path) const;
  Task<net::ServerResponse> serve_resource(RequestPointer request, Time received);
  Task<net::ServerResponse> serve_verb(RequestPointer request, Time received);
  net::ServerResponse serve_document(const ApiRequest& request);
  Task<net::ServerResponse> serve_route(net::HttpServer::Handler handler, RouteAccess access, net::ServerRequest http);
  void note(const ApiRequest& request, int status, Time received);

  store::ObjectStore& store_;
  ServedResources& served_;
  const Clock& clock_;
  ApiServerOptions options_;
  AuditLog audit_;
  Watches watches_;
  ObjectWrites writes_;
  Subresources subresources_;
  PodLogRequests log_requests_;
  Namespaces namespaces_;
  net::HttpServer server_;
};

}  // namespace canaria::apiserver
