#include "apiserver/api_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <vector>

namespace canaria::apiserver {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    if (path.front() == '/') {
      path.remove_prefix(1);
      continue;
    }
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

// The subresources of Namespaces; what else follows a Namespace is a resource in it.
bool is_namespace_subresource(std::string_view text) { return text == "status" || text == "finalize"; }

}  // namespace

std::optional<ResourcePath> parse_resource_path(std::string_view path) {
  std::vector<std::string_view> rest = segments_of(path);
  ResourcePath result;
  std::size_t at = 0;
  if (rest.size() >= 3 && rest[0] == "api") {
    result.version = net::unescape(rest[1]);
    at = 2;
  } else if (rest.size() >= 4 && rest[0] == "apis") {
    result.group = net::unescape(rest[1]);
    result.version = net::unescape(rest[2]);
    at = 3;
  } else {
    return std::nullopt;
  }
  const std::size_t left = rest.size() - at;
  if (rest[at] == "namespaces" && left >= 3 && !is_namespace_subresource(rest[at + 2])) {
    result.namespace_ = net::unescape(rest[at + 1]);
    at += 2;
  }
  result.plural = net::unescape(rest[at++]);
  if (at < rest.size()) result.name = net::unescape(rest[at++]);
  for (; at < rest.size(); ++at) result.subresource += (result.subresource.empty() ? "" : "/") + net::unescape(rest[at]);
  return result;
}

std::string_view to_string(ApiVerb verb) {
  static constexpr std::array<std::string_view, 8> kNames = {"get",    "list",  "watch",  "create",
                                                             "update", "patch", "delete", "deletecollection"};
  return kNames[static_cast<std::size_t>(verb)];
}

std::string_view ApiRequest::parameter(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return {};
}

bool ApiRequest::has_parameter(std::string_view name) const {
  return std::any_of(query.begin(), query.end(), [&](const auto& item) { return item.first == name; });
}

Result<ApiVerb> verb_of(std::string_view method, const ResourcePath& path, const net::QueryParameters& query) {
  const auto watch = std::find_if(query.begin(), query.end(), [](const auto& item) { return item.first == "watch"; });
  const bool watches = watch != query.end() && watch->second != "false" && watch->second != "0";
  const bool names_one = !path.name.empty();
  if (method == "GET" || method == "HEAD") {
    if (watches && path.subresource.empty()) return ApiVerb::kWatch;
    return names_one ? ApiVerb::kGet : ApiVerb::kList;
  }
  if (method == "POST" && names_one == !path.subresource.empty()) return ApiVerb::kCreate;
  if (method == "PUT" && names_one) return ApiVerb::kUpdate;
  if (method == "PATCH" && names_one) return ApiVerb::kPatch;
  if (method == "DELETE" && path.subresource.empty()) return names_one ? ApiVerb::kDelete : ApiVerb::kDeleteCollection;
  return fail(Code::kBadRequest, "the server does not allow this method on the requested resource");
}

bool is_true(const ApiRequest& request, std::string_view name) {
  if (!request.has_parameter(name)) return false;
  const std::string_view value = request.parameter(name);
  return value != "false" && value != "0" && value != "f" && value != "F" && value != "False" && value != "FALSE";
}

Result<std::optional<std::int64_t>> number_parameter(const ApiRequest& request, std::string_view name) {
  const std::string_view text = request.parameter(name);
  if (text.empty()) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return fail(Code::kBadRequest, fmt::format("strconv.ParseInt: parsing \"{}\": invalid syntax", text));
  return std::optional<std::int64_t>(number);
}

}  // namespace canaria::apiserver
