// Measures the embedded object store in this process: durable writes by 32 writers, reads, and how long a change takes from
// the call of its writer to the last of 50 watches. Prints numbers; nothing here fails. Build with -DCANARIA_BENCH=ON.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "async/loop.h"
#include "async/scope.h"
#include "async/timers.h"
#include "store/object_store.h"

namespace canaria::store {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int kWriters = 32;
constexpr int kWatches = 50;

struct SystemClock : Clock {
  Time now() const override { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }
};

double seconds_since(Steady::time_point begin) { return std::chrono::duration<double>(Steady::now() - begin).count(); }

// About one kilobyte, as a small Pod has.
json::Value object(const std::string& name) {
  json::Object metadata{{"name", name}, {"labels", {{"app", "web"}, {"tier", "front"}}}};
  json::Array environment;
  for (int i = 0; i < 12; ++i)
    environment.push_back(json::Object{{"name", fmt::format("VARIABLE_{}", i)}, {"value", std::string(24, 'v')}});
  json::Object container{{"name", "web"}, {"image", "registry/web:1"}, {"env", std::move(environment)}};
  return json::Object{{"metadata", std::move(metadata)}, {"spec", {{"containers", json::Array{std::move(container)}}}}};
}

Task<void> write(ObjectStore& store, std::string prefix, Steady::time_point end, std::size_t& count) {
  for (int i = 0; Steady::now() < end; ++i) {
    json::Value value = object(fmt::format("{}-{}", prefix, i % 100));
    api::ObjectKey key{"bench", fmt::format("{}-{}", prefix, i % 100)};
    WriteOptions options;
    if (i < 100) {
      const auto made =
          co_await store.create(api::resources::config_maps(), std::move(key), std::move(value), std::move(options));
      count += made.has_value() ? 1U : 0U;
      continue;
    }
    value.as_object()["round"] = i;
    const auto changed =
        co_await store.update(api::resources::config_maps(), std::move(key), std::move(value), std::move(options));
    count += changed.has_value() ? 1U : 0U;
  }
}

void bench_writes(async::Loop& loop, ObjectStore& store, int writers) {
  async::Scope scope(loop);
  std::size_t count = 0;
  const StoreCounts before = store.counts();
  const auto begin = Steady::now();
  for (int i = 0; i < writers; ++i)
    scope.spawn(write(store, fmt::format("w{}-{}", writers, i), begin + std::chrono::seconds(5), count));
  loop.block_on(scope.join());
  const double took = seconds_since(begin);
  const double transactions = static_cast<double>(store.counts().transactions - before.transactions);
  fmt::print("writes, {:2} writers       {:9.0f} /s   {:.1f} writes a transaction, {:.2f} ms a transaction\n", writers,
             static_cast<double>(count) / took, static_cast<double>(count) / transactions, took * 1000 / transactions);
}

Task<void> read_many(ObjectStore& store, int count) {
  for (int i = 0; i < count; ++i) {
    api::ObjectKey key{"bench", fmt::format("w{}-{}-{}", kWriters, i % kWriters, i % 100)};
    const auto found = co_await store.get(api::resources::config_maps(), std::move(key));
    if (!found) fmt::print("missing: {}\n", found.error().message);
  }
}

void bench_reads(async::Loop& loop, ObjectStore& store) {
  constexpr int kReads = 100'000;
  const auto begin = Steady::now();
  loop.block_on(read_many(store, kReads));
  fmt::print("reads as JSON            {:9.0f} /s\n", kReads / seconds_since(begin));
  const auto second = Steady::now();
  std::size_t bytes = 0;
  for (int i = 0; i < kReads; ++i) {
    const auto found =
        store.find(api::resources::config_maps(), {"bench", fmt::format("w{}-{}-{}", kWriters, i % kWriters, i % 100)});
    bytes += found ? found->text.size() : 0;
  }
  fmt::print("reads as text            {:9.0f} /s   {} bytes an object\n", kReads / seconds_since(second), bytes / kReads);
}

struct FanOut {
  Steady::time_point committed;
  std::vector<double> millis;
};

Task<void> watch(ObjectStore& store, FanOut& fan_out) {
  WatchQuery query;
  query.resource_version = std::to_string(store.catalog().revision());
  WatchSink sink = [&fan_out](const WatchEvent& event) {
    if (event.kind != WatchEventKind::kBookmark) fan_out.millis.push_back(seconds_since(fan_out.committed) * 1000);
  };
  const Status ended = co_await store.watch(api::resources::config_maps(), std::move(query), std::move(sink));
  if (!ended) fmt::print("a watch ended: {}\n", ended.error().message);
}

Task<void> change_slowly(ObjectStore& store) {
  for (int i = 0; i < 500; ++i) {
    json::Value value = object(fmt::format("f-{}", i));
    api::ObjectKey key{"bench", ""};
    WriteOptions options;
    const auto made = co_await store.create(api::resources::config_maps(), std::move(key), std::move(value), std::move(options));
    if (!made) fmt::print("{}\n", made.error().message);
    co_await async::sleep_for(Millis(2));
  }
}

void bench_fan_out(async::Loop& loop, ObjectStore& store) {
  FanOut fan_out;
  store.on_change([&fan_out](const Change&) { fan_out.committed = Steady::now(); });
  async::Scope scope(loop);
  for (int i = 0; i < kWatches; ++i) scope.spawn(watch(store, fan_out));
  loop.block_on(change_slowly(store));
  loop.block_on(store.stop());
  loop.block_on(scope.join());
  std::sort(fan_out.millis.begin(), fan_out.millis.end());
  const auto at = [&](double share) {
    return fan_out.millis[static_cast<std::size_t>(share * static_cast<double>(fan_out.millis.size() - 1))];
  };
  fmt::print("fan-out to {} watches    p50 {:.2f} ms  p99 {:.2f} ms  max {:.2f} ms   {} events, from commit to sink\n", kWatches,
             at(0.5), at(0.99), at(1.0), fan_out.millis.size());
}

int run(const std::string& directory) {
  async::Loop loop;
  SystemClock clock;
  StoreOptions options;
  options.directory = directory;
  auto opened = ObjectStore::open(loop, clock, options);
  if (!opened) {
    fmt::print(stderr, "{}\n", opened.error().message);
    return 1;
  }
  bench_writes(loop, **opened, 1);
  bench_writes(loop, **opened, kWriters);
  bench_reads(loop, **opened);
  bench_fan_out(loop, **opened);
  return 0;
}

}  // namespace
}  // namespace canaria::store

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: store_bench DIRECTORY (an empty one on the disk to measure)\n");
    return 2;
  }
  return canaria::store::run(argv[1]);
}
