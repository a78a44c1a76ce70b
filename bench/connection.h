// The client side of the benchmarks: HTTP/1.1 connections, plain or TLS, that are kept, all on one epoll loop in one thread.
//
// The generator shares the processors with what it measures, so it does as little as it can: requests are ready-made text,
// answers are cut by their length and not parsed, certificates are not checked. One request at a time on each connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace canaria::bench {

using Steady = std::chrono::steady_clock;

enum class Transport { kPlain, kTls };

struct Place {
  std::string address;
  std::uint16_t port = 0;
  Transport transport = Transport::kPlain;
};

struct Answer {
  int status = 0;  // 0: none came; the connection was cut, refused, or silent for too long
  std::string_view body;
};

// Whatever waits for a descriptor.
class Waiter {
 public:
  virtual void on_ready() = 0;
  virtual void on_second() {}  // about once a second

 protected:
  ~Waiter() = default;
};

class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  void add(int descriptor, Waiter* waiter);
  void drop(int descriptor, Waiter* waiter);
  // Until the question is answered yes; it is asked after every round.
  void run_until(const std::function<bool()>& is_done);
  ssl_ctx_st* tls();

 private:
  int epoll_;
  ssl_ctx_st* tls_ = nullptr;
  std::vector<Waiter*> waiters_;
};

class Connection final : public Waiter {
 public:
  Connection(Poller& poller, Place place);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::function<void(const Answer&)> on_answer;
  // When set, the parts of the body as they come, instead of a body in the answer.
  std::function<void(std::string_view)> on_part;

  // Connects when it is not connected. Returns whether it is.
  bool open();
  // REQUIRES: no answer is awaited.
  void ask(std::string_view request);
  bool is_waiting() const { return is_waiting_; }
  Steady::time_point asked() const { return asked_; }

  void on_ready() override;
  void on_second() override;

 private:
  enum class Framing { kNone, kLength, kChunks };
  bool write(std::string_view text);
  long read(char* place, std::size_t size);  // as recv(): 0 at the end, -1 when there is nothing now
  void take();
  bool take_head();
  bool take_body();
  bool take_chunks();
  void give(std::string_view part);
  void finish(int status);
  void close();

  Poller& poller_;
  Place place_;
  int socket_ = -1;
  ssl_st* ssl_ = nullptr;
  bool is_waiting_ = false;
  Steady::time_point asked_;
  std::string in_;
  std::size_t at_ = 0;  // how much of in_ is taken
  Framing framing_ = Framing::kNone;
  std::size_t left_ = 0;
  int status_ = 0;
  bool closes_ = false;
  std::string body_;
};

double seconds_since(Steady::time_point begin);
// User and system time of this process.
double own_cpu_seconds();
// Of values that it sorts; 0 when there are none.
double percentile(std::vector<double>& values, double share);

}  // namespace canaria::bench
