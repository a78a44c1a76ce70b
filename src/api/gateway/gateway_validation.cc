// The rules on Gateways and HTTPRoutes. The Gateway API is a set of CRDs: its texts are those of schemas ("... in body should
// be ...") and of the expressions in them.
#include <optional>

#include "api/kind_validation.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

struct Range {
  std::int64_t least;
  std::int64_t most;
};
constexpr Range kPorts{1, 65535};
constexpr Range kWeights{0, 1000000};

void validate_range(const std::string& path, std::optional<std::int64_t> number, Range range, FieldProblems& problems) {
  if (!number) return;
  if (*number < range.least)
    problems.invalid(path, *number, path + " in body should be greater than or equal to " + std::to_string(range.least));
  if (*number > range.most)
    problems.invalid(path, *number, path + " in body should be less than or equal to " + std::to_string(range.most));
}

// Compat: expressions on objects show the type in place of the value.
void broken_rule(const std::string& path, std::string_view text, FieldProblems& problems) {
  problems.invalid_text(path, "object", text);
}

void validate_backend(const std::string& path, const Object& backend, FieldProblems& problems) {
  validate_range(path + ".weight", integer_in(backend, "weight"), kWeights, problems);
  const auto port = integer_in(backend, "port");
  validate_range(path + ".port", port, kPorts, problems);
  if (text_of(backend, "kind") == "Service" && text_of(backend, "group").empty() && !port)
    broken_rule(path, "Must have port for Service reference", problems);
}

void validate_match(const std::string& path, const Object& match, FieldProblems& problems) {
  const Object& place = object_in(match, "path");
  const auto type = text_of(place, "type");
  problems.one_of(path + ".path.type", type, {"Exact", "PathPrefix", "RegularExpression"});
  if ((type == "Exact" || type == "PathPrefix") && !text_of(place, "value").starts_with('/'))
    broken_rule(path + ".path", "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
                problems);
  for (const char* list : {"headers", "queryParams"}) {
    const Array& items = list_in(match, list);
    for (std::size_t i = 0; i < items.size(); ++i)
      problems.one_of(item_path(path + "." + list, i) + ".type", text_of(as_object(items[i]), "type"),
                      {"Exact", "RegularExpression"});
  }
  problems.one_of(path + ".method", text_of(match, "method"),
                  {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"});
}

void validate_filters(const std::string& path, const Array& filters, FieldProblems& problems) {
  for (std::size_t i = 0; i < filters.size(); ++i)
    problems.one_of(item_path(path, i) + ".type", text_of(as_object(filters[i]), "type"),
                    {"RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "RequestRedirect", "URLRewrite",
                     "ExtensionRef", "CORS"});
}

}  // namespace

void validate_gateway(const json::Object& object, const json::Object*, FieldProblems& problems) {
  const Object& spec = object_in(object, "spec");
  const Array& listeners = list_in(spec, "listeners");
  if (spec.contains("listeners") && listeners.empty())
    problems.invalid("spec.listeners", 0, "spec.listeners in body should have at least 1 items");
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    const Object& listener = as_object(listeners[i]);
    const std::string path = item_path("spec.listeners", i);
    validate_range(path + ".port", integer_in(listener, "port"), kPorts, problems);
    problems.one_of(path + ".allowedRoutes.namespaces.from",
                    text_of(object_in(object_in(listener, "allowedRoutes"), "namespaces"), "from"),
                    {"All", "Selector", "Same", "None"});
  }
}

void validate_http_route(const json::Object& object, const json::Object*, FieldProblems& problems) {
  const Array& rules = list_in(object_in(object, "spec"), "rules");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Object& rule = as_object(rules[i]);
    const std::string path = item_path("spec.rules", i);
    const Array& matches = list_in(rule, "matches");
    for (std::size_t k = 0; k < matches.size(); ++k)
      validate_match(item_path(path + ".matches", k), as_object(matches[k]), problems);
    validate_filters(path + ".filters", list_in(rule, "filters"), problems);
    const Array& backends = list_in(rule, "backendRefs");
    for (std::size_t k = 0; k < backends.size(); ++k)
      validate_backend(item_path(path + ".backendRefs", k), as_object(backends[k]), problems);
  }
}

}  // namespace canaria::api
