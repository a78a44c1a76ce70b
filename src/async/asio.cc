// The one place where Asio itself is compiled (BOOST_ASIO_SEPARATE_COMPILATION); every other file only declares it.
#include <boost/asio/impl/src.hpp>
