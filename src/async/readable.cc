#include "async/readable.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace canaria::async {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

// Gives the descriptor back on every path, where Asio would close it.
struct Borrowed {
  Borrowed(const boost::asio::any_io_executor& executor, int number) : descriptor(executor, number) {}
  ~Borrowed() { descriptor.release(); }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  Descriptor descriptor;
};

}  // namespace

Task<void> wait_readable(int descriptor) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Borrowed borrowed(executor, descriptor);
  co_await borrowed.descriptor.async_wait(Descriptor::wait_read, boost::asio::use_awaitable);
}

}  // namespace canaria::async
