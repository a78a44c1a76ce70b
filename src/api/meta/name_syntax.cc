#include "api/meta/name_syntax.h"

#include <algorithm>

#include "lang/selector.h"

namespace canaria::api {

namespace {

constexpr std::size_t kLabelBytes = 63;
constexpr std::size_t kSubdomainBytes = 253;
constexpr std::size_t kPortNameBytes = 15;

constexpr const char* kLabelText =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
    "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr const char* kSubdomainText =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr const char* kWildcardText =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case "
    "alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for "
    "validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr const char* kConfigKeyText =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
    "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_lower(c) || is_digit(c); }

bool is_label(std::string_view text) {
  return !text.empty() && is_word(text.front()) && is_word(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_word(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  for (;;) {
    const auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

std::string too_long(std::size_t limit) { return "must be no more than " + std::to_string(limit) + " characters"; }

bool is_ipv6_address(std::string_view text) {
  int groups = 0;
  bool has_gap = false;
  std::size_t at = 0;
  if (text.starts_with("::")) {
    has_gap = true;
    at = 2;
  }
  while (at < text.size()) {
    const auto end = std::min(text.find(':', at), text.size());
    const std::string_view group = text.substr(at, end - at);
    if (end == text.size() && is_ipv4_address(group)) {
      groups += 2;
      break;
    }
    const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    if (group.empty() || group.size() > 4 || !std::ranges::all_of(group, is_hex)) return false;
    ++groups;
    at = end + 1;
    if (end == text.size()) break;
    if (at == text.size()) return false;  // one colon at the end
    if (text[at] != ':') continue;
    if (has_gap) return false;
    has_gap = true;
    ++at;
  }
  return has_gap ? groups < 8 : groups == 8;
}

}  // namespace

std::vector<std::string> dns_label_problems(std::string_view text) {
  std::vector<std::string> problems;
  if (text.size() > kLabelBytes) problems.push_back(too_long(kLabelBytes));
  // Whoever wrote a name with dots meant a subdomain.
  if (!is_label(text)) problems.emplace_back(is_subdomain(text) ? "must not contain dots" : kLabelText);
  return problems;
}

std::vector<std::string> dns_subdomain_problems(std::string_view text) {
  std::vector<std::string> problems;
  if (text.size() > kSubdomainBytes) problems.push_back(too_long(kSubdomainBytes));
  if (!is_subdomain(text)) problems.emplace_back(kSubdomainText);
  return problems;
}

std::vector<std::string> wildcard_subdomain_problems(std::string_view text) {
  std::vector<std::string> problems;
  if (text.size() > kSubdomainBytes) problems.push_back(too_long(kSubdomainBytes));
  if (!text.starts_with("*.") || !is_subdomain(text.substr(2))) problems.emplace_back(kWildcardText);
  return problems;
}

std::vector<std::string> port_name_problems(std::string_view text) {
  std::vector<std::string> problems;
  if (text.size() > kPortNameBytes) problems.emplace_back("must be no more than 15 characters");
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return is_word(c) || c == '-'; }))
    problems.emplace_back("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!std::ranges::any_of(text, is_lower)) problems.emplace_back("must contain at least one letter (a-z)");
  if (text.find("--") != std::string_view::npos) problems.emplace_back("must not contain consecutive hyphens");
  if (text.starts_with('-') || text.ends_with('-')) problems.emplace_back("must not begin or end with a hyphen");
  return problems;
}

std::vector<std::string> config_key_problems(std::string_view text) {
  std::vector<std::string> problems;
  if (text.size() > kSubdomainBytes) problems.emplace_back("must be no more than 253 characters");
  const auto is_key_letter = [](char c) { return is_word(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.'; };
  if (text.empty() || !std::ranges::all_of(text, is_key_letter)) problems.emplace_back(kConfigKeyText);
  if (text == ".") problems.emplace_back("must not be '.'");
  else if (text == "..") problems.emplace_back("must not be '..'");
  else if (text.starts_with("..")) problems.emplace_back("must not start with '..'");
  return problems;
}

std::vector<std::string> environment_name_problems(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '='; })) return {};
  return {"a valid environment variable name must consist only of printable ASCII characters other than '='"};
}

std::vector<std::string> domain_path_problems(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size())
    return {"must be a domain-prefixed path (such as \"acme.io/foo\")"};
  std::vector<std::string> problems = dns_subdomain_problems(text.substr(0, slash));
  const auto fits = [](char c) {
    return is_word(c) || (c >= 'A' && c <= 'Z') || std::string_view("/-._~%!$&'()*+,;=:").find(c) != std::string_view::npos;
  };
  if (!std::ranges::all_of(text.substr(slash + 1), fits))
    problems.emplace_back("a valid path must consist of alphanumeric characters and the characters /-._~%!$&'()*+,;=:");
  return problems;
}

std::vector<std::string> finalizer_problems(std::string_view text) {
  std::vector<std::string> problems = lang::label_key_problems(text);
  const bool is_standard = text == "kubernetes" || text == "orphan" || text == "foregroundDeletion";
  if (!is_standard && text.find('/') == std::string_view::npos)
    problems.emplace_back("name is neither a standard finalizer name nor is it fully qualified");
  return problems;
}

bool is_percentage(std::string_view text) {
  return text.size() > 1 && text.ends_with('%') && std::ranges::all_of(text.substr(0, text.size() - 1), is_digit);
}

bool is_ipv4_address(std::string_view text) {
  int parts = 0;
  for (;;) {
    const auto dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || part.size() > 3 || !std::ranges::all_of(part, is_digit)) return false;
    if (part.size() > 1 && part.front() == '0') return false;
    if (part.size() == 3 && part > "255") return false;
    ++parts;
    if (dot == std::string_view::npos) return parts == 4;
    text.remove_prefix(dot + 1);
  }
}

bool is_ip_address(std::string_view text) { return is_ipv4_address(text) || is_ipv6_address(text); }

}  // namespace canaria::api
