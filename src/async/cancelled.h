// How a cancelled coroutine leaves: by one exception that only the owner of the coroutine catches.
#pragma once

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

namespace canaria::async {

[[noreturn]] inline void throw_cancelled() {
  throw boost::system::system_error(boost::asio::error::make_error_code(boost::asio::error::operation_aborted));
}

inline bool is_cancellation(const std::exception& thrown) {
  const auto* error = dynamic_cast<const boost::system::system_error*>(&thrown);
  return error != nullptr && error->code() == boost::asio::error::operation_aborted;
}

}  // namespace canaria::async
