// The only file that includes Beast: it costs more to compile than all the rest of this folder.
#include "net/http_server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <map>
#include <sys/socket.h>
#include <tuple>

#include "async/cancelled.h"
#include "async/event.h"
#include "async/race.h"
#include "async/scope.h"
#include "async/timers.h"
#include "base/assert.h"

namespace canaria::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using PlainStream = boost::beast::tcp_stream;
using TlsStream = asio::ssl::stream<boost::beast::tcp_stream>;

constexpr std::uint32_t kHeaderLimit = 64 << 10;
constexpr Millis kHandshakeLimit{10'000};
constexpr Millis kAcceptPause{50};
constexpr Millis kDrainLimit{5'000};
constexpr std::size_t kDrainPiece = 64 << 10;
constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

PlainStream& lowest(PlainStream& stream) { return stream; }
PlainStream& lowest(TlsStream& stream) { return stream.next_layer(); }

ServerRequest from_beast(http::request<http::string_body>&& message) {
  ServerRequest request;
  request.method = std::string(message.method_string());
  const std::string_view target(message.target().data(), message.target().size());
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
  for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
  request.body = std::move(message.body());
  return request;
}

enum class Connection { kKeepAlive, kClose };

// Status line and header, up to the line that tells how long the body is. Written by hand: answers are one piece of memory,
// which is one record of TLS and one call of the system.
std::string header_text(const ServerResponse& response, Connection connection) {
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  std::string text;
  text.reserve(256 + response.body.size());
  fmt::format_to(std::back_inserter(text), "HTTP/1.1 {} {}\r\n", response.status, std::string_view(reason.data(), reason.size()));
  const auto field = [&text](std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
  };
  if (!response.content_type.empty()) field("Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) field(name, value);
  if (connection == Connection::kClose) field("Connection", "close");
  return text;
}

// The answer of one streaming handler, chunk by chunk.
template <class Stream>
class ChunkedStream final : public ResponseStream {
 public:
  ChunkedStream(Stream& stream, Millis limit, std::string header) : stream_(stream), limit_(limit), header_(std::move(header)) {}

  Task<Status> write(std::string chunk) override {
    std::string text = std::move(header_);
    header_.clear();
    // An empty chunk would end the answer.
    if (!chunk.empty()) fmt::format_to(std::back_inserter(text), "{:x}\r\n{}\r\n", chunk.size(), chunk);
    return send(std::move(text));
  }
  void replace(ServerResponse response) override {
    if (!header_.empty()) replacement_ = std::make_unique<ServerResponse>(std::move(response));
  }

  ServerResponse* replacement() const { return header_.empty() ? nullptr : replacement_.get(); }
  Task<Status> finish() {
    std::string text = std::move(header_);
    header_.clear();
    return send(text + "0\r\n\r\n");
  }
  bool has_failed() const { return has_failed_; }

 private:
  Task<Status> send(std::string text) {
    if (text.empty()) co_return Status();
    lowest(stream_).expires_after(limit_);
    const auto buffer = asio::buffer(text);
    const auto [error, size] = co_await asio::async_write(stream_, buffer, kAsTuple);
    has_failed_ = static_cast<bool>(error);
    if (error == asio::error::operation_aborted) async::throw_cancelled();
    if (error) co_return fail(Code::kUnavailable, "the client has gone: " + error.message());
    co_return Status();
  }

  Stream& stream_;
  Millis limit_;
  std::string header_;
  std::unique_ptr<ServerResponse> replacement_;
  bool has_failed_ = false;
};

// Returns when the client has closed its side. While an answer is on its way, a client sends nothing over TLS but its goodbye;
// over plain TCP a next request may wait already, and then nobody can tell.
Task<void> hang_up(Tcp::socket* socket, bool is_tls) {
  co_await socket->async_wait(Tcp::socket::wait_read, asio::use_awaitable);
  char byte = 0;
  const auto size = ::recv(socket->native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size == 0 || is_tls) co_return;
  async::Event never;
  co_await never.wait();
}

Result<std::unique_ptr<asio::ssl::context>> make_tls(const HttpServerOptions& options) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  boost::system::error_code error;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
                       error);
  if (!error) context->use_certificate_chain(asio::buffer(options.certificate_pem), error);
  if (!error) context->use_private_key(asio::buffer(options.key_pem), asio::ssl::context::pem, error);
  if (error) return fail(Code::kInvalid, fmt::format("{}: unusable certificate or key: {}", options.name, error.message()));
  // Idle connections keep no buffers; a resumed session would save nothing that our clients notice.
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_num_tickets(context->native_handle(), 0);
  return context;
}

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
    if (!options_.certificate_pem.empty()) {
      TRY(tls_, make_tls(options_));
    }
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
      // Out of descriptors: the next attempt fails as well, until somebody has closed one.
      if (error) co_await async::sleep_for(kAcceptPause);
      if (error || scope_.size() > options_.connection_limit) continue;
      boost::system::error_code ignored;
      socket.set_option(Tcp::no_delay(true), ignored);
      if (tls_) scope_.spawn(serve_tls(std::move(socket)));
      else scope_.spawn(serve_plain(std::move(socket)));
    }
  }

  Task<void> serve_plain(Tcp::socket socket) {
    PlainStream stream(std::move(socket));
    co_await serve(stream);
  }
  Task<void> serve_tls(Tcp::socket socket) {
    TlsStream stream(std::move(socket), *tls_);
    lowest(stream).expires_after(kHandshakeLimit);
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kAsTuple);
    if (!error) co_await serve(stream);
  }

  template <class Stream>
  Task<void> serve(Stream& stream) {
    boost::beast::flat_buffer buffer;
    for (;;) {
      http::request_parser<http::string_body> parser;
      parser.header_limit(kHeaderLimit);
      parser.body_limit(options_.body_limit);
      lowest(stream).expires_after(options_.idle_limit);
      const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAsTuple);
      if (error == http::error::body_limit) {
        ServerResponse refusal = options_.too_large;
        co_await send_whole(stream, std::move(refusal), Connection::kClose);
        co_await drain(lowest(stream));
      }
      if (error) break;
      const Connection after = parser.get().keep_alive() ? Connection::kKeepAlive : Connection::kClose;
      ServerRequest request = from_beast(parser.release());
      lowest(stream).expires_never();
      const bool goes_on = co_await answer(stream, std::move(request), after);
      if (!goes_on) break;
    }
    boost::system::error_code ignored;
    lowest(stream).socket().shutdown(Tcp::socket::shutdown_send, ignored);
  }

  // Takes and drops what a client still sends: closing with something unread resets the connection, and a client that is busy
  // sending would never see the answer.
  Task<void> drain(PlainStream& connection) {
    boost::system::error_code error;
    connection.socket().shutdown(Tcp::socket::shutdown_send, error);
    std::string piece(kDrainPiece, '\0');
    connection.expires_after(kDrainLimit);
    while (!error) {
      const auto buffer = asio::buffer(piece);
      std::tie(error, std::ignore) = co_await connection.async_read_some(buffer, kAsTuple);
    }
  }

  // Returns whether the connection can be used again.
  template <class Stream>
  Task<bool> answer(Stream& stream, ServerRequest request, Connection after) {
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
    if (response.stream) co_return co_await send_stream(stream, std::move(response), after);
    co_return co_await send_whole(stream, std::move(response), after);
  }

  template <class Stream>
  Task<bool> send_whole(Stream& stream, ServerResponse response, Connection after) {
    std::string text = header_text(response, after);
    fmt::format_to(std::back_inserter(text), "Content-Length: {}\r\n\r\n", response.body.size());
    text += response.body;
    lowest(stream).expires_after(options_.idle_limit);
    const auto buffer = asio::buffer(text);
    const auto [error, size] = co_await asio::async_write(stream, buffer, kAsTuple);
    co_return !error && after == Connection::kKeepAlive;
  }

  template <class Stream>
  Task<bool> send_stream(Stream& stream, ServerResponse response, Connection after) {
    ChunkedStream<Stream> chunks(stream, options_.idle_limit,
                                 header_text(response, after) + "Transfer-Encoding: chunked\r\n\r\n");
    if (response.header_time == HeaderTime::kAtOnce) {
      const Status begun = co_await chunks.write("");
      if (!begun) co_return false;
    }
    Task<void> streaming = response.stream(&chunks);
    constexpr bool kIsTls = std::is_same_v<Stream, TlsStream>;
    bool ended = false;
    Task<void> noting = note_end(std::move(streaming), &ended);
    Task<void> watching = hang_up(&lowest(stream).socket(), kIsTls);
    co_await async::race(std::move(noting), std::move(watching));
    if (!ended || chunks.has_failed()) co_return false;
    if (ServerResponse* other = chunks.replacement()) co_return co_await send_whole(stream, std::move(*other), after);
    const Status finished = co_await chunks.finish();
    co_return finished.has_value() && after == Connection::kKeepAlive;
  }
  static Task<void> note_end(Task<void> streaming, bool* ended) {
    co_await std::move(streaming);
    *ended = true;
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
  std::unique_ptr<asio::ssl::context> tls_;
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
