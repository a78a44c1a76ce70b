#include "net/tcp_connect.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "async/timers.h"

namespace canaria::net {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

Task<void> connect(Tcp::endpoint endpoint, boost::system::error_code* failure) {
  const auto executor = co_await asio::this_coro::executor;
  Tcp::socket socket(executor);
  const auto token = asio::as_tuple(asio::use_awaitable);
  const auto [error] = co_await socket.async_connect(endpoint, token);
  *failure = error;
}

std::string lower_case(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

}  // namespace

Task<Status> tcp_connect(std::string host, std::uint16_t port, Millis limit) {
  const std::string place = "dial tcp " + host + ":" + std::to_string(port);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  if (error) co_return fail(Code::kInvalid, place + ": the host must be an IP address");
  const Tcp::endpoint endpoint(address, port);
  Task<void> connecting = connect(endpoint, &error);
  const async::Bounded outcome = co_await async::run_bounded(std::move(connecting), limit);
  if (outcome == async::Bounded::kTimedOut) co_return fail(Code::kTimeout, place + ": i/o timeout");
  if (error) co_return fail(Code::kUnavailable, place + ": connect: " + lower_case(error.message()));
  co_return Status();
}

}  // namespace canaria::net
