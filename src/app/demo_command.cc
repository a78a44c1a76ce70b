#include "app/demo_command.h"

#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>

#include "app/demo_files.h"
#include "app/machine_process.h"
#include "app/up_flags.h"
#include "app/visitors.h"
#include "async/resident_memory.h"
#include "async/signals.h"
#include "async/timers.h"
#include "telemetry/log.h"

namespace canaria::app {
namespace {

namespace fs = std::filesystem;

constexpr int kVisitsPerSecond = 50;
constexpr Seconds kPhaseLimit{60};
constexpr const char* kName = "flask-app";

int refuse(const std::string& message) {
  std::cerr << "Error: " << message << std::endl;
  return 1;
}

// A new folder that everybody may look into, because the example does not run as root.
Result<std::string> unpack_example() {
  std::string name = (fs::temp_directory_path() / "canaria-demo.XXXXXX").string();
  if (!mkdtemp(name.data())) return fail(Code::kUnavailable, "create a folder below " + fs::temp_directory_path().string());
  fs::permissions(name, fs::perms(0755));
  for (const DemoFile& file : demo_files()) {
    const fs::path path = fs::path(name) / file.name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << file.text;
  }
  return name;
}

std::string share(int part, int whole) { return whole == 0 ? "0 %" : fmt::format("{:.1f} %", 100.0 * part / whole); }

class Demo {
 public:
  Demo(DemoFlags flags, std::string work_folder, InstanceFolder folder)
      : flags_(flags),
        is_terminal_(isatty(STDOUT_FILENO) == 1),
        work_folder_(std::move(work_folder)),
        machine_(loop_, up_flags(), std::move(folder), work_folder_) {}

  int run() {
    const async::Signals signals(loop_, [this] { interrupted_.set(); });
    const Status outcome = loop_.block_on(live());
    if (interrupted_.is_set()) return refuse("interrupted");
    return outcome ? 0 : refuse(outcome.error().message);
  }

 private:
  static UpFlags up_flags() {
    UpFlags flags;
    flags.parts = {Part::kRollouts, Part::kWorkloads, Part::kNode, Part::kTraffic};
    flags.is_quiet = true;
    return flags;
  }

  Task<Status> live() {
    Status outcome = fail(Code::kInternal, "");
    Task<void> telling = tell_story(&outcome);
    co_await race_with_interrupt(std::move(telling));
    if (visitors_) co_await visitors_->stop();
    step("The end: all processes are stopped and their files removed");
    co_await machine_.stop(MachineProcess::Pods::kStop);
    co_return outcome;
  }

  // The story ends early when somebody presses Ctrl-C.
  Task<void> race_with_interrupt(Task<void> story) {
    async::Scope scope(loop_);
    async::Event done;
    scope.spawn(finish(std::move(story), &done));
    while (!done.is_set() && !interrupted_.is_set()) co_await done.wait_for(Millis(50));
    co_await scope.stop();
  }
  static Task<void> finish(Task<void> story, async::Event* done) {
    co_await std::move(story);
    done->set();
  }

  Task<void> tell_story(Status* outcome) {
    Task<Status> telling = tell();
    *outcome = co_await std::move(telling);
  }

  Task<Status> tell() {
    const auto began = std::chrono::steady_clock::now();
    step("Version 1.0 of a Flask app: four processes on this machine, behind one address");
    CO_CHECK(co_await machine_.start());
    if (!machine_.notice().empty()) co_return fail(Code::kUnavailable, machine_.notice());
    CO_TRY(std::vector<Manifest> manifests, read_manifests({work_folder_ + "/gateway"}));
    std::function<void(std::string)> nobody = [](const std::string&) {};
    CO_CHECK(co_await machine_.apply(std::move(manifests), std::move(nobody)));
    CO_CHECK(co_await find_address());
    CO_CHECK(co_await first_answer());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    say(fmt::format("{} answers {:.1f} s after the start. Look at it; or, in another terminal:", url_, took.count()));
    say("  export KUBECONFIG=" + machine_.kubeconfig_path());
    say("  kubectl get rollouts,pods     canaria get rollout " + std::string(kName) + " --watch");
    CO_CHECK(co_await wait_for_phase("Healthy"));
    visitors_.emplace(loop_, machine_.http(), url_, kVisitsPerSecond);
    visitors_->start();
    step(fmt::format("{} visitors a second", kVisitsPerSecond));
    co_await watch();

    const std::string next = flags_.is_bad ? "2.0-bad" : "2.0";
    step("Version " + next + ": a quarter of the visitors gets it, then the release waits for their feedback");
    CO_CHECK(co_await set_image(next));
    CO_CHECK(co_await wait_for_phase("Paused"));
    const VisitCounts seen = co_await watch();
    say(feedback(seen, next));
    if (flags_.is_bad) co_return co_await go_back(next, seen);
    co_return co_await go_on(next);
  }

  Task<Status> go_on(std::string next) {
    step("They like it: `canaria promote " + std::string(kName) + "` gives it to everyone");
    const json::Value promotion = json::Object{{"status", json::Object{{"pauseConditions", nullptr}}}};
    CO_CHECK(co_await patch(promotion, "status"));
    CO_CHECK(co_await wait_for_phase("Healthy"));
    co_await settle();
    const VisitCounts seen = co_await watch();
    const auto found = seen.answers.find(next);
    say(fmt::format("{} of {} visitors got version {}; {} requests failed in the whole release",
                    found == seen.answers.end() ? 0 : found->second, seen.total(), next, failures_));
    co_return Status();
  }

  Task<Status> go_back(std::string next, VisitCounts harmed) {
    step("It does not work: `canaria abort " + std::string(kName) + "` takes it back from everyone at once");
    say("(deciding this by measurements, without a person, needs analysis, which this version does not have yet)");
    const json::Value abortion = json::Object{{"status", json::Object{{"abort", true}}}};
    CO_CHECK(co_await patch(abortion, "status"));
    CO_CHECK(co_await wait_for_phase("Degraded"));
    co_await settle();
    const VisitCounts seen = co_await watch();
    const auto found = seen.answers.find(next);
    say(fmt::format("{} of {} visitors get version {} now. While a quarter had it, {} of {} requests failed.",
                    found == seen.answers.end() ? 0 : found->second, seen.total(), next, harmed.failures, harmed.total()));
    co_return Status();
  }

  Task<Status> find_address() {
    for (int attempt = 0; attempt < 200; ++attempt) {
      for (const machine::RouteAddress& address : machine_.addresses())
        if (address.target.starts_with("HTTPRoute ")) url_ = address.url;
      if (!url_.empty()) co_return Status();
      co_await async::sleep_for(Millis(25));
    }
    co_return fail(Code::kTimeout, "the route of the demo got no address within 5 s");
  }

  Task<Status> first_answer() {
    for (int attempt = 0; attempt < 600; ++attempt) {
      HttpRequest request;
      request.url = url_;
      auto peer = std::make_shared<HttpPeer>();
      peer->proxy = ProxyUse::kNever;
      request.peer = std::move(peer);
      request.timeout = Millis(2'000);
      const auto response = co_await machine_.http().send(std::move(request));
      if (response && response->status == 200) co_return Status();
      co_await async::sleep_for(Millis(25));
    }
    co_return fail(Code::kTimeout,
                   "the app did not answer within 15 s. Is python3-flask installed? Its processes say: canaria "
                   "up examples/flask-app-canary, then kubectl logs deploy");
  }

  // Lines of who answered, one a second; returns the sum.
  Task<VisitCounts> watch() {
    visitors_->take();
    VisitCounts sum;
    for (int second = 0; second < static_cast<int>(flags_.seconds); ++second) {
      co_await async::sleep_for(Seconds(1));
      add(sum, visitors_->take());
      show(sum);
    }
    if (is_terminal_) std::cout << "\n";
    failures_ += sum.failures;
    co_return sum;
  }

  static void add(VisitCounts& sum, const VisitCounts& more) {
    for (const auto& [version, count] : more.answers) sum.answers[version] += count;
    for (const auto& [version, count] : more.likes) sum.likes[version] += count;
    for (const auto& [version, count] : more.dislikes) sum.dislikes[version] += count;
    sum.failures += more.failures;
  }

  void show(const VisitCounts& counts) const {
    std::string line = "  ";
    for (const auto& [version, count] : counts.answers)
      line += fmt::format("version {}: {:>5} ({:>6})   ", version, count, share(count, counts.total()));
    line += fmt::format("failed: {}", counts.failures);
    std::cout << (is_terminal_ ? "\r\x1b[K" : "") << line << (is_terminal_ ? "" : "\n") << std::flush;
  }

  static std::string feedback(const VisitCounts& counts, const std::string& version) {
    const auto of = [&](const std::map<std::string, int>& answers) {
      const auto found = answers.find(version);
      return found == answers.end() ? 0 : found->second;
    };
    return fmt::format("feedback about {}: {} like it, {} do not", version, of(counts.likes), of(counts.dislikes));
  }

  // What was under way when a weight changed has been answered; it belongs to the stage before.
  Task<void> settle() {
    co_await async::sleep_for(Millis(1'500));
    failures_ += visitors_->take().failures;
  }

  Task<Status> set_image(std::string version) {
    const json::Value change = json::Array{json::Object{
        {"op", "replace"}, {"path", "/spec/template/spec/containers/0/image"}, {"value", std::string(kName) + ":" + version}}};
    const auto changed =
        co_await machine_.client().patch(api::resources::rollouts(), key_, PatchKind::kJson, change, WriteOptions());
    if (!changed) co_return fail(changed.error());
    co_return Status();
  }

  Task<Status> patch(json::Value change, std::string subresource) {
    WriteOptions options;
    options.subresource = std::move(subresource);
    const auto changed =
        co_await machine_.client().patch(api::resources::rollouts(), key_, PatchKind::kMerge, std::move(change), options);
    if (!changed) co_return fail(changed.error());
    co_return Status();
  }

  Task<Status> wait_for_phase(std::string phase) {
    const auto end = std::chrono::steady_clock::now() + kPhaseLimit;
    std::string last;
    while (std::chrono::steady_clock::now() < end) {
      const auto object = co_await machine_.client().get(api::resources::rollouts(), key_);
      if (object) {
        const api::Rollout rollout = api::parse_rollout(*object);
        last = rollout.status.phase + " " + rollout.status.message;
        const bool is_current = rollout.status.observedGeneration == std::to_string(rollout.metadata.generation);
        if (is_current && rollout.status.phase == phase) co_return Status();
      }
      co_await async::sleep_for(Millis(50));
    }
    co_return fail(Code::kTimeout,
                   fmt::format("the release did not become {} within {} s; it is {}", phase, kPhaseLimit.count(), last));
  }

  void step(const std::string& text) const {
    std::cout << (is_terminal_ ? "\n\x1b[1m== " : "\n== ") << text << (is_terminal_ ? "\x1b[0m" : "") << std::endl;
  }
  void say(const std::string& text) const { std::cout << "   " << text << std::endl; }

  async::Loop loop_;
  DemoFlags flags_;
  bool is_terminal_;
  std::string work_folder_;
  MachineProcess machine_;
  api::ObjectKey key_{"default", kName};
  std::string url_;
  int failures_ = 0;
  async::Event interrupted_;
  std::optional<Visitors> visitors_;
};

}  // namespace

int run_demo(const std::vector<std::string>& words) {
  auto request = parse_demo_flags(words);
  if (!request) return refuse(request.error().message);
  if (request->text) {
    std::cout << *request->text;
    return 0;
  }
  async::prefer_small_memory();
  if (const Status configured = telemetry::configure_log("error", ""); !configured) return refuse(configured.error().message);
  auto example = unpack_example();
  if (!example) return refuse(example.error().message);
  int code = 1;
  if (auto folder = InstanceFolder::take(*example + "/machine"); folder) {
    Demo demo(request->flags, *example, std::move(*folder));
    code = demo.run();
  } else {
    refuse(folder.error().message);
  }
  std::error_code ignored;
  fs::remove_all(*example, ignored);
  return code;
}

}  // namespace canaria::app
