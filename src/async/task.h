// A coroutine that the one event loop runs. Kept in a header of its own so that ports can name it without the loop.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace canaria {

template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace canaria
