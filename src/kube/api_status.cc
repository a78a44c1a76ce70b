#include "kube/api_status.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace canaria::kube {
namespace {

constexpr std::int64_t kLongestWait = 3600;

Code code_of(std::int64_t number, std::string_view reason) {
  static constexpr std::array<std::pair<std::string_view, Code>, 15> kReasons = {{
      {"AlreadyExists", Code::kAlreadyExists},
      {"Conflict", Code::kConflict},
      {"Expired", Code::kExpired},
      {"Gone", Code::kExpired},
      {"NotFound", Code::kNotFound},
      {"Invalid", Code::kInvalid},
      {"BadRequest", Code::kInvalid},
      {"MethodNotAllowed", Code::kInvalid},
      {"UnsupportedMediaType", Code::kInvalid},
      {"Forbidden", Code::kForbidden},
      {"Unauthorized", Code::kUnauthorized},
      {"TooManyRequests", Code::kTooManyRequests},
      {"ServerTimeout", Code::kTimeout},
      {"Timeout", Code::kTimeout},
      {"ServiceUnavailable", Code::kUnavailable},
  }};
  for (const auto& [name, code] : kReasons)
    if (name == reason) return code;
  switch (number) {
    case 401: return Code::kUnauthorized;
    case 403: return Code::kForbidden;
    case 404: return Code::kNotFound;
    case 408:
    case 504: return Code::kTimeout;
    case 409: return Code::kConflict;
    case 410: return Code::kExpired;
    case 429: return Code::kTooManyRequests;
    case 502:
    case 503: return Code::kUnavailable;
    default: return number >= 400 && number < 500 ? Code::kInvalid : Code::kInternal;
  }
}

std::optional<Seconds> wait_of(std::int64_t seconds) {
  if (seconds <= 0) return std::nullopt;
  return Seconds(std::min(seconds, kLongestWait));
}

}  // namespace

Error error_from_status(const json::Value& status) {
  Error error;
  error.code = code_of(json::int_at(status, "code"), json::text_at(status, "reason"));
  error.message = json::text_at(status, "message");
  if (error.message.empty()) error.message = fmt::format("the server answered {}", json::int_at(status, "code"));
  error.retry_after = wait_of(json::int_at(status, "details.retryAfterSeconds"));
  return error;
}

Error error_from_response(const HttpResponse& response) {
  Error error;
  const auto body = json::parse(response.body);
  if (body && json::text_at(*body, "kind") == "Status") {
    error = error_from_status(*body);
  } else {
    error.code = code_of(response.status, "");
    std::string_view text = response.body;
    text = text.substr(0, std::min<std::size_t>(text.find('\n'), 300));
    error.message = text.empty() ? fmt::format("the server answered HTTP {}", response.status)
                                 : fmt::format("the server answered HTTP {}: {}", response.status, text);
  }
  const std::string_view header = find_header(response.headers, "Retry-After");
  std::int64_t seconds = 0;
  std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (const auto wait = wait_of(seconds)) error.retry_after = wait;
  return error;
}

}  // namespace canaria::kube
