#include "store/object_name.h"

#include <algorithm>
#include <fmt/format.h>

namespace canaria::store {
namespace {

constexpr std::size_t kSubdomainBytes = 253;
constexpr std::size_t kLabelBytes = 63;

constexpr std::string_view kSubdomainText =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::string_view kLabelText =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
    "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view kServiceText =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end "
    "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter_or_digit(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

bool is_label(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  for (;;) {
    const std::string_view part = text.substr(0, text.find('.'));
    if (!is_label(part)) return false;
    if (part.size() == text.size()) return true;
    text.remove_prefix(part.size() + 1);
  }
}

std::string too_long(std::size_t limit) { return fmt::format("must be no more than {} bytes", limit); }

}  // namespace

std::string name_problem(NameRule rule, std::string_view name) {
  // What no object may be called: the name is a segment of a path.
  if (name == "." || name == "..") return fmt::format("may not be '{}'", name);
  if (name.find('/') != std::string_view::npos) return "may not contain '/'";
  if (name.find('%') != std::string_view::npos) return "may not contain '%'";
  if (name.size() > kSubdomainBytes) return too_long(kSubdomainBytes);
  switch (rule) {
    case NameRule::kPathSegment: return "";
    case NameRule::kSubdomain: return is_subdomain(name) ? "" : std::string(kSubdomainText);
    case NameRule::kLabel:
      if (name.size() > kLabelBytes) return too_long(kLabelBytes);
      return is_label(name) ? "" : std::string(kLabelText);
    case NameRule::kServiceLabel:
      if (name.size() > kLabelBytes) return too_long(kLabelBytes);
      return is_label(name) && is_letter(name.front()) ? "" : std::string(kServiceText);
  }
  return "";
}

}  // namespace canaria::store
