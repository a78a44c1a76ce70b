#include "plan/proxy/listener_text.h"

#include <algorithm>
#include <set>

namespace canaria::plan::proxy {
namespace {

constexpr const char* kRepeatable = "GET HEAD OPTIONS PUT DELETE TRACE";

// Text inside a log-format string, where % starts an expression.
std::string literal(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '%' ? std::string("%%") : std::string(1, c);
  return result;
}

// "{" and "}" alone end or start a condition, so they are written as expressions.
std::string compared(const std::string& fetch, const std::string& method, const std::string& value) {
  if (value == "}" || value == "{") return "{ " + fetch + " -m reg -- " + quoted("^[" + value + "]$") + " }";
  return "{ " + fetch + " -m " + method + " -- " + quoted(value) + " }";
}

class FrontendWriter {
 public:
  FrontendWriter(const Listener& listener, const std::string& weights_file) : listener_(listener), weights_file_(weights_file) {}

  std::string run() {
    text_ = "frontend " + listener_.name + "\n";
    line("bind " + listener_.place.address + ":" + std::to_string(listener_.port()));
    if (listener_.protocol == Protocol::kTcp) {
      line("mode tcp");
      line("default_backend " + listener_.default_backend);
      return text_;
    }
    line("mode http");
    // Requests on connections that were idle during a reload are answered, not cut off.
    line("option idle-close-on-response");
    line(std::string("http-request disable-l7-retry unless { method ") + kRepeatable + " }");
    write_matches();
    write_splits();
    for (std::size_t i = 0; i < listener_.rules.size(); ++i) write_filters(i);
    for (std::size_t i = 0; i < listener_.rules.size(); ++i) write_targets(i);
    if (!listener_.default_backend.empty()) line("default_backend " + listener_.default_backend);
    return text_;
  }

 private:
  void line(const std::string& text) { text_ += "    " + text + "\n"; }
  // " if <the rule was chosen and more>"; nothing when there is no choice, which is the usual case and the fastest.
  std::string when(std::size_t rule, const std::string& more = "") const {
    if (has_one_rule_) return more.empty() ? "" : " if" + more;
    return " if { var(txn.rule) -m int " + std::to_string(rule + 1) + " }" + more;
  }
  static bool fits_all(const RequestMatch& match) {
    return match.host.empty() && match.path.type == "PathPrefix" && without_slash(match.path.value).empty() &&
           match.method.empty() && match.headers.empty() && match.query.empty();
  }

  void write_matches() {
    const auto& matches = listener_.matches;
    has_one_rule_ = listener_.rules.size() == 1 && std::any_of(matches.begin(), matches.end(), fits_all);
    if (has_one_rule_) return;
    if (std::any_of(matches.begin(), matches.end(), [](const RequestMatch& match) { return !match.host.empty(); }))
      line("http-request set-var(txn.host) req.hdr(host),host_only,lower");
    bool takes_all = !listener_.default_backend.empty();
    for (std::size_t i = matches.size(); i-- > 0;) {
      const std::string conditions = conditions_of(matches[i], i);
      takes_all = takes_all || conditions.empty();
      line("http-request set-var(txn.rule) int(" + std::to_string(matches[i].rule + 1) + ")" +
           (conditions.empty() ? "" : " if" + conditions));
    }
    if (!takes_all)
      line(
          "http-request return status 404 content-type text/plain string \"no route for this request\\n\" "
          "if !{ var(txn.rule) -m found }");
  }

  // Writes the lists it needs and returns " { ... } { ... }".
  std::string conditions_of(const RequestMatch& match, std::size_t number) {
    std::string conditions;
    if (match.host.starts_with("*.")) conditions += " " + compared("var(txn.host)", "end", match.host.substr(1));
    else if (!match.host.empty()) conditions += " " + compared("var(txn.host)", "str", match.host);
    conditions += path_condition(match.path, number);
    if (!match.method.empty()) conditions += " { method " + quoted(match.method) + " }";
    for (const TextMatch& header : match.headers) conditions += " " + text_condition("req.fhdr(" + header.name + ")", header);
    for (const TextMatch& query : match.query) conditions += " " + text_condition("url_param(" + query.name + "),url_dec", query);
    return conditions;
  }
  static std::string text_condition(const std::string& fetch, const TextMatch& match) {
    return compared(fetch, match.type == "RegularExpression" ? "reg" : "str", match.value);
  }
  std::string path_condition(const PathMatch& path, std::size_t number) {
    if (path.type == "Exact") return " " + compared("path", "str", path.value);
    if (path.type == "RegularExpression") return " " + compared("path", "reg", path.value);
    const std::string prefix = without_slash(path.value);
    if (prefix.empty()) return "";
    const std::string name = "path" + std::to_string(number);
    line("acl " + name + " path -m str -- " + quoted(prefix));
    line("acl " + name + " path -m beg -- " + quoted(prefix + "/"));
    return " " + name;
  }

  void write_splits() {
    bool has_split = false;
    for (std::size_t i = 0; i < listener_.rules.size(); ++i) {
      const Rule& rule = listener_.rules[i];
      if (rule.outcome != RuleOutcome::kSplit || rule.shares.size() < 2) continue;
      if (!has_split) line("http-request set-var(txn.dice) rand(" + std::to_string(kWholeSplit) + ")");
      has_split = true;
      if (rule.shares.size() > 2) line("http-request set-var(txn.split) " + thresholds(rule) + when(i));
    }
  }

  std::string thresholds(const Rule& rule) const { return "str(" + quoted(rule.key) + "),map_str(" + weights_file_ + ")"; }

  // Whether the dice of this request is below the threshold of the share; never for the last one, which has none.
  std::string is_in_share(const Rule& rule, std::size_t share) const {
    if (share + 1 == rule.shares.size()) return "";
    const std::string threshold =
        rule.shares.size() == 2 ? thresholds(rule) : "var(txn.split),field(" + std::to_string(share + 1) + ",:)";
    return " { " + threshold + ",sub(txn.dice) gt 0 }";
  }

  void write_filters(std::size_t number) {
    const Rule& rule = listener_.rules[number];
    const std::string condition = when(number);
    write_headers("http-request", rule.request_headers, condition);
    write_headers("http-response", rule.response_headers, condition);
    if (rule.redirect) {
      if (rule.redirect->path) write_path(*rule.redirect->path, number);
      write_redirect(*rule.redirect, condition);
    }
    if (rule.rewrite) {
      if (!rule.rewrite->hostname.empty())
        line("http-request set-header Host " + quoted(literal(rule.rewrite->hostname)) + condition);
      if (rule.rewrite->path) write_path(*rule.rewrite->path, number);
    }
    if (rule.outcome == RuleOutcome::kNoBackend)
      line("http-request return status 500 content-type text/plain string " +
           std::string("\"the route has no backend with a weight\\n\"") + condition);
  }

  void write_headers(const std::string& direction, const HeaderModifier& headers, const std::string& condition) {
    for (const NamedValue& header : headers.set)
      line(direction + " set-header " + header.name + " " + quoted(literal(header.value)) + condition);
    for (const NamedValue& header : headers.add)
      line(direction + " add-header " + header.name + " " + quoted(literal(header.value)) + condition);
    for (const std::string& name : headers.remove) line(direction + " del-header " + name + condition);
  }

  void write_path(const PathChange& path, std::size_t number) {
    const std::string condition = when(number);
    if (path.type == "ReplaceFullPath") {
      line("http-request set-path " + quoted(literal(path.replaceFullPath)) + condition);
      return;
    }
    const std::string replacement = literal(without_slash(path.replacePrefixMatch));
    std::set<std::string> prefixes;
    for (const RequestMatch& match : listener_.matches)
      if (match.rule == number && match.path.type == "PathPrefix") prefixes.insert(without_slash(match.path.value));
    // The longest first, and only one of them.
    for (auto prefix = prefixes.rbegin(); prefix != prefixes.rend(); ++prefix) {
      const std::string once = when(
          number, " !{ var(txn.rewritten) -m found }" + (prefix->empty() ? "" : " { path -m beg -- " + quoted(*prefix) + " }"));
      line("http-request set-path " + quoted(replacement + "%[path,bytes(" + std::to_string(prefix->size()) + ")]") + once);
      line("http-request set-var(txn.rewritten) int(1)" + condition);
    }
    line("http-request set-path /" + when(number, " { path -m len 0 }"));
  }

  void write_redirect(const Redirect& redirect, const std::string& condition) {
    const std::string scheme = redirect.scheme.empty() ? "http" : redirect.scheme;
    const std::string host = redirect.hostname.empty() ? "%[req.hdr(host),host_only]" : literal(redirect.hostname);
    std::int32_t port = redirect.port;
    if (port == 0 && redirect.scheme.empty()) port = listener_.port();
    const bool is_usual = port == 0 || (scheme == "http" && port == 80) || (scheme == "https" && port == 443);
    line("http-request redirect location " +
         quoted(literal(scheme) + "://" + host + (is_usual ? "" : ":" + std::to_string(port)) + "%[pathq]") + " code " +
         std::to_string(redirect.statusCode) + condition);
  }

  void write_targets(std::size_t number) {
    const Rule& rule = listener_.rules[number];
    if (rule.outcome != RuleOutcome::kSplit) return;
    for (std::size_t i = 0; i < rule.shares.size(); ++i) {
      line("use_backend " + rule.shares[i].backend + when(number, is_in_share(rule, i)));
    }
  }

  static std::string without_slash(std::string path) {
    while (path.ends_with('/')) path.pop_back();
    return path;
  }

  const Listener& listener_;
  const std::string& weights_file_;
  std::string text_;
  bool has_one_rule_ = false;  // and every request fits it
};

}  // namespace

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string listener_text(const Listener& listener, const std::string& weights_file) {
  return FrontendWriter(listener, weights_file).run();
}

}  // namespace canaria::plan::proxy
