// One HTTPRoute's rules as the proxy runs them: shares of the backends that can serve, filters, and what is refused.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/proxy/backend_book.h"
#include "plan/proxy/plan_traffic.h"

namespace canaria::plan::proxy {

// Integer shares of `whole` in proportion to the weights (largest remainders first); all zero when the weights are.
std::vector<std::int32_t> exact_shares(const std::vector<std::int32_t>& weights, std::int32_t whole);

// Why the route cannot be carried out as it is written; empty when it can.
std::string unsupported_part(const HttpRoute& route, const RefusedPatterns& refused);

// The rules, in order; what could not be resolved goes into the report.
std::vector<Rule> rules_of(const HttpRoute& route, const BackendBook& book, const std::map<std::string, Backend>& backends,
                           RouteReport& report);

// The order in which the Gateway API looks at matches: more specific first. `age` and `key` of the route break ties.
struct RankedMatch {
  RequestMatch match;
  std::int64_t age = 0;  // creation, milliseconds
  std::string key;
  std::size_t position = 0;
};
bool goes_before(const RankedMatch& a, const RankedMatch& b);

// The host that both allow (the narrower one), or nothing when they exclude each other. Empty is any host.
std::optional<std::string> common_host(const std::string& listener, const std::string& route);

}  // namespace canaria::plan::proxy
