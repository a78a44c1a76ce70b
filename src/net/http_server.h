// A small HTTP/1.1 server: metrics, health, webhooks, and in tests the peer of our own client.
//
// Handlers are coroutines on the loop. Answers are whole, or streamed chunk by chunk (watches, server-sent events); a client
// that hangs up ends the stream it reads. TLS (1.2 and later) when there is a certificate; HTTP/1.1 only, which every client
// of ours speaks. Limits: size of header and body, idle time, number of connections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "async/loop.h"
#include "async/task.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/http_client.h"

namespace canaria::net {

struct ServerRequest {
  ServerRequest() = default;  // not an aggregate: see style rules about g++ 12
  std::string method;
  std::string path;   // without query, not unescaped
  std::string query;  // what followed the question mark
  HttpHeaders headers;
  std::string body;
};

struct ServerResponse;

// Where a streamed answer goes. A failed write means the client has gone; stop then.
class ResponseStream {
 public:
  virtual Task<Status> write(std::string chunk) = 0;
  // What to answer instead, as long as nothing of the stream has been sent: see HeaderTime::kWithFirstWrite. Without effect
  // later.
  virtual void replace(ServerResponse response) = 0;

 protected:
  ~ResponseStream() = default;
};

// When the header of a streamed answer is sent: a watch tells at once that it is there, a log may still turn out to be none.
enum class HeaderTime { kAtOnce, kWithFirstWrite };

struct ServerResponse {
  ServerResponse() = default;
  ServerResponse(int code, std::string text, std::string type = "text/plain; charset=utf-8")
      : status(code), content_type(std::move(type)), body(std::move(text)) {}
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  HttpHeaders headers;
  std::string body;
  // When set, called instead of sending body; the answer ends when it returns. Cancelled when the client hangs up.
  std::function<Task<void>(ResponseStream*)> stream;
  HeaderTime header_time = HeaderTime::kAtOnce;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // "0.0.0.0" or "::" for every interface
  std::uint16_t port = 0;             // 0: any free one
  std::size_t body_limit = 8 << 20;
  std::size_t connection_limit = 256;
  Millis idle_limit{120'000};
  std::string name = "canaria";       // for messages: which server this is
  std::string certificate_pem;        // with the chain, if there is one; empty: no TLS
  std::string key_pem;
  ServerResponse too_large{413, "the request body is too large\n"};  // the answer to a body over the limit
};

class HttpServer {
 public:
  using Handler = std::function<Task<ServerResponse>(ServerRequest)>;

  HttpServer(async::Loop& loop, HttpServerOptions options);
  ~HttpServer();  // REQUIRES: stopped, or never opened

  // The handler for one path, or for everything below a path that ends in "/". The longest match wins.
  void route(std::string path, Handler handler);
  // Starts listening; returns the port. Fails with kInvalid on an unusable address or certificate and with kUnavailable on
  // a port that is taken.
  Result<std::uint16_t> open();
  // Closes the port and all connections.
  Task<void> stop();

 private:
  class Listener;
  std::unique_ptr<Listener> listener_;
};

}  // namespace canaria::net
