#include "store/object_name.h"

#include <fmt/format.h>

#include "api/meta/name_syntax.h"

namespace canaria::store {
namespace {

constexpr const char* kServiceText =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end "
    "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

// What no object may be called: the name is a segment of a path.
std::vector<std::string> segment_problems(std::string_view name) {
  if (name == "." || name == "..") return {fmt::format("may not be '{}'", name)};
  std::vector<std::string> problems;
  for (const char letter : {'/', '%'})
    if (name.find(letter) != std::string_view::npos) problems.push_back(fmt::format("may not contain '{}'", letter));
  return problems;
}

std::vector<std::string> service_problems(std::string_view name) {
  std::vector<std::string> problems = api::dns_label_problems(name);
  const bool has_letter_first = !name.empty() && name.front() >= 'a' && name.front() <= 'z';
  if (problems.empty() && !has_letter_first) problems.emplace_back(kServiceText);
  return problems;
}

}  // namespace

std::vector<std::string> name_problems(NameRule rule, std::string_view name) {
  switch (rule) {
    case NameRule::kPathSegment: return segment_problems(name);
    case NameRule::kSubdomain: return api::dns_subdomain_problems(name);
    case NameRule::kLabel: return api::dns_label_problems(name);
    case NameRule::kServiceLabel: return service_problems(name);
  }
  return {};
}

std::string name_problem(NameRule rule, std::string_view name) {
  const std::vector<std::string> problems = name_problems(rule, name);
  return problems.empty() ? "" : problems.front();
}

}  // namespace canaria::store
