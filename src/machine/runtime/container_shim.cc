#include "machine/runtime/container_shim.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <malloc.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/runtime/address_rewriting.h"
#include "machine/runtime/container_files.h"
#include "machine/runtime/control_group.h"
#include "machine/runtime/descriptor.h"
#include "machine/runtime/descriptor_passing.h"
#include "machine/runtime/launch.h"
#include "machine/runtime/log_writer.h"
#include "machine/runtime/process_table.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kReadSize = 16 << 10;

Time now() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

// Of a channel to a child that becomes the program; empty when it was closed: exec has succeeded, or the child is dead.
std::optional<LaunchMessage> receive_launch_message(int channel, OwnedDescriptor& descriptor) {
  PassedMessage received = receive_message(channel);
  LaunchMessage message;
  if (received.bytes.size() != sizeof message) return std::nullopt;
  std::memcpy(&message, received.bytes.data(), sizeof message);
  if (!received.descriptors.empty()) descriptor = std::move(received.descriptors[0]);
  return message;
}

class Shim {
 public:
  explicit Shim(std::string folder) : folder_(std::move(folder)), log_(folder_, LogLimits()) {}

  int run();

 private:
  Status prepare();
  Status start();
  Status let_run(const Launch& launch, OwnedDescriptor channel);
  void attend();
  void on_signal();
  void reap();
  void copy_output(OwnedDescriptor& pipe, OutputStream stream, std::size_t limit);
  void kill_rest();
  int conclude();

  std::string folder_;
  LogWriter log_;
  std::string control_group_;
  std::unique_ptr<BindRewriter> rewriter_;
  OwnedDescriptor signals_;
  OwnedDescriptor out_;
  OwnedDescriptor error_;
  pid_t main_ = 0;
  bool has_ended_ = false;
  int wait_status_ = 0;
  StateRecord state_;
};

// The one message of a shim to the runtime, with a pidfd of the shim.
void report(std::string_view kind, const std::string& text) {
  const OwnedDescriptor self(open_pidfd(::getpid()));
  const int number = self.get();
  send_message(kShimReport, std::string(kind) + "\n" + text, &number, self ? 1 : 0);  // nobody may be there any more
  ::close(kShimReport);
}

Status Shim::prepare() {
  ::fcntl(kShimReport, F_SETFD, FD_CLOEXEC);
  ::fcntl(kShimLock, F_SETFD, FD_CLOEXEC);
  ::prctl(PR_SET_NAME, "canaria-shim");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  // Beside flock(), which cannot tell who holds it.
  if (::fcntl(kShimLock, F_SETLK, &whole) != 0) return fail_errno("lock " + folder_, errno);
  if (read_state_record(folder_) || read_exit_record(folder_)) return fail(Code::kUnavailable, folder_ + " has been run before");
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  ::signal(SIGINT, SIG_IGN);
  sigset_t taken;
  ::sigemptyset(&taken);
  ::sigaddset(&taken, SIGCHLD);
  ::sigaddset(&taken, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &taken, nullptr);
  signals_.reset(::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_) return fail_errno("signalfd", errno);
  return reserve_exit_record(folder_);
}

Status Shim::start() {
  TRY(const LaunchRecord record, read_launch_record(folder_));
  const ContainerSpec& spec = record.spec;
  log_ = LogWriter(folder_, record.log_limits);
  control_group_ = record.control_group;
  std::vector<std::string> command = spec.command;
  command.insert(command.end(), spec.arguments.begin(), spec.arguments.end());
  TRY(Launch launch, plan_launch(spec, command));
  launch.rewriting = spec.address.empty() ? AddressRewriting::kOff : record.rewriting;
  launch.mounts = spec.mounts;
  launch.scratch = folder_ + "/" + kScratchFolder;
  if (!launch.mounts.empty() && ::mkdir(launch.scratch.c_str(), 0700) != 0 && errno != EEXIST)
    return fail_errno("make folder " + launch.scratch, errno);
  GroupLimits limits;
  limits.cpu_millis = spec.cpu_limit_millis;
  limits.memory_bytes = spec.memory_limit_bytes;
  state_.note = make_group(control_group_, limits);
  const OwnedDescriptor group(control_group_.empty() ? -1
                                                     : ::open((control_group_ + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
  std::array<int, 2> out{}, error{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(error.data(), O_CLOEXEC) != 0) return fail_errno("pipe", errno);
  out_.reset(out[0]);
  error_.reset(error[0]);
  const OwnedDescriptor child_out(out[1]), child_error(error[1]);
  SocketPair channel = make_socket_pair();
  if (!channel.own) return fail_errno("socketpair", errno);
  ::fcntl(out_.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(error_.get(), F_SETFL, O_NONBLOCK);
  launch.input = 0;
  launch.output = child_out.get();
  launch.error = child_error.get();
  launch.control_group = group.get();
  launch.channel = channel.other.get();
  TRY(main_, fork_launch(launch));
  channel.other.reset();
  if (launch.rewriting == AddressRewriting::kOn) {
    OwnedDescriptor listener;
    const auto first = receive_launch_message(channel.own.get(), listener);
    if (!first) return fail(Code::kUnavailable, "the new process ended before it became the program");
    if (first->kind == LaunchMessage::Kind::kFailed) return fail(Code::kInvalid, describe_failure(launch, *first));
    if (listener) rewriter_ = std::make_unique<BindRewriter>(std::move(listener), spec.address);
    else
      state_.note +=
          std::string(state_.note.empty() ? "" : "; ") + "addresses are not rewritten: seccomp: " + errno_text(first->error);
  }
  return let_run(launch, std::move(channel.own));
}

// Records the run, then lets the prepared child become the program: never the other way round, or a program could run that
// nobody knows of.
Status Shim::let_run(const Launch& launch, OwnedDescriptor channel) {
  const auto entry = find_process(main_);
  state_.pid = main_;
  state_.start_ticks = entry ? entry->start_ticks : 0;
  state_.boot_id = boot_id();
  state_.started_at = now();
  CHECK_OK(write_state_record(folder_, state_));
  ::send(channel.get(), "g", 1, MSG_NOSIGNAL);
  OwnedDescriptor none;
  const auto failure = receive_launch_message(channel.get(), none);
  if (!failure) return {};
  ::unlink((folder_ + "/" + kStateFile).c_str());
  return fail(Code::kInvalid, describe_failure(launch, *failure));
}

int Shim::run() {
  Status started = prepare();
  if (started) started = start();
  if (!started) {
    if (main_ > 0) kill_rest();
    remove_group(control_group_);
    report(started.error().code == Code::kInvalid ? "invalid" : "unavailable", started.error().message);
    return 1;
  }
  report("running", "");
  if (!state_.note.empty()) log_.note(state_.note);
  ::malloc_trim(0);
  attend();
  return conclude();
}

void Shim::attend() {
  while (!has_ended_) {
    std::array<pollfd, 4> watched{pollfd{signals_.get(), POLLIN, 0}, pollfd{out_.get(), POLLIN, 0},
                                  pollfd{error_.get(), POLLIN, 0}, pollfd{rewriter_ ? rewriter_->listener() : -1, POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;  // only EINTR is possible
    if (watched[3].revents & POLLIN) rewriter_->serve();
    else if (watched[3].revents != 0) rewriter_.reset();  // nobody is left under the filter
    if (watched[1].revents != 0) copy_output(out_, OutputStream::kOut, kReadSize);
    if (watched[2].revents != 0) copy_output(error_, OutputStream::kError, kReadSize);
    if (watched[0].revents != 0) on_signal();
  }
}

void Shim::on_signal() {
  signalfd_siginfo signal{};
  while (::read(signals_.get(), &signal, sizeof signal) == sizeof signal)
    if (signal.ssi_signo == SIGTERM) ::kill(main_, SIGTERM);  // somebody ends the shim: the container hears of it
  reap();
}

void Shim::reap() {
  int status = 0;
  for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;)
    if (ended == main_) {
      has_ended_ = true;
      wait_status_ = status;
    }
}

// Reads until the pipe is empty or the limit is reached.
void Shim::copy_output(OwnedDescriptor& pipe, OutputStream stream, std::size_t limit) {
  static std::array<char, kReadSize> chunk;
  for (std::size_t total = 0; pipe && total < limit;) {
    const ssize_t size = ::read(pipe.get(), chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
      pipe.reset();
      return;
    }
    log_.write(stream, std::string_view(chunk.data(), static_cast<std::size_t>(size)));
    total += static_cast<std::size_t>(size);
  }
}

// A container is over when its main process is. Whoever is left becomes a child of the shim as soon as its parent dies.
void Shim::kill_rest() {
  kill_group(control_group_);
  for (int round = 0; round < 2000; ++round) {
    for (const pid_t child : own_children()) ::kill(child, SIGKILL);
    reap();
    if (::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD) return;
    ::usleep(round < 100 ? 500 : 5000);
  }
}

int Shim::conclude() {
  const Time ended_at = now();
  kill_rest();
  constexpr std::size_t kLastWords = 4 << 20;  // somebody outside may hold the pipe and write forever
  copy_output(out_, OutputStream::kOut, kLastWords);
  copy_output(error_, OutputStream::kError, kLastWords);
  log_.finish();
  ExitRecord record;
  record.signal = WIFSIGNALED(wait_status_) ? WTERMSIG(wait_status_) : 0;
  record.exit_code = record.signal != 0 ? 128 + record.signal : WEXITSTATUS(wait_status_);
  record.started_at = state_.started_at;
  record.finished_at = ended_at;
  record.out_of_memory = group_ran_out_of_memory(control_group_);
  record.lost_log_bytes = log_.lost_bytes();
  remove_group(control_group_);
  // Its place on the disk is reserved, so this fails only when the disk does. Then better late than never.
  for (int attempt = 0; attempt < 600 && !write_exit_record(folder_, record); ++attempt) ::usleep(1'000'000);
  return record.exit_code;
}

}  // namespace

int run_shim(const std::string& folder) {
  // On the heap and never destroyed: the process ends right after.
  auto* shim = new Shim(folder);
  return shim->run();
}

}  // namespace canaria::machine
