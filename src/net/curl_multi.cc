#include "net/curl_multi.h"

#include <algorithm>
#include <chrono>

#include "base/assert.h"

namespace canaria::net {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;
constexpr std::size_t kIdleHandles = 4;  // about 6 KiB each

void start_libcurl() {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  CANARIA_ASSERT(kStarted == CURLE_OK, "libcurl does not start");
}

}  // namespace

// What curl wants to know about one socket. The descriptor never owns the socket: curl closes it.
struct CurlMulti::Socket {
  Socket(boost::asio::io_context& context, curl_socket_t fd) : descriptor(context, fd) {}
  Descriptor descriptor;
  int wanted = 0;  // CURL_POLL_*
  bool awaits_read = false;
  bool awaits_write = false;
  bool open = true;
};

CurlMulti::CurlMulti(boost::asio::io_context& context, long kept_connections) : context_(context), timer_(context) {
  start_libcurl();
  multi_ = curl_multi_init();
  share_ = curl_share_init();
  CANARIA_ASSERT(multi_ && share_, "libcurl has no memory");
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kept_connections);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
}

CurlMulti::~CurlMulti() {
  for (CURL* easy : idle_) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi_);
  curl_share_cleanup(share_);
  for (auto& [fd, socket] : sockets_) {
    socket->open = false;
    socket->descriptor.release();
  }
}

CURL* CurlMulti::acquire() {
  CURL* easy = nullptr;
  if (idle_.empty()) {
    easy = curl_easy_init();
    CANARIA_ASSERT(easy, "libcurl has no memory");
  } else {
    easy = idle_.back();
    idle_.pop_back();
  }
  curl_easy_setopt(easy, CURLOPT_SHARE, share_);
  return easy;
}

void CurlMulti::start(CURL* easy) {
  to_start_.push_back(easy);
  settle();
}

void CurlMulti::release(CURL* easy) {
  CANARIA_ASSERT(depth_ == 0, "an exchange was given up inside a callback of libcurl");
  const auto waiting = std::find(to_start_.begin(), to_start_.end(), easy);
  if (waiting != to_start_.end()) to_start_.erase(waiting);
  else curl_multi_remove_handle(multi_, easy);  // harmless when it has ended
  curl_easy_setopt(easy, CURLOPT_SHARE, nullptr);
  if (idle_.size() < kIdleHandles) {
    curl_easy_reset(easy);
    idle_.push_back(easy);
  } else {
    curl_easy_cleanup(easy);
  }
  settle();
}

int CurlMulti::on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
  auto* multi = static_cast<CurlMulti*>(self);
  if (what == CURL_POLL_REMOVE) multi->forget(fd);
  else multi->watch(fd, what);
  return 0;
}

int CurlMulti::on_timer(CURLM*, long milliseconds, void* self) {
  auto* multi = static_cast<CurlMulti*>(self);
  if (milliseconds < 0) {
    multi->timer_.cancel();
    return 0;
  }
  multi->timer_.expires_after(std::chrono::milliseconds(milliseconds));
  multi->timer_.async_wait([multi, alive = std::weak_ptr<int>(multi->alive_)](boost::system::error_code error) {
    if (!error && !alive.expired()) multi->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void CurlMulti::watch(curl_socket_t fd, int what) {
  std::shared_ptr<Socket>& socket = sockets_[fd];
  if (!socket) socket = std::make_shared<Socket>(context_, fd);
  socket->wanted = what;
  if (what & CURL_POLL_IN) await(socket, Descriptor::wait_read);
  if (what & CURL_POLL_OUT) await(socket, Descriptor::wait_write);
}

void CurlMulti::forget(curl_socket_t fd) {
  const auto found = sockets_.find(fd);
  if (found == sockets_.end()) return;
  found->second->open = false;
  found->second->descriptor.release();  // its waits end as cancelled
  sockets_.erase(found);
}

void CurlMulti::await(const std::shared_ptr<Socket>& socket, Descriptor::wait_type direction) {
  bool& awaits = direction == Descriptor::wait_read ? socket->awaits_read : socket->awaits_write;
  if (awaits) return;
  awaits = true;
  socket->descriptor.async_wait(direction, [this, socket, direction](boost::system::error_code error) {
    const bool reads = direction == Descriptor::wait_read;
    (reads ? socket->awaits_read : socket->awaits_write) = false;
    if (!socket->open) return;
    if (!(socket->wanted & (reads ? CURL_POLL_IN : CURL_POLL_OUT))) return;
    const int events = error ? CURL_CSELECT_ERR : (reads ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
    act(socket->descriptor.native_handle(), events);
    if (socket->open && (socket->wanted & (reads ? CURL_POLL_IN : CURL_POLL_OUT))) await(socket, direction);
  });
}

void CurlMulti::act(curl_socket_t fd, int events) {
  ++depth_;
  int running = 0;
  curl_multi_socket_action(multi_, fd, events, &running);
  --depth_;
  settle();
}

// Does what was put off, and reports what has ended, until nothing is left to do.
void CurlMulti::settle() {
  if (depth_ > 0) return;
  ++depth_;
  for (;;) {
    if (!to_start_.empty()) {
      CURL* easy = to_start_.front();
      to_start_.erase(to_start_.begin());
      curl_multi_add_handle(multi_, easy);
    } else {
      int left = 0;
      const CURLMsg* message = curl_multi_info_read(multi_, &left);
      if (!message) break;
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      char* owner = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
      curl_multi_remove_handle(multi_, easy);
      if (owner) reinterpret_cast<Owner*>(owner)->ended(code);
    }
  }
  --depth_;
}

}  // namespace canaria::net
