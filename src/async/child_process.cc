#include "async/child_process.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "async/timers.h"

extern char** environ;

namespace canaria::async {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

// Kills and reaps what is still running, so that no zombie is left on any path.
struct Child {
  Child() = default;
  ~Child() {
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int reap() {
    int status = 0;
    ::waitpid(pid, &status, 0);
    pid = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  pid_t pid = -1;
};

std::vector<std::string> whole_environment(const ChildCommand& command) {
  std::vector<std::string> result;
  for (const auto& [name, value] : command.environment) result.push_back(name + "=" + value);
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string entry = *at;
    const std::string name = entry.substr(0, entry.find('=') + 1);
    bool replaced = false;
    for (const auto& [other, value] : command.environment) replaced = replaced || name == other + "=";
    if (!replaced) result.push_back(entry);
  }
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// Starts the child with its standard output on `write_end`.
Status start(ChildCommand& command, int write_end, Child& child) {
  std::vector<std::string> environment = whole_environment(command);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, write_end, 1);
  const int error = ::posix_spawnp(&child.pid, command.arguments[0].c_str(), &actions, nullptr,
                                   pointers(command.arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return {};
  child.pid = -1;
  return fail(Code::kUnavailable, "start " + command.arguments[0] + ": " + std::strerror(error));
}

Task<Result<ChildOutput>> run(ChildCommand command) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) co_return fail(Code::kInternal, std::string("pipe: ") + std::strerror(errno));
  Descriptor out(executor, ends[0]);
  Child child;
  const Status started = start(command, ends[1], child);
  ::close(ends[1]);
  CO_CHECK(started);

  ChildOutput output;
  std::array<char, 4096> chunk;
  for (;;) {
    const auto space = boost::asio::buffer(chunk);
    const auto [error, size] = co_await out.async_read_some(space, token);
    if (error) break;  // the end, or cancelled: then the next co_await throws
    output.text.append(chunk.data(), size);
    if (output.text.size() > command.output_limit)
      co_return fail(Code::kInvalid, command.arguments[0] + ": wrote more than the allowed output");
  }
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0));
  if (pidfd >= 0) {
    Descriptor ended(executor, pidfd);
    co_await ended.async_wait(Descriptor::wait_read, token);
  }
  output.exit_code = child.reap();
  co_return output;
}

}  // namespace

Task<Result<ChildOutput>> run_child(ChildCommand command) {
  if (command.arguments.empty()) co_return fail(Code::kInvalid, "no program to run");
  const auto limit = command.limit;
  const std::string what = command.arguments[0];
  Task<Result<ChildOutput>> running = run(std::move(command));
  co_return co_await with_timeout(std::move(running), limit, what);
}

}  // namespace canaria::async
