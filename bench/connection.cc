#include "connection.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace canaria::bench {
namespace {

constexpr auto kPatience = std::chrono::seconds(30);
constexpr std::size_t kPortion = 64 << 10;

// Value of a header field, in a head of lower case.
std::string_view field(std::string_view head, std::string_view name) {
  const std::size_t found = head.find(name);
  if (found == std::string_view::npos) return {};
  const std::size_t begin = found + name.size();
  return head.substr(begin, head.find('\r', begin) - begin);
}

}  // namespace

double seconds_since(Steady::time_point begin) { return std::chrono::duration<double>(Steady::now() - begin).count(); }

double own_cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

// ---- Poller

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

Poller::~Poller() {
  ::close(epoll_);
  if (tls_) SSL_CTX_free(tls_);
}

ssl_ctx_st* Poller::tls() {
  if (!tls_) {
    tls_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(tls_, SSL_MODE_RELEASE_BUFFERS);
  }
  return tls_;
}

void Poller::add(int descriptor, Waiter* waiter) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = waiter;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  waiters_.push_back(waiter);
}

void Poller::drop(int descriptor, Waiter* waiter) {
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  std::erase(waiters_, waiter);
}

void Poller::run_until(const std::function<bool()>& is_done) {
  epoll_event events[64];
  auto next_second = Steady::now() + std::chrono::seconds(1);
  while (!is_done()) {
    const int count = ::epoll_wait(epoll_, events, 64, 100);
    for (int i = 0; i < count; ++i) static_cast<Waiter*>(events[i].data.ptr)->on_ready();
    if (Steady::now() < next_second) continue;
    next_second += std::chrono::seconds(1);
    const std::vector<Waiter*> all = waiters_;
    for (Waiter* waiter : all) waiter->on_second();
  }
}

// ---- Connection

Connection::Connection(Poller& poller, Place place) : poller_(poller), place_(std::move(place)) {}

Connection::~Connection() { close(); }

void Connection::close() {
  if (ssl_) SSL_free(ssl_);
  ssl_ = nullptr;
  if (socket_ >= 0) {
    poller_.drop(socket_, this);
    ::close(socket_);
  }
  socket_ = -1;
}

// Connecting and the handshake block: on loopback that is no time, and it is not what is measured.
bool Connection::open() {
  if (socket_ >= 0) return true;
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(place_.port);
  ::inet_pton(AF_INET, place_.address.c_str(), &where.sin_addr);
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval limit{10, 0};
  ::setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  bool is_open = ::connect(made, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  if (is_open && place_.transport == Transport::kTls) {
    ssl_ = SSL_new(poller_.tls());
    SSL_set_fd(ssl_, made);
    is_open = SSL_connect(ssl_) == 1;
  }
  if (!is_open) {
    if (ssl_) SSL_free(ssl_);
    ssl_ = nullptr;
    ::close(made);
    return false;
  }
  ::fcntl(made, F_SETFL, ::fcntl(made, F_GETFL) | O_NONBLOCK);
  socket_ = made;
  in_.clear();
  at_ = 0;
  poller_.add(socket_, this);
  return true;
}

void Connection::ask(std::string_view request) {
  is_waiting_ = true;
  asked_ = Steady::now();
  framing_ = Framing::kNone;
  if (!open() || !write(request)) {
    // Not so fast that a refusing server is asked a million times.
    ::usleep(10'000);
    finish(0);
  }
}

// A request is small and alone on its connection, so it fits into the kernel's buffer; waiting is the exception.
bool Connection::write(std::string_view text) {
  while (!text.empty()) {
    const long sent = ssl_ ? SSL_write(ssl_, text.data(), static_cast<int>(text.size()))
                           : ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    const bool must_wait = ssl_ ? SSL_get_error(ssl_, static_cast<int>(sent)) == SSL_ERROR_WANT_WRITE : errno == EAGAIN;
    if (!must_wait) return false;
    pollfd place{socket_, POLLOUT, 0};
    ::poll(&place, 1, 1000);
  }
  return true;
}

long Connection::read(char* place, std::size_t size) {
  if (!ssl_) return ::recv(socket_, place, size, 0);
  const int got = SSL_read(ssl_, place, static_cast<int>(size));
  if (got > 0) return got;
  const int why = SSL_get_error(ssl_, got);
  if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return 0;
  errno = EAGAIN;
  return -1;
}

void Connection::on_ready() {
  static char portion[kPortion];
  while (socket_ >= 0) {
    const long got = read(portion, kPortion);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got > 0) in_.append(portion, static_cast<std::size_t>(got));
    if (got <= 0) {
      close();
      if (is_waiting_) finish(0);
      return;
    }
    take();
    // What is left in the socket makes it ready again.
    if (!ssl_ || SSL_pending(ssl_) == 0) return;
  }
}

void Connection::on_second() {
  if (!is_waiting_ || on_part || Steady::now() - asked_ < kPatience) return;
  close();
  finish(0);
}

void Connection::take() {
  while (is_waiting_ && at_ < in_.size()) {
    if (framing_ == Framing::kNone && !take_head()) break;
    if (framing_ == Framing::kNone) continue;  // an interim answer
    if (!(framing_ == Framing::kChunks ? take_chunks() : take_body())) break;
    finish(status_);
  }
  if (at_ == in_.size()) {
    in_.clear();
    at_ = 0;
  } else if (at_ > kPortion) {
    in_.erase(0, at_);
    at_ = 0;
  }
}

bool Connection::take_head() {
  const std::size_t end = in_.find("\r\n\r\n", at_);
  if (end == std::string::npos) return false;
  std::string head = in_.substr(at_, end + 2 - at_);
  at_ = end + 4;
  for (char& letter : head) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  status_ = std::atoi(head.c_str() + std::min<std::size_t>(9, head.size()));
  if (status_ < 200) return true;
  closes_ = field(head, "\nconnection: ") == "close";
  body_.clear();
  const bool is_chunked = field(head, "\ntransfer-encoding: ") == "chunked";
  framing_ = is_chunked ? Framing::kChunks : Framing::kLength;
  left_ = is_chunked ? 0 : std::strtoul(std::string(field(head, "\ncontent-length: ")).c_str(), nullptr, 10);
  if (!is_chunked && left_ == 0) finish(status_);
  return is_waiting_;
}

bool Connection::take_body() {
  const std::size_t size = std::min(left_, in_.size() - at_);
  give(std::string_view(in_).substr(at_, size));
  at_ += size;
  left_ -= size;
  return left_ == 0;
}

// left_ counts what is missing of a chunk, with the line end behind it.
bool Connection::take_chunks() {
  while (at_ < in_.size()) {
    if (left_ == 0) {
      const std::size_t end = in_.find("\r\n", at_);
      if (end == std::string::npos) return false;
      const std::size_t size = std::strtoul(in_.c_str() + at_, nullptr, 16);
      if (size == 0 && in_.size() < end + 4) return false;
      at_ = end + (size == 0 ? 4 : 2);
      if (size == 0) return true;
      left_ = size + 2;
    }
    const std::size_t size = std::min(left_, in_.size() - at_);
    const std::size_t of_body = left_ > 2 ? std::min(size, left_ - 2) : 0;
    give(std::string_view(in_).substr(at_, of_body));
    at_ += size;
    left_ -= size;
  }
  return false;
}

void Connection::give(std::string_view part) {
  if (part.empty()) return;
  if (on_part) on_part(part);
  else body_ += part;
}

void Connection::finish(int status) {
  is_waiting_ = false;
  framing_ = Framing::kNone;
  if (status == 0 || closes_) close();
  closes_ = false;
  if (on_answer) on_answer(Answer{status, body_});
}

}  // namespace canaria::bench
