// HTTP over libcurl on the event loop: proxies, TLS from memory, connections that are used again.
//
// All requests share one connection cache and TLS sessions. HTTP/1.1 only: a stalled watch must not hold up others.
#pragma once

#include <memory>
#include <string>

#include "async/loop.h"
#include "ports/http_client.h"

namespace canaria::net {

struct HttpClientOptions {
  std::string user_agent = "canaria";
  long kept_connections = 32;  // beyond this many, those that fall idle are closed
};

class CurlHttpClient final : public HttpClient {
 public:
  CurlHttpClient(async::Loop& loop, HttpClientOptions options);
  ~CurlHttpClient() override;  // REQUIRES: no request is under way

  Task<Result<HttpResponse>> send(HttpRequest request) override;
  Task<Result<HttpResponse>> stream(HttpRequest request, Millis idle_limit, LineSink sink) override;

 private:
  class Multi;
  class Transfer;
  std::unique_ptr<Multi> multi_;
};

}  // namespace canaria::net
