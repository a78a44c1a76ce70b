// The door to other machines over HTTP: one exchange, or a stream of lines (a watch). TLS and proxy settings belong to the
// peer and are shared by all requests to it, so that connections can be used again.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/task.h"
#include "base/result.h"
#include "base/time.h"

namespace canaria {

enum class Verify { kYes, kNo };
enum class ProxyUse { kAsConfigured, kNever };

// How to reach and trust one server. Immutable once requests use it.
struct HttpPeer {
  std::string ca_pem;           // empty: the certificates of the system
  std::string certificate_pem;  // client certificate, empty: none
  std::string key_pem;
  std::string server_name;      // expected in the certificate instead of the host of the URL
  Verify verify = Verify::kYes;
  std::string proxy_url;        // http, https or socks5; empty: HTTPS_PROXY, HTTP_PROXY and NO_PROXY
  ProxyUse proxy = ProxyUse::kAsConfigured;  // kNever: also not what the environment says
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// The first value of a header, names compared without case; empty when absent.
std::string_view find_header(const HttpHeaders& headers, std::string_view name);

struct HttpRequest {
  HttpRequest() = default;  // not an aggregate: g++ 12 mishandles those in co_await expressions
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string body;
  std::shared_ptr<const HttpPeer> peer;  // null: system certificates, proxy from the environment
  Millis timeout{30'000};                // the whole exchange; of a stream only the time until the answer begins
  std::size_t body_limit = 64 << 20;     // of the response
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;
};

// Called on the loop for each whole line (without its end). Must not block; the text is gone after the call.
using LineSink = std::function<void(std::string_view line)>;

class HttpClient {
 public:
  virtual ~HttpClient() = default;

  // An answer of any status is a success; errors are about reaching the peer (kUnavailable, kTimeout).
  // Cancelling the coroutine ends the exchange.
  virtual Task<Result<HttpResponse>> send(HttpRequest request) = 0;

  // Hands the lines of a 2xx answer to the sink and returns, without body, when the server ends it. Any other answer is
  // returned whole. Ends with kTimeout when nothing arrives for idle_limit.
  virtual Task<Result<HttpResponse>> stream(HttpRequest request, Millis idle_limit, LineSink sink) = 0;
};

}  // namespace canaria
