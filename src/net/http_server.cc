// The only file that includes Beast: it costs more to compile than all the rest of this folder.
#include "net/http_server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <map>

#include "async/cancelled.h"
#include "async/scope.h"
#include "base/assert.h"

namespace canaria::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Stream = boost::beast::tcp_stream;

constexpr std::uint32_t kHeaderLimit = 64 << 10;
constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

ServerRequest from_beast(http::request<http::string_body>&& message) {
  ServerRequest request;
  request.method = std::string(message.method_string());
  const std::string target(message.target());
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
  for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
  request.body = std::move(message.body());
  return request;
}

template <class Message>
void fill_header(Message& message, const ServerResponse& response, bool keep_alive) {
  message.version(11);
  message.result(static_cast<unsigned>(response.status));
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);
}

class ChunkedStream final : public ResponseStream {
 public:
  ChunkedStream(Stream& stream, Millis limit) : stream_(stream), limit_(limit) {}

  Task<Status> write(std::string chunk) override {
    if (chunk.empty()) co_return Status();  // an empty chunk would end the answer
    stream_.expires_after(limit_);
    const auto buffers = http::make_chunk(asio::buffer(chunk));
    const auto [error, size] = co_await asio::async_write(stream_, buffers, kAsTuple);
    if (error) co_return fail(Code::kUnavailable, "the client has gone: " + error.message());
    co_return Status();
  }

 private:
  Stream& stream_;
  Millis limit_;
};

}  // namespace

class HttpServer::Listener {
 public:
  Listener(async::Loop& loop, HttpServerOptions options)
      : options_(std::move(options)), acceptor_(loop.context()), scope_(loop) {}

  void route(std::string path, Handler handler) { routes_[std::move(path)] = std::move(handler); }

  Result<std::uint16_t> open() {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options_.address, error);
    if (error) return fail(Code::kInvalid, fmt::format("{}: \"{}\" is not an IP address", options_.name, options_.address));
    const Tcp::endpoint endpoint(address, options_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return fail(Code::kUnavailable, fmt::format("{}: cannot listen on {} port {}: {}; choose another port", options_.name,
                                                  options_.address, options_.port, error.message()));
    scope_.spawn(accept());
    return acceptor_.local_endpoint().port();
  }

  Task<void> stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    return scope_.stop();
  }

 private:
  Task<void> accept() {
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(kAsTuple);
      if (error == asio::error::operation_aborted) co_return;
      if (error || scope_.size() > options_.connection_limit) continue;  // out of descriptors, or too many: drop it
      boost::system::error_code ignored;
      socket.set_option(Tcp::no_delay(true), ignored);
      scope_.spawn(serve(std::move(socket)));
    }
  }

  Task<void> serve(Tcp::socket socket) {
    Stream stream(std::move(socket));
    boost::beast::flat_buffer buffer;
    for (;;) {
      http::request_parser<http::string_body> parser;
      parser.header_limit(kHeaderLimit);
      parser.body_limit(options_.body_limit);
      stream.expires_after(options_.idle_limit);
      const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAsTuple);
      if (error == http::error::body_limit) {
        const ServerResponse refusal(413, "the request body is too large\n");
        co_await send_whole(stream, refusal, false);
      }
      if (error) break;
      const bool keep_alive = parser.get().keep_alive();
      ServerRequest request = from_beast(parser.release());
      stream.expires_never();
      const bool goes_on = co_await answer(stream, std::move(request), keep_alive);
      if (!goes_on) break;
    }
    boost::system::error_code ignored;
    stream.socket().shutdown(Tcp::socket::shutdown_send, ignored);
  }

  // Returns whether the connection can be used again.
  Task<bool> answer(Stream& stream, ServerRequest request, bool keep_alive) {
    const Handler* handler = find(request.path);
    ServerResponse response(404, "404 page not found\n");
    if (handler) {
      const std::string path = request.path;
      try {
        response = co_await (*handler)(std::move(request));
      } catch (const std::exception& thrown) {
        if (async::is_cancellation(thrown)) throw;
        response = ServerResponse(500, fmt::format("{}: {}\n", path, thrown.what()));
      }
    }
    if (response.stream) co_return co_await send_stream(stream, response, keep_alive);
    co_return co_await send_whole(stream, response, keep_alive);
  }

  Task<bool> send_whole(Stream& stream, const ServerResponse& response, bool keep_alive) {
    http::response<http::string_body> message;
    fill_header(message, response, keep_alive);
    message.body() = response.body;
    message.prepare_payload();
    stream.expires_after(options_.idle_limit);
    const auto [error, size] = co_await http::async_write(stream, message, kAsTuple);
    co_return !error && keep_alive;
  }

  Task<bool> send_stream(Stream& stream, const ServerResponse& response, bool keep_alive) {
    http::response<http::empty_body> message;
    fill_header(message, response, keep_alive);
    message.chunked(true);
    http::response_serializer<http::empty_body> serializer(message);
    stream.expires_after(options_.idle_limit);
    const auto [error, size] = co_await http::async_write_header(stream, serializer, kAsTuple);
    if (error) co_return false;
    ChunkedStream chunks(stream, options_.idle_limit);
    co_await response.stream(&chunks);
    stream.expires_after(options_.idle_limit);
    const auto last = http::make_chunk_last();
    const auto [last_error, last_size] = co_await asio::async_write(stream, last, kAsTuple);
    co_return !last_error && keep_alive;
  }

  const Handler* find(const std::string& path) const {
    const Handler* best = nullptr;
    std::size_t length = 0;
    for (const auto& [pattern, handler] : routes_) {
      const bool matches = pattern == path || (pattern.ends_with('/') && path.starts_with(pattern));
      if (matches && pattern.size() >= length) {
        best = &handler;
        length = pattern.size();
      }
    }
    return best;
  }

  HttpServerOptions options_;
  Tcp::acceptor acceptor_;
  async::Scope scope_;
  std::map<std::string, Handler> routes_;
};

HttpServer::HttpServer(async::Loop& loop, HttpServerOptions options)
    : listener_(std::make_unique<Listener>(loop, std::move(options))) {}
HttpServer::~HttpServer() = default;

void HttpServer::route(std::string path, Handler handler) { listener_->route(std::move(path), std::move(handler)); }
Result<std::uint16_t> HttpServer::open() { return listener_->open(); }
Task<void> HttpServer::stop() { return listener_->stop(); }

}  // namespace canaria::net
