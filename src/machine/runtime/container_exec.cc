#include "machine/runtime/container_exec.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#include "async/readable.h"
#include "async/timers.h"
#include "machine/runtime/descriptor.h"
#include "machine/runtime/launch.h"
#include "machine/runtime/mount_view.h"
#include "machine/runtime/process_table.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kOutputLimit = 10 << 10;

// Kills the whole session of the command and reaps it, unless it has ended by itself.
struct Command {
  Command() = default;
  ~Command() {
    if (pid <= 0) return;
    // While it is not reaped its pid is ours, so the session is the right one.
    for (const ProcessEntry& entry : all_processes())
      if (entry.session == pid && entry.pid != pid) ::kill(entry.pid, SIGKILL);
    ::kill(-pid, SIGKILL);
    ::kill(pid, SIGKILL);  // it may not have made its group yet
    ::waitpid(pid, nullptr, 0);
  }
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  std::optional<int> reap() {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) != pid) return std::nullopt;
    pid = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  pid_t pid = -1;
  OwnedDescriptor output;
};

// At most `rounds` chunks, so that a command that writes without end does not hold the loop.
void drain(OwnedDescriptor& pipe, std::string& text, int rounds) {
  for (std::array<char, 4096> chunk; pipe && rounds > 0; --rounds) {
    const ssize_t size = ::read(pipe.get(), chunk.data(), chunk.size());
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) return pipe.reset();  // which also takes it out of the epoll set
    text.append(chunk.data(), std::min(static_cast<std::size_t>(size), kOutputLimit - text.size()));
  }
}

Status start_command(const LaunchRecord& record, pid_t main, const std::vector<std::string>& arguments, Command& command) {
  TRY(Launch launch, plan_launch(record.spec, arguments));
  MountView view;
  if (!record.spec.mounts.empty()) view = open_mount_view(main);
  launch.user_namespace = view.user.get();
  launch.mount_namespace = view.mounts.get();
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("pipe", errno);
  command.output.reset(ends[0]);
  ::fcntl(command.output.get(), F_SETFL, O_NONBLOCK);
  const OwnedDescriptor write_end(ends[1]), nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const OwnedDescriptor group(
      record.control_group.empty() ? -1 : ::open((record.control_group + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
  launch.input = nothing.get();
  launch.output = write_end.get();
  launch.error = write_end.get();
  launch.control_group = group.get();
  TRY(command.pid, fork_launch(launch));
  return {};
}

void watch(const OwnedDescriptor& set, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  ::epoll_ctl(set.get(), EPOLL_CTL_ADD, descriptor, &event);
}

Task<Result<ExecResult>> run(LaunchRecord record, pid_t main, std::vector<std::string> arguments) {
  Command command;
  CO_CHECK(start_command(record, main, arguments, command));
  const OwnedDescriptor ended(open_pidfd(command.pid));
  if (!ended) co_return fail_errno("pidfd_open", errno);
  // One descriptor that is readable when there is output or the command has ended: the end of the output alone says
  // nothing, because a process in the background may keep the pipe open.
  const OwnedDescriptor set(::epoll_create1(EPOLL_CLOEXEC));
  if (!set) co_return fail_errno("epoll_create1", errno);
  watch(set, ended.get());
  watch(set, command.output.get());
  ExecResult result;
  for (;;) {
    co_await async::wait_readable(set.get());
    const std::optional<int> exit_code = command.reap();
    drain(command.output, result.output, exit_code ? 64 : 16);
    if (!exit_code) continue;
    result.exit_code = *exit_code;
    co_return result;
  }
}

}  // namespace

Task<Result<ExecResult>> run_in_container(LaunchRecord record, pid_t main, std::vector<std::string> command, Millis limit) {
  if (command.empty()) co_return fail(Code::kInvalid, "no command to run");
  const std::string what = "command \"" + command[0] + "\"";
  Task<Result<ExecResult>> running = run(std::move(record), main, std::move(command));
  co_return co_await async::with_timeout(std::move(running), limit, what);
}

}  // namespace canaria::machine
