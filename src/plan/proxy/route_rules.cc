#include "plan/proxy/route_rules.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace canaria::plan::proxy {
namespace {

bool is_token(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}
bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

std::string header_problem(const HeaderModifier& headers) {
  std::vector<NamedValue> all = headers.set;
  all.insert(all.end(), headers.add.begin(), headers.add.end());
  for (const std::string& name : headers.remove) all.push_back({name, ""});
  for (const NamedValue& header : all)
    if (!is_token(header.name) || !is_printable(header.value)) return "header " + header.name + " cannot be changed like this";
  return "";
}

std::string path_problem(const std::optional<PathChange>& path) {
  if (!path) return "";
  if (path->type != "ReplaceFullPath" && path->type != "ReplacePrefixMatch") return "path type " + path->type + " is unknown";
  return is_printable(path->replaceFullPath + path->replacePrefixMatch) ? "" : "the new path has control characters";
}

std::string filter_problem(const RouteFilter& filter) {
  if (filter.type == "RequestHeaderModifier") return header_problem(filter.requestHeaderModifier);
  if (filter.type == "ResponseHeaderModifier") return header_problem(filter.responseHeaderModifier);
  if (filter.type == "RequestRedirect") {
    const Redirect& redirect = filter.requestRedirect;
    if (!is_printable(redirect.hostname + redirect.scheme)) return "the redirect has control characters";
    return path_problem(redirect.path);
  }
  if (filter.type == "URLRewrite")
    return is_printable(filter.urlRewrite.hostname) ? path_problem(filter.urlRewrite.path)
                                                    : "the hostname has control characters";
  return "filter " + filter.type + " is not supported";
}

std::string text_problem(const TextMatch& match, const RefusedPatterns& refused) {
  if (!is_token(match.name)) return "name \"" + match.name + "\" cannot be matched";
  if (!is_printable(match.value)) return "value of " + match.name + " has control characters";
  const auto pattern = match.type == "RegularExpression" ? refused.find(match.value) : refused.end();
  return pattern == refused.end() ? "" : "regular expression " + match.value + ": " + pattern->second;
}

std::string match_problem(const RouteMatch& match, const RefusedPatterns& refused) {
  if (!is_printable(match.path.value) || !is_printable(match.method)) return "the path has control characters";
  const auto pattern = match.path.type == "RegularExpression" ? refused.find(match.path.value) : refused.end();
  if (pattern != refused.end()) return "regular expression " + match.path.value + ": " + pattern->second;
  for (const auto* list : {&match.headers, &match.queryParams})
    for (const TextMatch& text : *list)
      if (std::string problem = text_problem(text, refused); !problem.empty()) return problem;
  return "";
}

void unresolved(RouteReport& report, std::string reason, std::string message) {
  if (report.resolved.is_true) report.resolved = {false, std::move(reason), std::move(message)};
}

// The backend a reference means; empty when there is none, and the report says why.
std::string backend_of(const BackendRef& ref, const HttpRoute& route, const BackendBook& book,
                       const std::map<std::string, Backend>& backends, RouteReport& report) {
  if (ref.kind != "Service" || !ref.group.empty()) {
    unresolved(report, "InvalidKind", "backend " + ref.name + ": kind " + ref.kind + " is not served, use a Service");
    return "";
  }
  const api::ObjectKey service{ref.namespace_.empty() ? route.metadata.namespace_ : ref.namespace_, ref.name};
  if (service.namespace_ != route.metadata.namespace_) {
    unresolved(report, "RefNotPermitted", "Service " + service.text() + " is in another namespace");
    return "";
  }
  const std::string name = BackendBook::name_of(service, ref.port);
  if (backends.contains(name)) return name;
  const std::string what = book.has_service(service) ? " has no TCP port " + std::to_string(ref.port) : " does not exist";
  unresolved(report, "BackendNotFound", "Service " + service.text() + what);
  return "";
}

// Those with a weight but nobody to serve give their share to the others, unless there is no other.
void give_up_unready_shares(std::vector<std::int32_t>& weights, const std::vector<const Backend*>& targets, RouteReport& report) {
  std::vector<std::int32_t> ready = weights;
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (!targets[i]->has_ready()) ready[i] = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (ready[i] != weights[i]) report.without_endpoints.push_back(targets[i]->service.name);
  if (std::any_of(ready.begin(), ready.end(), [](std::int32_t weight) { return weight > 0; })) weights = std::move(ready);
}

void set_shares(Rule& rule, const std::vector<BackendRef>& refs, const HttpRoute& route, const BackendBook& book,
                const std::map<std::string, Backend>& backends, RouteReport& report) {
  std::vector<std::int32_t> weights;
  std::vector<const Backend*> targets;
  for (const BackendRef& ref : refs) {
    const std::string name = backend_of(ref, route, book, backends, report);
    if (name.empty()) continue;
    weights.push_back(std::max(ref.weight, 0));
    targets.push_back(&backends.at(name));
  }
  if (std::accumulate(weights.begin(), weights.end(), std::int64_t{0}) == 0) rule.outcome = RuleOutcome::kNoBackend;
  give_up_unready_shares(weights, targets, report);
  const std::vector<std::int32_t> shares = exact_shares(weights, kWholeSplit);
  for (std::size_t i = 0; i < shares.size(); ++i) rule.shares.push_back({targets[i]->name, shares[i]});
}

int path_rank(const PathMatch& path) {
  if (path.type == "Exact") return 2;
  return path.type == "RegularExpression" ? 1 : 0;
}
int host_rank(const std::string& host) {
  if (host.empty()) return 0;
  return host.starts_with("*.") ? 1 : 2;
}

bool is_below(const std::string& host, const std::string& wildcard) {
  return wildcard.starts_with("*.") && host.size() > wildcard.size() - 1 && host.ends_with(wildcard.substr(1));
}

}  // namespace

std::vector<std::int32_t> exact_shares(const std::vector<std::int32_t>& weights, std::int32_t whole) {
  const std::int64_t total = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  std::vector<std::int32_t> shares(weights.size(), 0);
  if (total == 0) return shares;
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), 0U);
  std::int32_t left = whole;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    shares[i] = static_cast<std::int32_t>(std::int64_t{weights[i]} * whole / total);
    left -= shares[i];
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::int64_t{weights[a]} * whole % total > std::int64_t{weights[b]} * whole % total;
  });
  for (std::size_t i = 0; left > 0; ++i, --left) ++shares[order[i % order.size()]];
  return shares;
}

std::string unsupported_part(const HttpRoute& route, const RefusedPatterns& refused) {
  for (const std::string& host : route.spec.hostnames)
    if (!is_token(host.starts_with("*.") ? host.substr(2) : host)) return "hostname " + host + " is malformed";
  for (std::size_t i = 0; i < route.spec.rules.size(); ++i) {
    const RouteRule& rule = route.spec.rules[i];
    const std::string where = "rules[" + std::to_string(i) + "]: ";
    for (const RouteFilter& filter : rule.filters)
      if (std::string problem = filter_problem(filter); !problem.empty()) return where + problem;
    for (const RouteMatch& match : rule.matches)
      if (std::string problem = match_problem(match, refused); !problem.empty()) return where + problem;
    for (const BackendRef& ref : rule.backendRefs)
      if (!ref.filters.empty()) return where + "filters of single backends are not supported";
  }
  return "";
}

std::vector<Rule> rules_of(const HttpRoute& route, const BackendBook& book, const std::map<std::string, Backend>& backends,
                           RouteReport& report) {
  std::vector<Rule> rules;
  for (std::size_t i = 0; i < route.spec.rules.size(); ++i) {
    const RouteRule& source = route.spec.rules[i];
    Rule rule;
    rule.key = route.metadata.key().text() + "/" + std::to_string(i);
    rule.about = "HTTPRoute " + route.metadata.key().text();
    for (const RouteFilter& filter : source.filters) {
      if (filter.type == "RequestHeaderModifier") rule.request_headers = filter.requestHeaderModifier;
      if (filter.type == "ResponseHeaderModifier") rule.response_headers = filter.responseHeaderModifier;
      if (filter.type == "RequestRedirect") rule.redirect = filter.requestRedirect;
      if (filter.type == "URLRewrite") rule.rewrite = filter.urlRewrite;
    }
    if (rule.redirect) rule.outcome = RuleOutcome::kRedirect;
    else set_shares(rule, source.backendRefs, route, book, backends, report);
    rules.push_back(std::move(rule));
  }
  return rules;
}

bool goes_before(const RankedMatch& a, const RankedMatch& b) {
  const auto rank = [](const RankedMatch& ranked) {
    const RequestMatch& match = ranked.match;
    return std::make_tuple(-host_rank(match.host), -static_cast<int>(match.host.size()), -path_rank(match.path),
                           -static_cast<int>(match.path.value.size()), match.method.empty() ? 1 : 0,
                           -static_cast<int>(match.headers.size()), -static_cast<int>(match.query.size()), ranked.age, ranked.key,
                           ranked.position);
  };
  return rank(a) < rank(b);
}

std::optional<std::string> common_host(const std::string& listener, const std::string& route) {
  if (listener.empty() || listener == route) return route;
  if (route.empty() || is_below(listener, route)) return listener;
  if (is_below(route, listener)) return route;
  return std::nullopt;
}

}  // namespace canaria::plan::proxy
