// A small HTTP/1.1 server: metrics, health, webhooks, and in tests the peer of our own client.
//
// Handlers are coroutines on the loop. Answers are whole, or streamed chunk by chunk (watches, server-sent events).
// Limits: size of header and body, idle time, number of connections. No TLS yet.
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

// Where a streamed answer goes. A failed write means the client has gone; stop then.
class ResponseStream {
 public:
  virtual Task<Status> write(std::string chunk) = 0;

 protected:
  ~ResponseStream() = default;
};

struct ServerResponse {
  ServerResponse() = default;
  ServerResponse(int code, std::string text, std::string type = "text/plain; charset=utf-8")
      : status(code), content_type(std::move(type)), body(std::move(text)) {}
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  HttpHeaders headers;
  std::string body;
  // When set, called after the header has been sent, instead of sending body; the answer ends when it returns.
  std::function<Task<void>(ResponseStream*)> stream;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // "0.0.0.0" or "::" for every interface
  std::uint16_t port = 0;             // 0: any free one
  std::size_t body_limit = 8 << 20;
  std::size_t connection_limit = 256;
  Millis idle_limit{120'000};
  std::string name = "canaria";       // for messages: which server this is
};

class HttpServer {
 public:
  using Handler = std::function<Task<ServerResponse>(ServerRequest)>;

  HttpServer(async::Loop& loop, HttpServerOptions options);
  ~HttpServer();  // REQUIRES: stopped, or never opened

  // The handler for one path, or for everything below a path that ends in "/". The longest match wins.
  void route(std::string path, Handler handler);
  // Starts listening; returns the port.
  Result<std::uint16_t> open();
  // Closes the port and all connections.
  Task<void> stop();

 private:
  class Listener;
  std::unique_ptr<Listener> listener_;
};

}  // namespace canaria::net
