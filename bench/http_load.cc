// Clients of a web address over kept connections; counts who answered and what failed. Prints one line of JSON.
//
//   http_load ADDRESS PORT CONNECTIONS REQUESTS SECONDS
//
// Ends after so many requests or seconds, whichever is first; 0 is without a limit; SIGTERM ends it too. A failure is every
// answer but 200 and every connection that is cut, also an idle one when the next request is on its way. Nothing is tried
// again. Exit code 0 whatever failed: whoever started it reads the numbers.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <memory>

#include "connection.h"

namespace canaria::bench {
namespace {

volatile std::sig_atomic_t is_stopped = 0;

class Crowd {
 public:
  Crowd(Place place, int connections, long requests, double seconds) : requests_(requests), seconds_(seconds) {
    request_ = fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", place.address);
    for (int i = 0; i < connections; ++i) {
      auto& connection = *connections_.emplace_back(std::make_unique<Connection>(poller_, place));
      connection.on_answer = [this, &connection](const Answer& answer) { answered(connection, answer); };
    }
  }

  void run() {
    const auto began = Steady::now();
    end_ = began + std::chrono::milliseconds(seconds_ > 0 ? static_cast<long>(seconds_ * 1000) : 1'000'000'000L);
    for (auto& connection : connections_) next(*connection);
    poller_.run_until([this] { return waiting_ == 0; });
    const double took = seconds_since(began);
    std::string answers, failures;
    for (const auto& [body, count] : answers_) answers += fmt::format(R"({}"{}":{})", answers.empty() ? "" : ",", body, count);
    for (const auto& [status, count] : failures_)
      failures += fmt::format(R"({}"{}":{})", failures.empty() ? "" : ",", status, count);
    fmt::print(
        R"({{"requests":{},"failed":{},"seconds":{:.3f},"rate":{:.1f},"p50_ms":{:.3f},"p99_ms":{:.3f},"longest_ms":{:.1f},)"
        R"("generator_cpu_s":{:.3f},"answers":{{{}}},"failures":{{{}}}}})"
        "\n",
        done_, failed_, took, static_cast<double>(done_) / took, percentile(millis_, 0.5), percentile(millis_, 0.99), longest_,
        own_cpu_seconds(), answers, failures);
  }

 private:
  void next(Connection& connection) {
    if (is_stopped || (requests_ > 0 && sent_ >= requests_) || Steady::now() >= end_) return;
    ++sent_;
    ++waiting_;
    connection.ask(request_);
  }
  void answered(Connection& connection, const Answer& answer) {
    --waiting_;
    ++done_;
    const double took = seconds_since(connection.asked()) * 1000;
    longest_ = std::max(longest_, took);
    // Enough to tell percentiles by; a million of them would be memory that is touched for nothing.
    if (done_ % 16 == 0) millis_.push_back(took);
    if (answer.status == 200) {
      const auto found = answers_.find(answer.body);
      if (found != answers_.end()) ++found->second;
      else answers_.emplace(answer.body, 1);
    } else {
      ++failed_;
      ++failures_[answer.status];
      fmt::print(stderr, "http_load: request {}: status {} after {:.1f} ms\n", done_, answer.status, took);
    }
    next(connection);
  }

  Poller poller_;
  std::string request_;
  long requests_;
  double seconds_;
  Steady::time_point end_;
  std::vector<std::unique_ptr<Connection>> connections_;
  long sent_ = 0, done_ = 0, failed_ = 0, waiting_ = 0;
  double longest_ = 0;
  std::vector<double> millis_;
  std::map<std::string, long, std::less<>> answers_;
  std::map<int, long> failures_;
};

}  // namespace
}  // namespace canaria::bench

int main(int argc, char** argv) {
  using namespace canaria::bench;
  if (argc != 6) {
    fmt::print(stderr, "usage: http_load ADDRESS PORT CONNECTIONS REQUESTS SECONDS (0: no limit)\n");
    return 2;
  }
  struct sigaction stop {};
  stop.sa_handler = [](int) { is_stopped = 1; };
  ::sigaction(SIGTERM, &stop, nullptr);
  const Place place{argv[1], static_cast<std::uint16_t>(std::atoi(argv[2])), Transport::kPlain};
  Crowd(place, std::atoi(argv[3]), std::atol(argv[4]), std::atof(argv[5])).run();
  return 0;
}
