#include "machine/traffic/proxy_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>

#include "async/child_process.h"
#include "async/readable.h"
#include "async/timers.h"
#include "machine/runtime/process_table.h"
#include "net/local_exchange.h"

extern char** environ;
#include "plan/proxy/latencies.h"

namespace canaria::machine {
namespace {

namespace proxy = plan::proxy;

constexpr const char* kConfig = "haproxy.cfg";
constexpr const char* kCandidate = "candidate.cfg";
constexpr const char* kLog = "haproxy.log";
constexpr const char* kProcess = "haproxy.pid";
constexpr const char* kMaster = "master.sock";
constexpr Millis kAnswerLimit{2'000};
constexpr Millis kStartLimit{5'000};
constexpr Millis kStopLimit{3'000};
// One line of commands has to fit into a buffer of HAProxy (16 KiB).
constexpr std::size_t kLineMax = 8'000;

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string program_in_path(const std::string& program) {
  if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0 ? program : "";
  const char* path = ::getenv("PATH");
  // Debian installs it where only root's PATH leads.
  std::stringstream folders(std::string(path != nullptr ? path : "") + ":/usr/local/sbin:/usr/sbin:/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string candidate = folder + "/" + program;
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

}  // namespace

ProxyProcess::ProxyProcess(std::string folder, std::string program) : folder_(std::move(folder)), program_(std::move(program)) {}

Task<Status> ProxyProcess::open() {
  std::error_code error;
  folder_ = std::filesystem::absolute(folder_, error).string();
  std::filesystem::create_directories(folder_, error);
  if (!error) std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, error);
  if (error) co_return fail(Code::kInternal, "make folder " + folder_ + ": " + error.message());
  directory_.reset(::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory_) co_return fail(Code::kInternal, "open folder " + folder_ + ": " + std::strerror(errno));
  const std::string found = program_in_path(program_);
  if (found.empty())
    co_return fail(Code::kNotFound, "HAProxy is not installed: no " + program_ + " in PATH; install the Debian package haproxy");
  program_ = found;
  take_over();
  co_return Status();
}

void ProxyProcess::take_over() {
  const std::string config = read_file(file(kConfig));
  generation_ = proxy::generation_in(config);
  std::stringstream process(read_file(file(kProcess)));
  int pid = 0;
  std::uint64_t start_ticks = 0;
  if (!(process >> pid >> start_ticks)) return;
  const auto entry = find_process(pid);
  if (!entry || entry->start_ticks != start_ticks || entry->state == 'Z') return;
  pid_ = pid;
  start_ticks_ = start_ticks;
  listens_on_ = proxy::listen_places_in(config);
}

bool ProxyProcess::is_running() const {
  if (pid_ == 0) return false;
  const auto entry = find_process(pid_);
  return entry && entry->start_ticks == start_ticks_ && entry->state != 'Z';
}

std::string ProxyProcess::socket_path(const std::string& name) const {
  return "/proc/self/fd/" + std::to_string(directory_.get()) + "/" + name;
}

Status ProxyProcess::write_file(const std::string& name, const std::string& text) const {
  const std::string path = file(name), temporary = path + ".new";
  {
    std::ofstream out(temporary, std::ios::trunc);
    out << text;
    out.close();
    if (!out) return fail(Code::kInternal, "write " + temporary + ": " + std::strerror(errno));
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail(Code::kInternal, "write " + path + ": " + std::strerror(errno));
  return {};
}

Task<Status> ProxyProcess::check_file(std::string name) {
  async::ChildCommand command;
  // Standard error is where its words are; a shell is the only way to get both without a second pipe.
  command.arguments = {"/bin/sh", "-c", "cd \"$0\" && exec \"$1\" -c -f \"$2\" 2>&1", folder_, program_, name};
  command.limit = kStartLimit;
  CO_TRY(const async::ChildOutput output, co_await async::run_child(std::move(command)));
  // 2: valid, but nothing to listen on.
  if (output.exit_code == 0 || output.exit_code == 2) co_return Status();
  std::string first;
  std::stringstream lines(output.text);
  for (std::string line; first.empty() && std::getline(lines, line);)
    if (const auto at = line.find(" : "); line.starts_with("[ALERT]") && at != std::string::npos) first = line.substr(at + 3);
  co_return fail(Code::kInvalid, "haproxy refuses the configuration: " + (first.empty() ? output.text : first));
}

Task<Status> ProxyProcess::check(std::string config) {
  const std::string name = "trial.cfg";
  CO_CHECK(write_file(name, config));
  co_return co_await check_file(name);
}

Task<Status> ProxyProcess::load(std::string config, std::string weights) {
  CO_CHECK(write_file(proxy::kWeightsFile, weights));
  CO_CHECK(write_file(proxy::kLatencyFile, proxy::latency_map_text()));
  CO_CHECK(write_file(kCandidate, config));
  CO_CHECK(co_await check_file(kCandidate));
  const std::string former = read_file(file(kConfig));
  CO_CHECK(write_file(kConfig, config));
  const bool is_reload = is_running();
  Status loaded;
  if (is_reload) loaded = co_await reload();
  else loaded = start();
  const std::int64_t generation = proxy::generation_in(config);
  if (loaded) loaded = co_await wait_for_worker(generation);
  generation_ = generation;
  if (!loaded) {
    // What runs is the former one, and whoever takes over has to find that.
    if (is_reload && !former.empty()) static_cast<void>(write_file(kConfig, former));
    co_return loaded;
  }
  listens_on_ = proxy::listen_places_in(config);
  remove_old_sockets();
  co_return Status();
}

Status ProxyProcess::start() {
  ::unlink(file(kMaster).c_str());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, file(kLog).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawn_file_actions_addchdir_np(&actions, folder_.c_str());
  // It outlives us, so it must not keep our sockets open.
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // Away from our terminal: Ctrl-C is for us. Signals as a fresh process expects them.
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::array<std::string, 6> words = {program_, "-W", "-S", std::string("unix@") + kMaster + ",mode,600", "-f", kConfig};
  std::array<char*, 7> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments.at(i) = words.at(i).data();
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, program_.c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return fail(Code::kUnavailable, "start " + program_ + ": " + std::strerror(error));
  pid_ = pid;
  const auto entry = find_process(pid);
  start_ticks_ = entry ? entry->start_ticks : 0;
  return write_file(kProcess, std::to_string(pid_) + " " + std::to_string(start_ticks_) + "\n");
}

Task<Status> ProxyProcess::reload() {
  // It hangs up before it answers, so the answer tells nothing; the new worker's socket does.
  const std::string path = socket_path(kMaster);
  const auto answer = co_await net::local_exchange(path, "reload\n", kAnswerLimit);
  if (!answer && answer.error().code != Code::kUnavailable) co_return fail(answer.error());
  co_return Status();
}

Task<Status> ProxyProcess::wait_for_worker(std::int64_t generation) {
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  for (Millis pause{5};; pause = std::min(pause * 2, Millis(50))) {
    std::vector<std::string> question = {"show info"};
    const auto answer = co_await ask(generation, std::move(question));
    if (answer && answer->find("Pid:") != std::string::npos) co_return Status();
    if (!is_running()) {
      reap();
      co_return fail(Code::kUnavailable, "haproxy ended at its start: " + last_log_lines());
    }
    if (std::chrono::steady_clock::now() > deadline)
      co_return fail(Code::kUnavailable, "haproxy does not take its configuration: " + last_log_lines());
    co_await async::sleep_for(pause);
  }
}

Task<Result<std::string>> ProxyProcess::ask(std::int64_t generation, std::vector<std::string> commands) {
  const std::string path = socket_path(proxy::control_socket(generation));
  std::string answers;
  for (std::size_t i = 0; i < commands.size();) {
    std::string line;
    for (; i < commands.size() && (line.empty() || line.size() + commands[i].size() < kLineMax); ++i)
      line += (line.empty() ? "" : ";") + commands[i];
    line += "\n";
    auto answer = co_await net::local_exchange(path, std::move(line), kAnswerLimit);
    if (!answer) co_return fail(answer.error());
    answers += *answer;
  }
  co_return answers;
}

Task<void> ProxyProcess::wait_for_end() {
  const OwnedDescriptor process(pid_ == 0 ? -1 : open_process(pid_, start_ticks_));
  if (process) co_await async::wait_readable(process.get());
  reap();
}

void ProxyProcess::reap() {
  if (pid_ > 0) ::waitpid(pid_, nullptr, WNOHANG);  // fails when an earlier program started it: then init reaps it
  pid_ = 0;
}

Task<void> ProxyProcess::stop() {
  if (is_running()) {
    for (const int signal_number : {SIGTERM, SIGKILL}) {
      const OwnedDescriptor process(open_process(pid_, start_ticks_));
      if (!process) break;
      signal_pidfd(process.get(), signal_number);
      Task<void> ended = async::wait_readable(process.get());
      if (co_await async::run_bounded(std::move(ended), kStopLimit) == async::Bounded::kFinished) break;
    }
  }
  reap();
  listens_on_.clear();
  std::error_code ignored;
  std::filesystem::remove(file(kProcess), ignored);
}

// An old worker keeps its socket open without the file, but nobody could ask it any more: those that may still be asked
// (the last few) stay.
void ProxyProcess::remove_old_sockets() const {
  constexpr std::int64_t kKept = 8;
  for (std::int64_t old = generation_ - kKept; old > 0 && old > generation_ - 2 * kKept; --old) {
    ::unlink(file(proxy::control_socket(old)).c_str());
    ::unlink(file("idle-" + std::to_string(old) + ".sock").c_str());
  }
}

std::string ProxyProcess::last_log_lines() const {
  const std::string log = read_file(file(kLog));
  constexpr std::size_t kShown = 600;
  return log.size() > kShown ? log.substr(log.size() - kShown) : log;
}

}  // namespace canaria::machine
