// One kind of load on one Kubernetes API server, ours or another, over HTTPS with a token; prints one line of JSON.
//
//   api_load PORT writes NAMESPACE COUNT CONNECTIONS    creates so many ConfigMaps of about one kilobyte
//   api_load PORT reads NAMESPACE COUNT CONNECTIONS OBJECTS     gets single ones of those, OBJECTS of them in turn
//   api_load PORT lists NAMESPACE COUNT CONNECTIONS LIMIT       lists pages of LIMIT objects
//   api_load PORT fanout NAMESPACE COUNT RATE WATCHERS  creates at a steady rate while WATCHERS watch; latencies
//
// The token is in the environment variable CANARIA_TOKEN. Exit code 1 when a request failed or a watch missed an event.
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <sys/timerfd.h>
#include <unistd.h>

#include "connection.h"

namespace canaria::bench {
namespace {

struct Job {
  Place place;
  std::string kind;
  std::string namespace_;
  int count = 0;
  int breadth = 0;  // connections, or the rate
  int extent = 0;   // objects, limit or watchers

  std::string collection() const { return fmt::format("/api/v1/namespaces/{}/configmaps", namespace_); }
};

std::string request(std::string_view method, const std::string& path, const std::string& body = "") {
  static const char* token = std::getenv("CANARIA_TOKEN");
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n",
                                 method, path, token ? token : "");
  if (!body.empty()) text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
  return text + "\r\n" + body;
}

// About one kilobyte as it is stored.
std::string config_map(const std::string& name) {
  static const std::string filling = [] {
    std::string fields;
    for (int i = 0; i < 10; ++i) fields += fmt::format(R"({}"setting-{}":"{}")", i == 0 ? "" : ",", i, std::string(48, 'v'));
    return fields;
  }();
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{}","labels":{{"app":"bench"}}}},"data":{{{}}}}})", name,
      filling);
}

std::string object_name(int number) { return fmt::format("object-{:07}", number); }

// ---- request after request on each connection

class Storm {
 public:
  Storm(Poller& poller, const Job& job, std::function<std::string(int)> make, int expected)
      : poller_(poller), count_(job.count), make_(std::move(make)), expected_(expected) {
    for (int i = 0; i < job.breadth; ++i) {
      auto& connection = *connections_.emplace_back(std::make_unique<Connection>(poller, job.place));
      connection.on_answer = [this, &connection](const Answer& answer) { answered(connection, answer); };
      is_open_ = connection.open() && is_open_;
    }
    millis_.reserve(static_cast<std::size_t>(count_));
  }

  int run() {
    if (!is_open_) {
      fmt::print(stderr, "api_load: the server does not take connections\n");
      return 1;
    }
    const auto began = Steady::now();
    const double cpu = own_cpu_seconds();
    for (auto& connection : connections_) next(*connection);
    poller_.run_until([this] { return done_ >= count_; });
    const double took = seconds_since(began);
    fmt::print(R"({{"count":{},"failed":{},"seconds":{:.4f},"rate":{:.1f},"p50_ms":{:.3f},"p99_ms":{:.3f},"megabytes":{:.2f},)"
               R"("generator_cpu_s":{:.3f}}})"
               "\n",
               count_, failed_, took, count_ / took, percentile(millis_, 0.5), percentile(millis_, 0.99), bytes_ * 1e-6,
               own_cpu_seconds() - cpu);
    return failed_ == 0 ? 0 : 1;
  }

 private:
  void next(Connection& connection) {
    if (sent_ < count_) connection.ask(make_(sent_++));
  }
  void answered(Connection& connection, const Answer& answer) {
    ++done_;
    millis_.push_back(seconds_since(connection.asked()) * 1000);
    bytes_ += static_cast<double>(answer.body.size());
    if (answer.status != expected_ && failed_++ == 0)
      fmt::print(stderr, "api_load: status {}: {}\n", answer.status, answer.body.substr(0, 300));
    next(connection);
  }

  Poller& poller_;
  int count_;
  std::function<std::string(int)> make_;
  int expected_;
  std::vector<std::unique_ptr<Connection>> connections_;
  bool is_open_ = true;
  int sent_ = 0, done_ = 0, failed_ = 0;
  double bytes_ = 0;
  std::vector<double> millis_;
};

// ---- fan-out

struct Change {
  Steady::time_point due, acknowledged;
  std::vector<Steady::time_point> arrivals;
};

class Watcher {
 public:
  Watcher(Poller& poller, const Job& job, std::vector<Change>& changes) : connection_(poller, job.place), changes_(changes) {
    connection_.on_part = [this](std::string_view part) { take(part); };
    // From the newest state: what is there already comes first and is not counted.
    is_open_ = connection_.open();
    if (is_open_) connection_.ask(request("GET", job.collection() + "?watch=1&resourceVersion=0"));
  }
  bool is_watching() const { return is_open_ && connection_.is_waiting(); }
  bool is_ready() const { return is_ready_; }

 private:
  void take(std::string_view part) {
    rest_ += part;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = rest_.find('\n', begin)) != std::string::npos; begin = end + 1)
      see(std::string_view(rest_).substr(begin, end - begin));
    rest_.erase(0, begin);
  }
  void see(std::string_view line) {
    static constexpr std::string_view kMark = R"("name":"object-)";
    if (line.find(R"("name":"ready")") != std::string_view::npos) is_ready_ = true;
    const std::size_t at = line.find(kMark);
    if (at == std::string_view::npos) return;
    const auto number = static_cast<std::size_t>(std::atoi(std::string(line.substr(at + kMark.size(), 7)).c_str()));
    if (number < changes_.size()) changes_[number].arrivals.push_back(Steady::now());
  }

  Connection connection_;
  std::vector<Change>& changes_;
  bool is_open_ = false, is_ready_ = false;
  std::string rest_;
};

// Sends at its rate whatever the answers do, over as many connections as that needs.
class Writer final : public Waiter {
 public:
  Writer(Poller& poller, const Job& job, std::vector<Change>& changes) : poller_(poller), job_(job), changes_(changes) {
    for (int i = 0; i < 8; ++i) add_connection();
    timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    poller_.add(timer_, this);
  }
  ~Writer() {
    poller_.drop(timer_, this);
    ::close(timer_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Tells every watcher that its watch has begun.
  void write_mark() { write(request("POST", job_.collection(), config_map("ready")), -1); }
  void start() {
    began_ = Steady::now();
    const long period = 1'000'000'000L / job_.breadth;
    const itimerspec every{{period / 1'000'000'000L, period % 1'000'000'000L}, {0, 1}};
    ::timerfd_settime(timer_, 0, &every, nullptr);
  }
  void on_ready() override {
    std::uint64_t ticks = 0;
    if (::read(timer_, &ticks, sizeof ticks) != sizeof ticks) return;
    for (; ticks > 0 && sent_ < job_.count; --ticks) {
      changes_[static_cast<std::size_t>(sent_)].due = Steady::now();
      write(request("POST", job_.collection(), config_map(object_name(sent_))), sent_);
      ++sent_;
    }
  }
  bool is_done() const { return answered_ == job_.count; }
  int failed() const { return failed_; }

 private:
  Connection& add_connection() {
    auto& connection = *connections_.emplace_back(std::make_unique<Connection>(poller_, job_.place));
    connection.open();
    return connection;
  }
  void write(const std::string& text, int number) {
    Connection* idle = nullptr;
    for (auto& connection : connections_)
      if (!connection->is_waiting()) idle = connection.get();
    if (!idle) idle = &add_connection();
    idle->on_answer = [this, number](const Answer& answer) {
      if (answer.status != 201 && failed_++ == 0)
        fmt::print(stderr, "api_load: status {}: {}\n", answer.status, answer.body.substr(0, 300));
      if (number < 0) return;
      changes_[static_cast<std::size_t>(number)].acknowledged = Steady::now();
      ++answered_;
    };
    idle->ask(text);
  }

  Poller& poller_;
  const Job& job_;
  std::vector<Change>& changes_;
  std::vector<std::unique_ptr<Connection>> connections_;
  int timer_ = -1;
  Steady::time_point began_;
  int sent_ = 0, answered_ = 0, failed_ = 0;
};

double millis_between(Steady::time_point begin, Steady::time_point end) {
  return std::max(0.0, std::chrono::duration<double, std::milli>(end - begin).count());
}

int fan_out(Poller& poller, const Job& job) {
  std::vector<Change> changes(static_cast<std::size_t>(job.count));
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < job.extent; ++i) watchers.push_back(std::make_unique<Watcher>(poller, job, changes));
  Writer writer(poller, job, changes);
  writer.write_mark();
  const auto limit = Steady::now() + std::chrono::seconds(20);
  poller.run_until([&] {
    return Steady::now() > limit || std::all_of(watchers.begin(), watchers.end(), [](const auto& w) { return w->is_ready(); });
  });
  const double cpu = own_cpu_seconds();
  const auto began = Steady::now();
  writer.start();
  poller.run_until([&] { return writer.is_done(); });
  const double took = seconds_since(began);
  const auto last = Steady::now() + std::chrono::seconds(5);
  const auto wanted = static_cast<std::size_t>(job.extent);
  poller.run_until([&] {
    return Steady::now() > last ||
           std::all_of(changes.begin(), changes.end(), [&](const Change& c) { return c.arrivals.size() >= wanted; });
  });
  std::vector<double> of_ack, of_send, acks;
  std::size_t missed = 0;
  for (const Change& change : changes) {
    missed += wanted - std::min(wanted, change.arrivals.size());
    acks.push_back(millis_between(change.due, change.acknowledged));
    for (const auto arrival : change.arrivals) {
      of_ack.push_back(millis_between(change.acknowledged, arrival));
      of_send.push_back(millis_between(change.due, arrival));
    }
  }
  fmt::print(R"({{"count":{},"failed":{},"missed":{},"seconds":{:.4f},"rate":{:.1f},"ack_p50_ms":{:.3f},"ack_p99_ms":{:.3f},)"
             R"("after_ack_p50_ms":{:.3f},"after_ack_p99_ms":{:.3f},"after_send_p50_ms":{:.3f},"after_send_p99_ms":{:.3f},)"
             R"("after_send_max_ms":{:.3f},"generator_cpu_s":{:.3f}}})"
             "\n",
             job.count, writer.failed(), missed, took, job.count / took, percentile(acks, 0.5), percentile(acks, 0.99),
             percentile(of_ack, 0.5), percentile(of_ack, 0.99), percentile(of_send, 0.5), percentile(of_send, 0.99),
             percentile(of_send, 1.0), own_cpu_seconds() - cpu);
  return writer.failed() == 0 && missed == 0 ? 0 : 1;
}

int run(const Job& job) {
  Poller poller;
  if (job.kind == "writes")
    return Storm(
               poller, job, [&](int i) { return request("POST", job.collection(), config_map(object_name(i))); }, 201)
        .run();
  if (job.kind == "reads")
    return Storm(
               poller, job,
               [&](int i) {
      // A stride, so that neighbours are not asked for one after the other.
                 return request("GET", job.collection() + "/" + object_name(static_cast<int>(i * 7919LL % job.extent)));
               },
               200)
        .run();
  if (job.kind == "lists")
    return Storm(
               poller, job, [&](int) { return request("GET", fmt::format("{}?limit={}", job.collection(), job.extent)); }, 200)
        .run();
  return fan_out(poller, job);
}

}  // namespace
}  // namespace canaria::bench

int main(int argc, char** argv) {
  using namespace canaria::bench;
  if (argc < 6) {
    fmt::print(stderr,
               "usage: api_load PORT writes|reads|lists|fanout NAMESPACE COUNT CONNECTIONS|RATE [OBJECTS|LIMIT|WATCHERS]\n");
    return 2;
  }
  Job job;
  job.place = {"127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1])), Transport::kTls};
  job.kind = argv[2];
  job.namespace_ = argv[3];
  job.count = std::atoi(argv[4]);
  job.breadth = std::max(1, std::atoi(argv[5]));
  job.extent = argc > 6 ? std::max(1, std::atoi(argv[6])) : 1;
  return run(job);
}
