// Who asks, and whether he may: bearer tokens, impersonation by masters, and the one rule that members of system:masters may
// everything and everybody else only find out what there is. The embedded server has no roles.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ports/http_client.h"

namespace canaria::apiserver {

struct ApiRequest;

struct ApiUser {
  std::string token;
  std::string name;
  std::vector<std::string> groups;
};

struct Requester {
  std::string user;
  std::vector<std::string> groups;
  std::string impersonator;  // who really sent the request; empty: the user himself

  bool is_master() const;
};

constexpr std::string_view kMastersGroup = "system:masters";

// Fails with kUnauthorized on a missing or unknown token, and with kForbidden when who is no master impersonates.
Result<Requester> authenticate(const std::vector<ApiUser>& users, const HttpHeaders& headers);

// Fails with kForbidden in the words of the API server's role-based access control.
Status authorize(const ApiRequest& request);

}  // namespace canaria::apiserver
