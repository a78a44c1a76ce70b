// For tests only: the workload controllers on a real store, with a node that marks pods as running the moment they are bound,
// and a client that lets a test end the controllers after any write.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "async/loop.h"
#include "async/scope.h"
#include "async/timers.h"
#include "json/patch.h"
#include "machine/workloads/workload_controllers.h"
#include "store/collector.h"
#include "store/object_store.h"

namespace canaria::machine {

struct WorkloadClock final : Clock {
  Time time = *parse_time("2026-08-01T12:00:00Z");
  Time now() const override { return time; }
};

struct WorkloadEvents final : EventRecorder {
  struct Entry {
    std::string about;  // "Pod shop/web-1"
    std::string reason;
    std::string message;
  };
  std::vector<Entry> entries;
  void record(EventTarget target, api::EventType, std::string reason, std::string message) override {
    entries.push_back({target.kind + " " + target.key.text(), std::move(reason), std::move(message)});
  }
  int count(const std::string& reason) const {
    int found = 0;
    for (const Entry& entry : entries) found += entry.reason == reason ? 1 : 0;
    return found;
  }
  std::vector<std::string> messages(const std::string& reason) const {
    std::vector<std::string> found;
    for (const Entry& entry : entries)
      if (entry.reason == reason) found.push_back(entry.message);
    return found;
  }
};

// Passes everything on, and counts. After `writes_left` writes every further one fails, as if the program had died before it.
class MortalClient final : public ObjectClient {
 public:
  explicit MortalClient(ObjectClient& client) : client_(client) {}
  int writes = 0;
  int writes_left = -1;  // negative: no limit
  std::function<std::optional<Error>(const api::Resource&, const std::string& verb)> fault;

  Task<Result<json::Value>> get(api::Resource resource, api::ObjectKey key) override {
    return client_.get(std::move(resource), std::move(key));
  }
  Task<Result<ObjectList>> list(api::Resource resource, ListQuery query) override {
    return client_.list(std::move(resource), std::move(query));
  }
  Task<Status> watch(api::Resource resource, WatchQuery query, WatchSink sink) override {
    return client_.watch(std::move(resource), std::move(query), std::move(sink));
  }
  Task<Result<json::Value>> create(api::Resource resource, api::ObjectKey key, json::Value object,
                                   WriteOptions options) override {
    if (auto error = refusal(resource, "create")) co_return fail(*error);
    co_return co_await client_.create(resource, key, std::move(object), options);
  }
  Task<Result<json::Value>> update(api::Resource resource, api::ObjectKey key, json::Value object,
                                   WriteOptions options) override {
    if (auto error = refusal(resource, "update")) co_return fail(*error);
    co_return co_await client_.update(resource, key, std::move(object), options);
  }
  Task<Result<json::Value>> patch(api::Resource resource, api::ObjectKey key, PatchKind kind, json::Value body,
                                  WriteOptions options) override {
    if (auto error = refusal(resource, "patch")) co_return fail(*error);
    co_return co_await client_.patch(resource, key, kind, std::move(body), options);
  }
  Task<Status> remove(api::Resource resource, api::ObjectKey key, Propagation propagation) override {
    if (auto error = refusal(resource, "delete")) co_return fail(*error);
    co_return co_await client_.remove(resource, key, propagation);
  }

 private:
  std::optional<Error> refusal(const api::Resource& resource, const std::string& verb) {
    if (writes_left == 0) return Error{Code::kUnavailable, "dead", std::nullopt};
    if (fault)
      if (auto error = fault(resource, verb)) return error;
    ++writes;
    if (writes_left > 0) --writes_left;
    return std::nullopt;
  }
  ObjectClient& client_;
};

class WorkloadWorld : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "canaria-workloads-XXXXXX";
    directory = ::mkdtemp(pattern.data());
    store::StoreOptions store_options;
    store_options.directory = directory;
    auto opened = store::ObjectStore::open(loop, clock, store_options);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    collector = std::make_unique<store::Collector>(loop, *store_, clock);
    collector->start();
    client = std::make_unique<MortalClient>(*store_);
    store_->on_change([this](const store::Change& change) { changed(change); });
    make_node("local");
  }
  void TearDown() override {
    stop_controllers();
    loop.block_on(node.stop());
    if (collector) loop.block_on(collector->stop());
    if (store_) loop.block_on(store_->stop());
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  }

  void start_controllers() {
    watches = std::make_unique<async::Scope>(loop);
    controllers = std::make_unique<WorkloadControllers>(
        loop, *client, clock, events, [this](WatchOrder order) { watches->spawn(follow(std::move(order))); }, options);
    controllers->start();
  }
  void stop_controllers() {
    if (!controllers) return;
    loop.block_on(controllers->stop());
    loop.block_on(watches->stop());
    controllers.reset();
    watches.reset();
  }
  // A watch as kube's watcher does it; here nothing expires and nothing fails.
  Task<void> follow(WatchOrder order) {
    WatchQuery query;
    query.initial = InitialEvents::kYes;
    query.timeout = Seconds(3600);
    ObjectSink* sink = order.sink;
    bool listing = true;
    sink->begin_replace();
    WatchSink take = [sink, listing](const WatchEvent& event) mutable {
      if (event.kind == WatchEventKind::kDeleted) sink->drop(event.object);
      else if (event.kind != WatchEventKind::kBookmark) sink->put(event.object);
      else if (std::exchange(listing, false))
        sink->end_replace(std::string(json::text_at(event.object, "metadata.resourceVersion")));
    };
    co_await store_->watch(order.resource, query, std::move(take));
  }

  // ---- the node: bound pods get an address and become ready, deleted ones go

  void changed(const store::Change& change) {
    if (!node_works || change.object == nullptr) return;
    const auto parsed = json::parse(change.object->text);
    if (json::text_at(*parsed, "kind") != "Pod" || change.kind == store::ChangeKind::kDeleted) return;
    const bool is_bound = !json::text_at(*parsed, "spec.nodeName").empty();
    if (!is_bound) return;
    if (json::find(*parsed, "metadata.deletionTimestamp")) node.spawn(finish_pod(change.key));
    else if (json::text_at(*parsed, "status.podIP").empty()) node.spawn(run_pod(change.key));
  }
  Task<void> run_pod(api::ObjectKey key) {
    const std::string address = "127.77.0." + std::to_string(++last_address);
    json::Value status = pod_status("Running", pods_become_ready ? "True" : "False");
    status.get_object()["podIP"] = address;
    json::Value patch = json::Object{{"status", status}};
    auto status_options = to_subresource("status");
    co_await store_->patch(api::resources::pods(), key, PatchKind::kMerge, std::move(patch), std::move(status_options));
  }
  Task<void> finish_pod(api::ObjectKey key) {
    store::DeleteOptions now;
    now.grace_period = Seconds(0);
    co_await store_->remove_object(api::resources::pods(), key, now);
  }
  json::Value pod_status(const std::string& phase, const std::string& ready) const {
    json::Array conditions;
    conditions.push_back(json::Object{{"type", "PodScheduled"}, {"status", "True"}});
    conditions.push_back(json::Object{{"type", "Ready"}, {"status", ready}, {"lastTransitionTime", format_time(clock.now())}});
    return json::Object{{"phase", phase}, {"conditions", std::move(conditions)}};
  }
  void set_pod_status(const std::string& name, json::Value status) {
    json::Value patch = json::Object{{"status", std::move(status)}};
    must(
        loop.block_on(store_->patch(api::resources::pods(), {"shop", name}, PatchKind::kMerge, patch, to_subresource("status"))));
  }
  void make_node(const std::string& name) {
    json::Array conditions;
    conditions.push_back(json::Object{{"type", "Ready"}, {"status", "True"}});
    const json::Value object = json::Object{{"metadata", {{"name", name}}}, {"status", {{"conditions", std::move(conditions)}}}};
    must(loop.block_on(store_->create(api::resources::nodes(), {"", name}, object, WriteOptions())));
  }

  void change_node(const std::string& name, std::string_view body) {
    must(loop.block_on(store_->patch(api::resources::nodes(), {"", name}, PatchKind::kMerge, parsed(body), WriteOptions())));
  }

  // ---- the world

  static json::Value parsed(std::string_view text) { return json::parse(text).value(); }
  json::Value must(Result<json::Value> result) {
    EXPECT_TRUE(result) << result.error().message;
    return result ? *std::move(result) : json::Value();
  }
  json::Value create(const api::Resource& resource, json::Value object) {
    return must(loop.block_on(store_->create(resource, {"shop", ""}, std::move(object), WriteOptions())));
  }
  json::Value patch(const api::Resource& resource, const std::string& name, std::string_view body) {
    return must(loop.block_on(store_->patch(resource, {"shop", name}, PatchKind::kMerge, parsed(body), WriteOptions())));
  }
  void erase(const api::Resource& resource, const std::string& name) {
    const api::ObjectKey key{"shop", name};
    const Status outcome = loop.block_on(store_->remove(resource, key, Propagation::kBackground));
    EXPECT_TRUE(outcome) << outcome.error().message;
  }
  json::Value get(const api::Resource& resource, const std::string& name) {
    auto found = loop.block_on(store_->get(resource, {"shop", name}));
    return found ? *found : json::Value(nullptr);
  }
  std::vector<json::Value> all(const api::Resource& resource, const std::string& labels = "") {
    ListQuery query;
    query.namespace_ = "shop";
    query.label_selector = labels;
    auto list = loop.block_on(store_->list(resource, query));
    return list ? list->items : std::vector<json::Value>();
  }
  // The same without the loop: for listeners.
  std::vector<json::Value> sets_now() {
    std::vector<json::Value> found;
    ListQuery query;
    query.namespace_ = "shop";
    const auto page = store_->page(api::resources::replica_sets(), query);
    for (const auto& [key, object] : page->objects) found.push_back(json::parse(object->text).value());
    return found;
  }
  std::vector<json::Value> pods(const std::string& labels = "") { return all(api::resources::pods(), labels); }
  json::Value replica_set(const std::string& name, int replicas) {
    json::Value set = parsed(R"({"metadata":{"name":"web"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},
      "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1",
        "ports":[{"name":"http","containerPort":8080}]}]}}}})");
    set.at("metadata").get_object()["name"] = name;
    set.at("spec").get_object()["replicas"] = replicas;
    return set;
  }

  // Lets the loop run until it is so; false after three seconds.
  bool comes_true(std::function<bool()> wanted) {
    for (int i = 0; i < 1500; ++i) {
      if (wanted()) return true;
      loop.block_on(async::sleep_for(Millis(2)));
    }
    return false;
  }
  // Until nothing has been written for a while.
  void let_settle() {
    std::size_t last = 0;
    int calm = 0;
    comes_true([&] {
      const std::size_t changes = store_->counts().changes;
      calm = changes == last ? calm + 1 : 0;
      last = changes;
      return calm > 15;
    });
  }

  async::Loop loop;
  WorkloadClock clock;
  WorkloadEvents events;
  std::string directory;
  std::unique_ptr<store::ObjectStore> store_;
  std::unique_ptr<store::Collector> collector;
  std::unique_ptr<MortalClient> client;
  WorkloadOptions options;
  std::unique_ptr<async::Scope> watches;
  std::unique_ptr<WorkloadControllers> controllers;
  async::Scope node{loop};
  bool node_works = true;
  bool pods_become_ready = true;
  int last_address = 0;
};

}  // namespace canaria::machine
