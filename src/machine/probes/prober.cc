#include "machine/probes/prober.h"

#include <charconv>

#include "async/timers.h"
#include "net/tcp_connect.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kBodyLimit = 10 << 10;
constexpr Millis kHookLimit{60'000};

Result<std::uint16_t> port_number(const json::Value& port, const std::vector<api::ContainerPort>& ports) {
  std::int64_t number = 0;
  if (const auto* value = port.if_int64()) {
    number = *value;
  } else if (const auto* name = port.if_string()) {
    for (const api::ContainerPort& known : ports)
      if (std::string_view(known.name) == std::string_view(name->data(), name->size())) number = known.containerPort;
    if (number == 0) std::from_chars(name->data(), name->data() + name->size(), number);
    if (number == 0) return fail(Code::kInvalid, "couldn't find port \"" + std::string(*name) + "\" of the container");
  }
  if (number < 1 || number > 65535) return fail(Code::kInvalid, "invalid port number: " + std::to_string(number));
  return static_cast<std::uint16_t>(number);
}

Result<std::string> url_of(const api::HttpGetAction& action, const ProbeTarget& target) {
  TRY(const std::uint16_t port, port_number(action.port, target.ports));
  const std::string host = action.host.empty() ? target.address : action.host;
  const std::string path = action.path.starts_with('/') ? action.path : "/" + action.path;
  return (action.scheme == "HTTPS" ? "https://" : "http://") + host + ":" + std::to_string(port) + path;
}

bool has_header(const HttpHeaders& headers, std::string_view name) { return !find_header(headers, name).empty(); }

std::shared_ptr<const HttpPeer> trusting_peer() {
  HttpPeer peer;
  peer.verify = Verify::kNo;
  peer.proxy = ProxyUse::kNever;
  return std::make_shared<const HttpPeer>(std::move(peer));
}

}  // namespace

Prober::Prober(HttpClient& http, ContainerRuntime& runtime) : http_(http), runtime_(runtime), peer_(trusting_peer()) {}

Task<Status> Prober::ask(api::Probe probe, ProbeTarget target) {
  const Millis limit = Seconds(std::max(1, probe.timeoutSeconds));
  if (probe.exec) return ask_command(*std::move(probe.exec), std::move(target), limit);
  if (probe.httpGet) return ask_http(*std::move(probe.httpGet), std::move(target), limit);
  if (probe.tcpSocket) return ask_tcp(*std::move(probe.tcpSocket), std::move(target), limit);
  const auto refuse = []() -> Task<Status> {
    co_return fail(Code::kInvalid, "grpc probes are not supported on this machine: use httpGet, tcpSocket or exec");
  };
  return refuse();
}

Task<Status> Prober::run_hook(api::LifecycleHook hook, ProbeTarget target, Millis limit) {
  if (limit <= Millis(0)) limit = kHookLimit;
  if (hook.exec) co_return co_await ask_command(*std::move(hook.exec), std::move(target), limit);
  if (hook.httpGet) co_return co_await ask_http(*std::move(hook.httpGet), std::move(target), limit);
  if (hook.sleep) co_await async::sleep_for(std::min<Millis>(limit, Seconds(hook.sleep->seconds)));
  co_return Status();
}

Task<Status> Prober::ask_http(api::HttpGetAction action, ProbeTarget target, Millis limit) {
  CO_TRY(const std::string url, url_of(action, target));
  HttpRequest request;
  request.url = url;
  request.timeout = limit;
  request.body_limit = 1 << 20;
  request.peer = peer_;
  for (const api::ProbeHeader& header : action.httpHeaders) request.headers.emplace_back(header.name, header.value);
  if (!has_header(request.headers, "User-Agent")) request.headers.emplace_back("User-Agent", "kube-probe/1.34");
  if (!has_header(request.headers, "Accept")) request.headers.emplace_back("Accept", "*/*");
  // A kept connection would occupy a server that serves one after the other.
  request.headers.emplace_back("Connection", "close");
  const auto answer = co_await http_.send(std::move(request));
  if (!answer) {
    if (answer.error().code == Code::kTimeout)
      co_return fail(Code::kTimeout,
                     "Get \"" + url + "\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
    co_return fail(answer.error().code, "Get \"" + url + "\": " + answer.error().message);
  }
  if (answer->status >= 200 && answer->status < 400) co_return Status();
  co_return fail(Code::kUnavailable, "HTTP probe failed with statuscode: " + std::to_string(answer->status));
}

Task<Status> Prober::ask_tcp(api::TcpSocketAction action, ProbeTarget target, Millis limit) {
  CO_TRY(const std::uint16_t port, port_number(action.port, target.ports));
  co_return co_await net::tcp_connect(action.host.empty() ? target.address : action.host, port, limit);
}

Task<Status> Prober::ask_command(api::ExecAction action, ProbeTarget target, Millis limit) {
  const std::string program = action.command.empty() ? "" : action.command.front();
  std::string words;
  for (const std::string& word : action.command) words += (words.empty() ? "" : " ") + word;
  const auto result = co_await runtime_.exec(target.id, std::move(action.command), limit);
  if (!result) {
    if (result.error().code == Code::kTimeout) co_return fail(Code::kTimeout, "command \"" + words + "\" timed out");
    co_return fail(result.error());
  }
  if (result->exit_code == 0) co_return Status();
  std::string text = result->output.substr(0, kBodyLimit);
  if (text.empty()) text = "command \"" + program + "\" exited with " + std::to_string(result->exit_code);
  co_return fail(Code::kUnavailable, std::move(text));
}

}  // namespace canaria::machine
