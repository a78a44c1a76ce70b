// What the traffic of one machine costs and whether it loses anything: the controller with the real HAProxy, against a plain
// HAProxy in front of the same servers in the same run; then many requests while weights change.
//
// Results are relative: clients and servers share the processors with the proxy. Environment: TRAFFIC_SECONDS for each
// measurement (default 5), TRAFFIC_REQUESTS for the second part (default 1,000,000).
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <spawn.h>
#include <sys/wait.h>

#include "machine/traffic/traffic_world.h"

extern char** environ;

namespace canaria::machine {
namespace {

constexpr int kClients = 16;

int setting(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

class TrafficBench : public TrafficWorld {
 protected:
  void SetUp() override {
    TrafficWorld::SetUp();
    stable = std::make_unique<SmallServer>(pod_address(1), 8000, "stable");
    canary = std::make_unique<SmallServer>(pod_address(2), 8000, "canary");
  }
  void TearDown() override {
    if (plain > 0) {
      ::kill(plain, SIGTERM);
      ::waitpid(plain, nullptr, 0);
    }
    TrafficWorld::TearDown();
  }
  void start_plain_proxy() {
    const std::string config = directory + "/plain.cfg";
    std::ofstream(config)
        << "global\n maxconn 4096\ndefaults\n mode http\n timeout connect 5s\n timeout client 60s\n timeout server 60s\n"
        << "frontend web\n bind " << gateway_address(200) << ":80\n default_backend pods\nbackend pods\n server a "
        << pod_address(1) << ":8000\n server b " << pod_address(2) << ":8000\n";
    std::string words[] = {"haproxy", "-db", "-f", config};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    // In a session of its own, as ours is: the kernel shares the processors between sessions first.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    ASSERT_EQ(::posix_spawnp(&plain, "haproxy", nullptr, &attributes, arguments, environ), 0);
    posix_spawnattr_destroy(&attributes);
    ASSERT_TRUE(comes_true([&] { return request(gateway_address(200), 80).status == 200; }));
  }
  // Requests per second of all clients together.
  double throughput(const std::string& address, int seconds) {
    return beside([=] {
      std::vector<std::future<int>> running;
      const auto end = std::chrono::steady_clock::now() + Seconds(seconds);
      for (int i = 0; i < kClients; ++i)
        running.push_back(std::async(std::launch::async, [=] {
          SmallClient client(address, 80);
          int answered = 0;
          while (std::chrono::steady_clock::now() < end) answered += client.get().status == 200 ? 1 : 0;
          return answered;
        }));
      int all = 0;
      for (auto& client : running) all += client.get();
      return static_cast<double>(all) / seconds;
    });
  }

  std::unique_ptr<SmallServer> stable, canary;
  pid_t plain = 0;
};

TEST_F(TrafficBench, ThroughputBesidePlainHaproxy) {
  shop(50, 50);
  ASSERT_TRUE(is_served());
  start_plain_proxy();
  const int seconds = setting("TRAFFIC_SECONDS", 5);
  std::vector<double> ratios;
  for (int round = 0; round < 5; ++round) {
    const double reference = throughput(gateway_address(200), seconds);
    const double ours = throughput(gateway_address(), seconds);
    ratios.push_back(ours / reference);
    std::printf("round %d: plain %.0f/s, ours %.0f/s, ratio %.3f\n", round, reference, ours, ours / reference);
  }
  std::sort(ratios.begin(), ratios.end());
  std::printf("median ratio %.3f\n", ratios[ratios.size() / 2]);
}

TEST_F(TrafficBench, WeightChangesUnderLoad) {
  shop(100, 0);
  ASSERT_TRUE(is_served());
  settle();
  constexpr int kPhases = 20;
  const int of_client = setting("TRAFFIC_REQUESTS", 1'000'000) / kPhases / kClients;
  std::vector<std::unique_ptr<SmallClient>> clients;
  for (int i = 0; i < kClients; ++i) clients.push_back(std::make_unique<SmallClient>(gateway_address(), 80));
  const int loads = traffic->driver().loads();
  int failed = 0, answered = 0;
  double worst = 0;
  for (int phase = 0; phase < kPhases; ++phase) {
    // Half of each phase runs while the weight changes, and is not counted for its share.
    const int weight = phase * 5 + 3;
    std::vector<std::future<std::pair<Counts, Counts>>> running;
    std::atomic<bool> is_changed = false;
    for (auto& client : clients)
      running.push_back(std::async(std::launch::async, [&client, &is_changed, of_client] {
        std::pair<Counts, Counts> counts;
        while (!is_changed) count(counts.first, client->get());
        for (int i = 0; i < of_client; ++i) count(counts.second, client->get());
        return counts;
      }));
    weights(100 - weight, weight);
    settle();
    is_changed = true;
    Counts after;
    for (auto& client : running) {
      while (client.wait_for(Millis(0)) != std::future_status::ready) loop.block_on(async::sleep_for(Millis(2)));
      const auto [during, counted] = client.get();
      for (const auto* part : {&during, &counted})
        for (const auto& [who, number] : *part) (who.starts_with("failed") ? failed : answered) += number;
      for (const auto& [who, number] : counted) after[who] += number;
    }
    const double share = 100.0 * after["canary"] / (after["canary"] + after["stable"]);
    worst = std::max(worst, std::abs(share - weight));
    std::printf("weight %d: %.2f %% of %d\n", weight, share, after["canary"] + after["stable"]);
  }
  std::printf("answered %d, failed %d, largest deviation %.2f points, reloads %d\n", answered, failed, worst,
              traffic->driver().loads() - loads);
  EXPECT_EQ(failed, 0);
}

}  // namespace
}  // namespace canaria::machine
