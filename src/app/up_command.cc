#include "app/up_command.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <iostream>
#include <sstream>
#include <thread>

#include "app/instance_folder.h"
#include "app/machine_process.h"
#include "app/manifest_files.h"
#include "app/rollout_progress.h"
#include "app/up_flags.h"
#include "async/resident_memory.h"
#include "async/signals.h"
#include "telemetry/log.h"

namespace canaria::app {
namespace {

constexpr std::chrono::seconds kStopLimit{60};
// What the child of --detach says last when it runs. No address or message holds this character.
constexpr char kReady = '\0';

// Each line of the message is an error of its own.
int refuse(const std::string& message) {
  std::istringstream lines(message);
  for (std::string line; std::getline(lines, line);) std::cerr << "Error: " << line << std::endl;
  return 1;
}

void print_addresses(const MachineProcess& machine, const UpFlags& flags) {
  std::cout << "API         " << machine.server_url() << "\n"
            << "kubeconfig  export KUBECONFIG=" << machine.kubeconfig_path() << "\n"
            << "metrics     " << machine.metrics_url() << "\n";
  for (const machine::RouteAddress& address : machine.addresses())
    std::cout << fmt::format("{:<32} {}{}\n", address.url, address.target,
                             address.host.empty() ? "" : " (host " + address.host + ")");
  if (!machine.notice().empty()) std::cerr << "Warning: " << machine.notice() << std::endl;
  std::cout << (flags.is_detached ? "Stop it with: canaria down" + (flags.keeps_state ? " --data " + flags.folder : "")
                                  : std::string("Stop it with Ctrl-C."))
            << std::endl;
}

// What a machine without --data leaves behind goes with it; the folder itself stays, with its lock, for the next one.
void forget_state(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
    if (entry.path().filename() != "lock") std::filesystem::remove_all(entry.path(), ignored);
}

class Run {
 public:
  Run(UpFlags flags, InstanceFolder folder, std::vector<Manifest> manifests)
      : flags_(std::move(flags)),
        manifests_(std::move(manifests)),
        machine_(loop_, flags_, std::move(folder), std::filesystem::current_path().string()) {}

  // `ready` is the pipe that a detached run reports to; -1 otherwise.
  int run(int ready) {
    const async::Signals signals(loop_, [this] { ended_.set(); });
    const Status outcome = loop_.block_on(live(ready));
    if (!flags_.keeps_state) forget_state(flags_.folder);  // while the lock is still ours
    if (outcome) return 0;
    return refuse(outcome.error().message);
  }

 private:
  Task<Status> live(int ready) {
    Task<Status> starting = begin();
    Status outcome = co_await std::move(starting);
    if (outcome) {
      print_addresses(machine_, flags_);
      if (ready >= 0) detach(ready);
      else if (!flags_.is_quiet) show_progress();
      co_await ended_.wait();
    }
    if (!flags_.is_quiet && !flags_.is_detached) std::cout << "stopping" << std::endl;
    co_await progress_scope_.stop();
    co_await machine_.stop(MachineProcess::Pods::kStop);
    co_return outcome;
  }

  Task<Status> begin() {
    CO_CHECK(co_await machine_.start());
    const bool is_quiet = flags_.is_quiet;
    std::function<void(std::string)> tell = [is_quiet](std::string what) {
      if (!is_quiet) std::cout << what << " applied\n";
    };
    CO_CHECK(co_await machine_.apply(std::move(manifests_), std::move(tell)));
    // Addresses are given to Services and routes within some milliseconds.
    co_await machine_.wait_until_routed();
    co_return Status();
  }

  void show_progress() {
    kube::WatcherOptions options;
    options.resource = api::resources::rollouts();
    progress_.emplace([](const std::string& line) { std::cout << line << std::endl; });
    watcher_.emplace(machine_.client(), *progress_, std::move(options));
    progress_scope_.spawn(watcher_->run());
  }

  // The caller's terminal is left alone from here on; what there is to say goes into the log.
  void detach(int ready) {
    std::cout.flush();
    [[maybe_unused]] const auto said = write(ready, &kReady, 1);
    close(ready);
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDIN_FILENO);
    const std::string log_path = flags_.folder + "/log";
    const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(log >= 0 ? log : nothing, STDERR_FILENO);
  }

  async::Loop loop_;
  UpFlags flags_;
  std::vector<Manifest> manifests_;
  async::Event ended_;
  std::optional<RolloutProgress> progress_;
  std::optional<kube::Watcher> watcher_;
  MachineProcess machine_;
  async::Scope progress_scope_{loop_};
};

int run_machine(const UpFlags& flags, std::vector<Manifest> manifests, int ready) {
  auto folder = InstanceFolder::take(flags.folder);
  if (!folder) return refuse(folder.error().message);
  Run run(flags, std::move(*folder), std::move(manifests));
  return run.run(ready);
}

// Shows what the child says until it is ready, or ends.
int follow_start(int output, pid_t child) {
  std::array<char, 4096> chunk{};
  for (;;) {
    const ssize_t count = read(output, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    const std::string_view text(chunk.data(), static_cast<std::size_t>(count));
    const auto end = text.find(kReady);
    std::cout << text.substr(0, end) << std::flush;
    if (end != std::string_view::npos) return 0;
  }
  int status = 0;
  waitpid(child, &status, 0);
  return 1;
}

int run_detached(const UpFlags& flags, std::vector<Manifest> manifests) {
  std::array<int, 2> output{};
  if (pipe2(output.data(), O_CLOEXEC) != 0) return refuse(std::string("pipe: ") + std::strerror(errno));
  const pid_t child = fork();
  if (child < 0) return refuse(std::string("fork: ") + std::strerror(errno));
  if (child > 0) {
    close(output[1]);
    return follow_start(output[0], child);
  }
  close(output[0]);
  setsid();
  dup2(output[1], STDOUT_FILENO);
  const int code = run_machine(flags, std::move(manifests), output[1]);
  std::cout.flush();
  _exit(code);
}

}  // namespace

int run_up(const std::vector<std::string>& words) {
  auto request = parse_up_flags(words);
  if (!request) return refuse(request.error().message);
  if (request->text) {
    std::cout << *request->text;
    return 0;
  }
  const UpFlags& flags = request->flags;
  async::prefer_small_memory();
  if (const Status configured = telemetry::configure_log(flags.log_level, ""); !configured)
    return refuse(configured.error().message);
  auto manifests = read_manifests(flags.files);
  if (!manifests) return refuse(manifests.error().message);
  if (flags.is_detached) return run_detached(flags, *std::move(manifests));
  return run_machine(flags, *std::move(manifests), -1);
}

int run_down(const std::vector<std::string>& words) {
  auto request = parse_down_flags(words);
  if (!request) return refuse(request.error().message);
  if (request->text) {
    std::cout << *request->text;
    return 0;
  }
  const pid_t holder = InstanceFolder::holder(request->folder);
  if (holder == 0) return refuse("no machine runs in " + request->folder);
  if (kill(holder, SIGTERM) != 0) return refuse("stop process " + std::to_string(holder) + ": " + std::strerror(errno));
  const auto end = std::chrono::steady_clock::now() + kStopLimit;
  while (InstanceFolder::holder(request->folder) == holder) {
    if (std::chrono::steady_clock::now() > end)
      return refuse("the machine (process " + std::to_string(holder) + ") has not stopped within a minute: see " +
                    request->folder + "/log");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return 0;
}

}  // namespace canaria::app
