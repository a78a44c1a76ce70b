// libcurl's multi interface driven by Asio: one watched descriptor per socket, one timer. Knows nothing about requests; it
// reports finished easy handles to their owners. Private to net/.
//
// libcurl forbids adding or removing handles inside its callbacks. A callback may run arbitrary code of ours that starts
// the next exchange, so starting is put off until curl has returned; giving one up there is a bug.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>
#include <map>
#include <memory>
#include <vector>

namespace canaria::net {

class CurlMulti {
 public:
  // Told when a handle has ended; found through CURLOPT_PRIVATE.
  class Owner {
   public:
    virtual void ended(CURLcode code) = 0;

   protected:
    ~Owner() = default;
  };

  CurlMulti(boost::asio::io_context& context, long kept_connections);
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  // A cleared easy handle for one exchange; give it back with release(), also in the middle of the exchange.
  CURL* acquire();
  void start(CURL* easy);
  void release(CURL* easy);

 private:
  struct Socket;
  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* socket);
  static int on_timer(CURLM* multi, long milliseconds, void* self);

  void watch(curl_socket_t fd, int what);
  void forget(curl_socket_t fd);
  void await(const std::shared_ptr<Socket>& socket, boost::asio::posix::stream_descriptor::wait_type direction);
  void act(curl_socket_t fd, int events);
  void settle();

  boost::asio::io_context& context_;
  boost::asio::steady_timer timer_;
  CURLM* multi_;
  CURLSH* share_;
  std::map<curl_socket_t, std::shared_ptr<Socket>> sockets_;
  std::vector<CURL*> idle_;
  std::vector<CURL*> to_start_;
  int depth_ = 0;  // how deep we are inside curl
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace canaria::net
