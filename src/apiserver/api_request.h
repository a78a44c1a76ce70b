// One request as the API understands it: what the path names, what the query asks for, who asks. Read once, then passed to
// whoever answers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apiserver/authentication.h"
#include "apiserver/negotiation.h"
#include "apiserver/served_resources.h"
#include "base/result.h"
#include "net/http_server.h"
#include "net/url.h"

namespace canaria::apiserver {

// /api/v1/namespaces/shop/pods/web/log: group "", version v1, namespace shop, plural pods, name web, subresource log.
struct ResourcePath {
  std::string group;
  std::string version;
  std::string namespace_;
  std::string plural;
  std::string name;
  std::string subresource;
};

// Empty when the path does not lead to a resource (discovery, health). "/namespaces/shop" is the object, not what is in it.
std::optional<ResourcePath> parse_resource_path(std::string_view path);

// The verbs of authorization and audit.
enum class ApiVerb { kGet, kList, kWatch, kCreate, kUpdate, kPatch, kDelete, kDeleteCollection };
std::string_view to_string(ApiVerb verb);

struct ApiRequest {
  ApiRequest() = default;  // not an aggregate: g++ 12 mishandles those in co_await expressions
  net::ServerRequest http;
  net::QueryParameters query;
  Requester requester;
  ResourcePath path;
  ApiVerb verb = ApiVerb::kGet;
  const ServedResource* served = nullptr;
  Answer answer;  // in which shape and notation
  std::string audit_id;
  std::string created_name;  // of a creation that was answered, for the audit log

  api::ObjectKey key() const { return {path.namespace_, path.name}; }
  // The value of a query parameter; empty when it is missing.
  std::string_view parameter(std::string_view name) const;
  bool has_parameter(std::string_view name) const;
};
using RequestPointer = std::shared_ptr<ApiRequest>;

// Fails with kBadRequest on a method that no verb has (the caller answers 405).
Result<ApiVerb> verb_of(std::string_view method, const ResourcePath& path, const net::QueryParameters& query);

// "true" and "1" in a query, as Go reads them. An empty value counts as true, a missing parameter as false.
bool is_true(const ApiRequest& request, std::string_view name);
// A number in a query; empty when missing. Fails with kBadRequest.
Result<std::optional<std::int64_t>> number_parameter(const ApiRequest& request, std::string_view name);

}  // namespace canaria::apiserver
