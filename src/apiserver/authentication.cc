#include "apiserver/authentication.h"

#include <algorithm>
#include <fmt/format.h>

#include "apiserver/api_request.h"

namespace canaria::apiserver {
namespace {

// Takes as long for every token of the same length, so that an answer's time tells nothing about the right one.
bool same_secret(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  unsigned char difference = 0;
  for (std::size_t at = 0; at < left.size(); ++at) difference = static_cast<unsigned char>(difference | (left[at] ^ right[at]));
  return difference == 0;
}

std::string_view bearer_token(const HttpHeaders& headers) {
  const std::string_view header = find_header(headers, "Authorization");
  constexpr std::string_view kScheme = "Bearer ";
  return header.starts_with(kScheme) ? header.substr(kScheme.size()) : std::string_view();
}

bool is_header(std::string_view name, std::string_view wanted) {
  return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(), [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  });
}

}  // namespace

bool Requester::is_master() const { return std::find(groups.begin(), groups.end(), kMastersGroup) != groups.end(); }

Result<Requester> authenticate(const std::vector<ApiUser>& users, const HttpHeaders& headers) {
  const std::string_view token = bearer_token(headers);
  const auto found =
      std::find_if(users.begin(), users.end(), [&](const ApiUser& user) { return same_secret(user.token, token); });
  if (token.empty() || found == users.end()) return fail(Code::kUnauthorized, "Unauthorized");
  Requester requester{found->name, found->groups, ""};
  const std::string_view other = find_header(headers, "Impersonate-User");
  if (other.empty()) return requester;
  if (!requester.is_master())
    return fail(Code::kForbidden,
                fmt::format("users \"{}\" is forbidden: User \"{}\" cannot impersonate resource \"users\" in API group \"\" at "
                            "the cluster scope",
                            other, requester.user));
  Requester impersonated{std::string(other), {}, requester.user};
  for (const auto& [name, value] : headers)
    if (is_header(name, "Impersonate-Group")) impersonated.groups.push_back(value);
  impersonated.groups.emplace_back("system:authenticated");
  return impersonated;
}

Status authorize(const ApiRequest& request) {
  if (request.requester.is_master()) return {};
  // What a client asks about itself.
  if (request.served && request.served->keeping == Keeping::kAnswered && request.verb == ApiVerb::kCreate) return {};
  const ResourcePath& path = request.path;
  const std::string qualified = path.group.empty() ? path.plural : path.plural + "." + path.group;
  const std::string name = path.name.empty() ? "" : fmt::format(" \"{}\"", path.name);
  const std::string resource = path.subresource.empty() ? path.plural : path.plural + "/" + path.subresource;
  const std::string where =
      path.namespace_.empty() ? "at the cluster scope" : fmt::format("in the namespace \"{}\"", path.namespace_);
  return fail(Code::kForbidden,
              fmt::format("{}{} is forbidden: User \"{}\" cannot {} resource \"{}\" in API group \"{}\" {}", qualified, name,
                          request.requester.user, to_string(request.verb), resource, path.group, where));
}

}  // namespace canaria::apiserver
