// Reading the flags of an invocation, and the global flags of kubectl that every command takes.
#include "cli/command.h"

#include <algorithm>
#include <charconv>

#include "lang/duration.h"

namespace canaria::cli {

void Arguments::set(const Flag& flag, std::string value) {
  auto& values = values_[flag.name];
  if (flag.kind != FlagKind::kList) values.clear();
  values.push_back(std::move(value));
}

bool Arguments::has(const std::string& name) const { return values_.contains(name); }

std::string Arguments::text(const std::string& name) const {
  if (const auto found = values_.find(name); found != values_.end()) return found->second.back();
  const auto fallback = defaults_.find(name);
  return fallback == defaults_.end() ? std::string() : fallback->second;
}

bool Arguments::is_on(const std::string& name) const { return text(name) == "true"; }

std::int64_t Arguments::integer(const std::string& name) const {
  const std::string digits = text(name);
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

Millis Arguments::duration(const std::string& name) const {
  const auto parsed = lang::parse_duration(text(name));
  return parsed ? std::chrono::duration_cast<Millis>(*parsed) : Millis(0);
}

std::vector<std::string> Arguments::list(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::string Call::spelled(const std::string& rest) const {
  return (program == "kubectl-argo-rollouts" ? "kubectl argo rollouts" : program) + " " + rest;
}

const Command* Command::child(const std::string& word) const {
  for (const Command& command : children)
    if (command.name == word || std::ranges::find(command.aliases, word) != command.aliases.end()) return &command;
  return nullptr;
}

const std::vector<Flag>& global_flags() {
  using enum FlagKind;
  static const std::vector<Flag> flags = {
      {"as", 0, kText, "", "user to act as", ""},
      {"as-group", 0, kList, "", "group to act as, may be repeated", ""},
      {"as-uid", 0, kText, "", "uid to act as", ""},
      {"cache-dir", 0, kText, "$HOME/.kube/cache", "accepted for compatibility; nothing is cached on disk", ""},
      {"certificate-authority", 0, kText, "", "file with the certificate authority of the API server", ""},
      {"client-certificate", 0, kText, "", "file with the client certificate", ""},
      {"client-key", 0, kText, "", "file with the key of the client certificate", ""},
      {"cluster", 0, kText, "", "cluster of the kubeconfig to use", ""},
      {"context", 0, kText, "", "context of the kubeconfig to use", ""},
      {"disable-compression", 0, kSwitch, "false", "ask the API server for uncompressed answers", ""},
      {"insecure-skip-tls-verify", 0, kSwitch, "false", "do not check the certificate of the API server (unsafe)", ""},
      {"kloglevel", 'v', kInteger, "0", "verbosity of the Kubernetes client", ""},
      {"kubeconfig", 0, kText, "", "path of the kubeconfig file", ""},
      {"loglevel", 0, kText, "info", "log level: panic, fatal, error, warn, info, debug or trace", ""},
      {"namespace", 'n', kText, "", "namespace to work in", ""},
      {"request-timeout", 0, kText, "0", "limit for one request, such as 5s or 1m; 0 means none", ""},
      {"server", 's', kText, "", "address and port of the API server", ""},
      {"tls-server-name", 0, kText, "", "name that the certificate of the API server must have", ""},
      {"token", 0, kText, "", "bearer token for the API server", ""},
      {"user", 0, kText, "", "user of the kubeconfig to use", ""},
  };
  return flags;
}

ConnectionFlags connection_flags(const Arguments& arguments) {
  ConnectionFlags flags;
  flags.kubeconfig = arguments.text("kubeconfig");
  flags.context = arguments.text("context");
  flags.cluster = arguments.text("cluster");
  flags.user = arguments.text("user");
  flags.namespace_ = arguments.text("namespace");
  flags.server = arguments.text("server");
  flags.tls_server_name = arguments.text("tls-server-name");
  flags.certificate_authority = arguments.text("certificate-authority");
  flags.insecure_skip_tls_verify = arguments.is_on("insecure-skip-tls-verify");
  flags.client_certificate = arguments.text("client-certificate");
  flags.client_key = arguments.text("client-key");
  flags.token = arguments.text("token");
  flags.as_user = arguments.text("as");
  flags.as_uid = arguments.text("as-uid");
  flags.as_groups = arguments.list("as-group");
  flags.request_timeout = arguments.text("request-timeout");
  flags.disable_compression = arguments.is_on("disable-compression");
  flags.cache_dir = arguments.has("cache-dir") ? arguments.text("cache-dir") : "";
  flags.verbosity = static_cast<int>(arguments.integer("kloglevel"));
  flags.log_level = arguments.text("loglevel");
  return flags;
}

Task<Result<Connection>> connect(const Call* call) {
  ConnectionFlags flags = connection_flags(call->arguments);
  co_return co_await call->environment->connect(std::move(flags));
}

}  // namespace canaria::cli
