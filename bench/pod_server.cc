// The application of the traffic benchmark: answers every request with its version, so fast that the proxy is what is measured.
//
//   pod_server PORT      the version is the tag of the image in CANARIA_IMAGE
//
// Stops as a careful application does: after SIGTERM it goes on answering, tells each client to close, and ends when nobody has
// asked for a second.
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

volatile std::sig_atomic_t is_stopping = 0;

class Server {
 public:
  Server(int port, const std::string& version) {
    const std::string length = fmt::format("Content-Length: {}\r\n", version.size());
    answer_ = "HTTP/1.1 200 OK\r\n" + length + "\r\n" + version;
    last_answer_ = "HTTP/1.1 200 OK\r\nConnection: close\r\n" + length + "\r\n" + version;
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(static_cast<std::uint16_t>(port));
    is_open_ = ::bind(listener_, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0 && ::listen(listener_, 1024) == 0;
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    watch(listener_);
  }
  bool is_open() const { return is_open_; }

  void run() {
    epoll_event events[64];
    for (int silent = 0; !is_stopping || silent < 10;) {
      const int count = ::epoll_wait(epoll_, events, 64, is_stopping ? 100 : -1);
      silent = count > 0 ? 0 : silent + 1;
      for (int i = 0; i < count; ++i) {
        if (events[i].data.fd == listener_) accept_all();
        else serve(events[i].data.fd);
      }
    }
  }

 private:
  void watch(int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }
  void accept_all() {
    for (int made = 0; (made = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
      const int on = 1;
      ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      watch(made);
    }
  }
  // A head without a body is all that clients send here; one that comes in parts waits for its rest.
  void serve(int descriptor) {
    char chunk[4096];
    const ssize_t size = ::recv(descriptor, chunk, sizeof chunk, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) return end(descriptor);
    std::string& head = heads_[descriptor];
    head.append(chunk, static_cast<std::size_t>(size));
    if (!head.ends_with("\r\n\r\n")) return;
    head.clear();
    const std::string& text = is_stopping ? last_answer_ : answer_;
    const ssize_t sent = ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 || is_stopping) end(descriptor);
  }
  void end(int descriptor) {
    heads_.erase(descriptor);
    ::close(descriptor);
  }

  std::string answer_, last_answer_;
  std::map<int, std::string> heads_;
  int listener_ = -1, epoll_ = -1;
  bool is_open_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  struct sigaction stop {};
  stop.sa_handler = [](int) { is_stopping = 1; };
  ::sigaction(SIGTERM, &stop, nullptr);
  const char* image = std::getenv("CANARIA_IMAGE");
  const std::string name = image ? image : "pod:none";
  Server server(argc > 1 ? std::atoi(argv[1]) : 8080, name.substr(name.rfind(':') + 1));
  if (!server.is_open()) {
    fmt::print(stderr, "pod_server: cannot listen: {}\n", errno);
    return 1;
  }
  server.run();
  return 0;
}
