#include "kube/credentials.h"

#include <fmt/format.h>

#include "async/child_process.h"
#include "json/value.h"
#include "json/write.h"
#include "kube/base64.h"
#include "kube/kubeconfig.h"

namespace canaria::kube {
namespace {

constexpr Seconds kFileAge{60};
constexpr Seconds kExpiryMargin{10};  // a credential about to expire is not worth starting a request with

json::Object cluster_for_plugin(const ClusterAccess& access) {
  json::Object cluster = {{"server", access.server}};
  if (!access.peer.ca_pem.empty()) cluster["certificate-authority-data"] = encode_base64(access.peer.ca_pem);
  if (access.peer.verify == Verify::kNo) cluster["insecure-skip-tls-verify"] = true;
  if (!access.peer.server_name.empty()) cluster["tls-server-name"] = access.peer.server_name;
  if (!access.peer.proxy_url.empty()) cluster["proxy-url"] = access.peer.proxy_url;
  return cluster;
}

}  // namespace

// What the exec plugin gave out.
struct Credentials::Issued {
  std::string token;
  std::optional<Time> expires;
};

Credentials::Credentials(ClusterAccess access, const Clock& clock)
    : access_(std::move(access)), clock_(clock), peer_(std::make_shared<const HttpPeer>(access_.peer)) {}
Credentials::~Credentials() = default;

Task<Result<Session>> Credentials::session() {
  CO_TRY(const std::string bearer, co_await token());
  Session session;
  if (!bearer.empty()) {
    session.headers.emplace_back("Authorization", "Bearer " + bearer);
  } else if (!access_.username.empty()) {
    session.headers.emplace_back("Authorization", "Basic " + encode_base64(access_.username + ":" + access_.password));
  }
  for (const auto& header : access_.impersonation) session.headers.push_back(header);
  session.peer = peer_;
  co_return session;
}

bool Credentials::refused() {
  const bool may_change = access_.exec.has_value() || !access_.token_file.empty();
  issued_.reset();
  file_read_at_.reset();
  return may_change;
}

Task<Result<std::string>> Credentials::token() {
  if (!access_.token_file.empty()) co_return token_from_file();
  if (!access_.token.empty() || !access_.exec) co_return access_.token;
  while (plugin_runs_) co_await plugin_ended_.wait();  // many requests start at once; one run serves all
  const bool is_stale = !issued_ || (issued_->expires && clock_.now() + kExpiryMargin >= *issued_->expires);
  if (is_stale) {
    const Status ran = co_await run_plugin();
    if (!ran) co_return fail(ran.error());
  }
  co_return issued_->token;
}

Result<std::string> Credentials::token_from_file() {
  const Time now = clock_.now();
  if (file_read_at_ && now - *file_read_at_ < kFileAge) return file_token_;
  auto content = read_file(access_.token_file);
  if (!content) {
    if (file_token_.empty()) return wrap("token of " + access_.origin, content.error());
    return file_token_;  // being replaced just now
  }
  while (!content->empty() && (content->back() == '\n' || content->back() == ' ')) content->pop_back();
  file_token_ = *content;
  file_read_at_ = now;
  return file_token_;
}

// Also when the coroutine is cancelled, the next one may run the plugin.
struct Credentials::Running {
  explicit Running(Credentials& owner) : credentials(owner) {
    credentials.plugin_runs_ = true;
    credentials.plugin_ended_.reset();
  }
  ~Running() {
    credentials.plugin_runs_ = false;
    credentials.plugin_ended_.set();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  Credentials& credentials;
};

Task<Status> Credentials::run_plugin() {
  const Running running(*this);
  const ExecPlugin& plugin = *access_.exec;
  json::Object spec = {{"interactive", false}};
  if (plugin.wants_cluster) spec["cluster"] = cluster_for_plugin(access_);
  json::Object request = {{"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}};
  request["spec"] = std::move(spec);
  async::ChildCommand command;
  command.arguments.push_back(plugin.command);
  command.arguments.insert(command.arguments.end(), plugin.arguments.begin(), plugin.arguments.end());
  command.environment = plugin.environment;
  command.environment.emplace_back("KUBERNETES_EXEC_INFO", json::write(json::Value(std::move(request))));
  const auto output = co_await async::run_child(std::move(command));
  const std::string what = fmt::format("{}: credential plugin {}", access_.origin, plugin.command);
  const std::string hint = plugin.install_hint.empty() ? "" : "; " + plugin.install_hint;
  if (!output) co_return fail(Code::kUnauthorized, fmt::format("{}: {}{}", what, output.error().message, hint));
  if (output->exit_code != 0)
    co_return fail(Code::kUnauthorized,
                   fmt::format("{}: ended with exit code {}; run it by hand to see why{}", what, output->exit_code, hint));
  const Status taken = take_in(output->text);
  if (!taken) co_return wrap(what, taken.error());
  co_return Status();
}

Status Credentials::take_in(const std::string& output) {
  const auto parsed = json::parse(output);
  if (!parsed) return fail(Code::kUnauthorized, "its output is not JSON: " + parsed.error().message);
  if (json::text_at(*parsed, "kind") != "ExecCredential" || json::text_at(*parsed, "apiVersion") != access_.exec->api_version)
    return fail(Code::kUnauthorized, "its output is not an ExecCredential of " + access_.exec->api_version);
  auto issued = std::make_unique<Issued>();
  issued->token = json::text_at(*parsed, "status.token");
  const std::string certificate(json::text_at(*parsed, "status.clientCertificateData"));
  const std::string key(json::text_at(*parsed, "status.clientKeyData"));
  if (issued->token.empty() && (certificate.empty() || key.empty()))
    return fail(Code::kUnauthorized, "it gave neither a token nor a client certificate with its key");
  const std::string_view expires = json::text_at(*parsed, "status.expirationTimestamp");
  if (!expires.empty()) issued->expires = parse_time(expires);
  if (!certificate.empty() && (certificate != peer_->certificate_pem || key != peer_->key_pem)) {
    HttpPeer changed = access_.peer;
    changed.certificate_pem = certificate;
    changed.key_pem = key;
    peer_ = std::make_shared<const HttpPeer>(std::move(changed));
  }
  issued_ = std::move(issued);
  return {};
}

}  // namespace canaria::kube
