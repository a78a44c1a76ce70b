#include "net/local_exchange.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstddef>

#include "async/timers.h"

namespace canaria::net {
namespace {

namespace asio = boost::asio;
constexpr std::size_t kAnswerMax = 64 << 20;
constexpr std::size_t kPathMax = 107;

tl::unexpected<Error> unreachable(const std::string& path, const std::string& reason) {
  return fail(Code::kUnavailable, "socket " + path + ": " + reason);
}

Task<Result<std::string>> exchange(std::string path, std::string text) {
  const auto executor = co_await asio::this_coro::executor;
  const auto token = asio::as_tuple(asio::use_awaitable);
  asio::local::stream_protocol::socket socket(executor);
  const asio::local::stream_protocol::endpoint peer(path);
  const auto [refused] = co_await socket.async_connect(peer, token);
  if (refused) co_return unreachable(path, refused.message());
  const auto question = asio::buffer(text);
  const auto [unsent, sent] = co_await asio::async_write(socket, question, token);
  if (unsent) co_return unreachable(path, unsent.message());
  std::string answer;
  std::array<char, 16384> chunk;
  for (;;) {
    const auto space = asio::buffer(chunk);
    const auto [error, size] = co_await socket.async_read_some(space, token);
    answer.append(chunk.data(), size);
    if (error == asio::error::eof) co_return answer;
    if (error) co_return unreachable(path, error.message());
    if (answer.size() > kAnswerMax) co_return unreachable(path, "the answer is too long");
  }
}

}  // namespace

Task<Result<std::string>> local_exchange(std::string path, std::string text, Millis limit) {
  if (path.size() > kPathMax) co_return fail(Code::kInvalid, "socket " + path + ": the path is too long");
  const std::string what = "socket " + path;
  Task<Result<std::string>> exchanging = exchange(std::move(path), std::move(text));
  co_return co_await async::with_timeout(std::move(exchanging), limit, what);
}

}  // namespace canaria::net
