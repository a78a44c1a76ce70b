// A whole world for tests of the command line: an API in memory that records requests, a clock that only sleeping moves, and
// the output as strings. Only tests include this file.
#pragma once

#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "async/loop.h"
#include "async/scope.h"
#include "async/timers.h"
#include "cli/cli.h"
#include "json/patch.h"
#include "json/write.h"

namespace canaria::cli {

inline json::Value from_text(std::string_view text) {
  auto parsed = json::parse(text);
  return parsed ? *parsed : json::Value(nullptr);
}

// Objects by "<plural>/<namespace>/<name>". Selectors are ignored except metadata.name.
class MemoryClient : public ObjectClient {
 public:
  std::map<std::string, json::Value> objects;
  std::vector<std::string> requests;
  std::map<std::string, Error> failures;  // by request line, such as "PATCH rollouts/shop/web/status"; used up one by one
  std::map<std::string, int> failure_counts;

  void put(const std::string& plural, const std::string& text) {
    json::Value object = from_text(text);
    const std::string namespace_(json::text_at(object, "metadata.namespace")), name(json::text_at(object, "metadata.name"));
    objects[plural + "/" + namespace_ + "/" + name] = std::move(object);
  }
  void fail_with(const std::string& request, Code code, const std::string& message, int times = 1000) {
    failures[request] = Error{code, message, std::nullopt};
    failure_counts[request] = times;
  }

  Task<Result<json::Value>> get(api::Resource resource, api::ObjectKey key) override {
    co_return answer("GET", resource, key, "", "", nullptr);
  }
  Task<Result<ObjectList>> list(api::Resource resource, ListQuery query) override {
    const std::string line = "LIST " + resource.plural + "/" + query.namespace_ +
                             (query.label_selector.empty() ? "" : " -l " + query.label_selector) +
                             (query.field_selector.empty() ? "" : " " + query.field_selector);
    requests.push_back(line);
    if (const auto failure = failure_of("LIST " + resource.plural)) co_return fail(*failure);
    ObjectList result;
    result.resource_version = "1000";
    for (const auto& [path, object] : objects) {
      const std::string name(json::text_at(object, "metadata.name"));
      if (!path.starts_with(resource.plural + "/" + query.namespace_)) continue;
      if (!query.field_selector.empty() && query.field_selector != "metadata.name=" + name) continue;
      result.items.push_back(object);
    }
    co_return result;
  }
  Task<Status> watch(api::Resource resource, WatchQuery, WatchSink sink) override {
    watchers[resource.plural] = std::move(sink);
    for (;;) co_await async::sleep_for(std::chrono::hours(1));
  }
  Task<Result<json::Value>> create(api::Resource resource, api::ObjectKey key, json::Value object,
                                   WriteOptions options) override {
    co_return answer("POST", resource, key, options.subresource, json::write(object), nullptr);
  }
  Task<Result<json::Value>> update(api::Resource resource, api::ObjectKey key, json::Value object,
                                   WriteOptions options) override {
    co_return answer("PUT", resource, key, options.subresource, json::write(object), nullptr);
  }
  Task<Result<json::Value>> patch(api::Resource resource, api::ObjectKey key, PatchKind kind, json::Value body,
                                  WriteOptions options) override {
    co_return answer(kind == PatchKind::kMerge ? "PATCH" : "JSONPATCH", resource, key, options.subresource, json::write(body),
                     nullptr);
  }
  Task<Status> remove(api::Resource, api::ObjectKey, Propagation) override { co_return Status(); }

  // Changes an object as the server would, and tells the watcher.
  void change(const std::string& path, const std::string& merge) {
    objects[path] = json::merge_patch(objects[path], from_text(merge));
    if (const auto watcher = watchers.find(path.substr(0, path.find('/'))); watcher != watchers.end()) {
      WatchEvent event{WatchEventKind::kModified, objects[path]};
      watcher->second(std::move(event));
    }
  }

  std::map<std::string, WatchSink> watchers;

 private:
  std::optional<Error> failure_of(const std::string& request) {
    const auto found = failures.find(request);
    if (found == failures.end() || failure_counts[request]-- <= 0) return std::nullopt;
    return found->second;
  }
  Result<json::Value> answer(const std::string& verb, const api::Resource& resource, const api::ObjectKey& key,
                             const std::string& subresource, const std::string& body, const json::Value*) {
    const std::string path = resource.plural + "/" + key.namespace_ + "/" + key.name;
    const std::string request = verb + " " + path + (subresource.empty() ? "" : "/" + subresource);
    requests.push_back(request + (body.empty() ? "" : " " + body));
    if (const auto failure = failure_of(request)) return fail(*failure);
    if (!objects.contains(path)) return fail(Code::kNotFound, "not here");
    return objects[path];
  }
};

class TestClock : public Clock {
 public:
  Time time = *parse_time("2026-08-01T12:00:00Z");
  Time now() const override { return time; }
};

// Sleeping costs no time: it moves the clock and runs what a test has planned for that moment.
class TestLoop : public Loop {
 public:
  explicit TestLoop(TestClock& clock) : clock_(clock) {}
  std::function<void(int sleeps)> on_sleep;
  bool interrupted = false;
  int sleeps = 0;

  void run(Task<void> task) override {
    async::Scope scope(loop_);
    scope_ = &scope;
    loop_.block_on(std::move(task));
    scope_ = nullptr;
    loop_.block_on(scope.stop());
  }
  void spawn(Task<void> task) override { scope_->spawn(std::move(task)); }
  Task<void> sleep(Millis duration) override {
    co_await async::sleep_for(std::chrono::milliseconds(0));
    clock_.time += duration;
    ++sleeps;
    if (on_sleep) on_sleep(sleeps);
  }
  void hold_interrupts() override {}
  bool is_interrupted() const override { return interrupted || sleeps > 10'000; }

 private:
  TestClock& clock_;
  async::Loop loop_;
  async::Scope* scope_ = nullptr;
};

struct CliWorld {
  std::ostringstream out, err;
  TestClock clock;
  TestLoop loop{clock};
  std::shared_ptr<MemoryClient> client = std::make_shared<MemoryClient>();
  ConnectionFlags flags;                       // of the last connect
  std::map<std::string, std::string> files;
  std::vector<std::string> controller_arguments;
  std::string program = "kubectl-argo-rollouts";
  std::string term = "xterm";

  int run(std::vector<std::string> words) {
    out.str("");
    err.str("");
    CliEnvironment environment{out, err, clock, loop, {}, {}, {}, {}, term};
    environment.connect = [this](ConnectionFlags given) { return connect(std::move(given)); };
    environment.read_file = [this](const std::string& path) -> Result<std::string> {
      if (!files.contains(path)) return fail(Code::kNotFound, "open " + path + ": no such file or directory");
      return files[path];
    };
    environment.processes["controller"] = [this](const std::vector<std::string>& arguments) {
      controller_arguments = arguments;
      return 7;
    };
    environment.build = {"v0.1.0+ab12cd3", "2026-05-01T10:00:00Z", "ab12cd3", "clean", "c++20", "clang", "linux/amd64"};
    std::vector<const char*> argv = {program.c_str()};
    for (const std::string& word : words) argv.push_back(word.c_str());
    return run_cli(static_cast<int>(argv.size()), argv.data(), environment);
  }

 private:
  Task<Result<Connection>> connect(ConnectionFlags given) {
    flags = given;
    Connection connection{client, given.namespace_.empty() ? "shop" : given.namespace_};
    co_return connection;
  }
};

}  // namespace canaria::cli
