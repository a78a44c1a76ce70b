// For tests only: a node agent on a real store with real processes, and a scheduler's place taken by the test.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "async/scope.h"
#include "json/write.h"
#include "machine/pods/node_agent.h"
#include "machine/runtime/runtime_test_world.h"
#include "net/http_client.h"
#include "store/object_store.h"

namespace canaria::machine {

struct NodeClock final : Clock {
  Time now() const override { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }
};

struct NodeEvents final : EventRecorder {
  std::vector<std::string> entries;  // "Normal Started: Started container web"
  void record(EventTarget, api::EventType type, std::string reason, std::string message) override {
    entries.push_back((type == api::EventType::kWarning ? "Warning " : "Normal ") + reason + ": " + message);
  }
  bool has(const std::string& text) const {
    for (const std::string& entry : entries)
      if (entry.find(text) != std::string::npos) return true;
    return false;
  }
};

class NodeWorld : public RuntimeWorld {
 protected:
  void SetUp() override {
    RuntimeWorld::SetUp();
    store::StoreOptions store_options;
    store_options.directory = folder_ + "/store";
    auto opened = store::ObjectStore::open(loop_, clock_, store_options);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    node_options_.name = "local";
    node_options_.timing.first_back_off = Millis(200);
    node_options_.timing.drain_delay = Millis(50);
  }
  void TearDown() override {
    stop_node(StopPods::kNo);
    if (store_) loop_.block_on(store_->stop());
    store_.reset();
    RuntimeWorld::TearDown();
  }

  void start_node() {
    watches_ = std::make_unique<async::Scope>(loop_);
    http_ = std::make_unique<net::CurlHttpClient>(loop_, net::HttpClientOptions());
    const NodeAgent::Doors doors{*store_, clock_, events_, *runtime_, *http_, folder_ + "/volumes"};
    node_ = std::make_unique<NodeAgent>(
        loop_, doors, [this](WatchOrder order) { watches_->spawn(follow(std::move(order))); }, node_options_);
    const Status started = loop_.block_on(node_->start());
    ASSERT_TRUE(started) << started.error().message;
  }
  void stop_node(StopPods choice) {
    if (!node_) return;
    loop_.block_on(node_->stop(choice));
    loop_.block_on(watches_->stop());
    node_.reset();
    watches_.reset();
    http_.reset();
  }
  // The program dies and starts again: containers go on.
  void restart_program() {
    stop_node(StopPods::kNo);
    close();
    open();
    start_node();
  }
  // A watch as kube's watcher does it; here nothing expires and nothing fails.
  Task<void> follow(WatchOrder order) {
    WatchQuery query;
    query.initial = InitialEvents::kYes;
    query.timeout = Seconds(3600);
    ObjectSink* sink = order.sink;
    bool is_listing = true;
    sink->begin_replace();
    WatchSink take = [sink, is_listing](const WatchEvent& event) mutable {
      if (event.kind == WatchEventKind::kDeleted) sink->drop(event.object);
      else if (event.kind != WatchEventKind::kBookmark) sink->put(event.object);
      else if (std::exchange(is_listing, false))
        sink->end_replace(std::string(json::text_at(event.object, "metadata.resourceVersion")));
    };
    co_await store_->watch(order.resource, query, std::move(take));
  }

  void create(const api::Resource& resource, const std::string& text) {
    auto object = json::parse(text);
    ASSERT_TRUE(object) << object.error().message;
    const auto created = loop_.block_on(store_->create(resource, {"shop", ""}, *std::move(object), WriteOptions()));
    ASSERT_TRUE(created) << created.error().message;
  }
  // A pod "web" of one container "main" with that script and further fields of container and spec.
  void create_pod(const std::string& script, const std::string& of_container = "", const std::string& of_spec = "") {
    const std::string command = R"(["/bin/sh","-c",)" + json::write(json::Value(script)) + "]";
    create(api::resources::pods(), R"({"metadata":{"name":"web"},"spec":{"nodeName":"local","containers":[{"name":"main",)"
                                   R"("image":"web:1","command":)" +
                                       command + (of_container.empty() ? "" : "," + of_container) + "}]" +
                                       (of_spec.empty() ? "" : "," + of_spec) + "}}");
  }
  api::RunningPod pod(const std::string& name = "web") {
    const auto found = loop_.block_on(store_->get(api::resources::pods(), {"shop", name}));
    return found ? api::parse_running_pod(*found) : api::RunningPod();
  }
  bool exists(const std::string& name = "web") {
    return loop_.block_on(store_->get(api::resources::pods(), {"shop", name})).has_value();
  }
  void erase_pod(const std::string& name = "web") {
    const Status gone = loop_.block_on(store_->remove(api::resources::pods(), {"shop", name}, Propagation::kBackground));
    ASSERT_TRUE(gone) << gone.error().message;
  }
  static std::string condition(const api::RunningPod& pod, const std::string& type) {
    for (const auto& entry : pod.status.conditions)
      if (entry.type == type) return entry.status;
    return "";
  }
  bool is_ready(const std::string& name = "web") { return condition(pod(name), "Ready") == "True"; }
  api::ContainerStatusEntry container(const std::string& name = "web") {
    const auto entries = pod(name).status.containerStatuses;
    return entries.empty() ? api::ContainerStatusEntry() : entries.front();
  }
  std::string waiting_reason() {
    const auto entry = container();
    return entry.state.waiting ? entry.state.waiting->reason : "";
  }
  bool phase_becomes(const std::string& phase) {
    return eventually([&] { return pod().status.phase == phase; });
  }
  // What the latest run of "main" has written.
  std::string output() {
    const auto current = pod();
    return log(ContainerId{current.metadata.uid, "main", container().restartCount.value_or(0)});
  }

  NodeClock clock_;
  NodeEvents events_;
  NodeAgent::Options node_options_;
  std::unique_ptr<store::ObjectStore> store_;
  std::unique_ptr<net::CurlHttpClient> http_;
  std::unique_ptr<async::Scope> watches_;
  std::unique_ptr<NodeAgent> node_;
};

}  // namespace canaria::machine
