#include "machine/runtime/process_table.h"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine/runtime/descriptor.h"

namespace canaria::machine {
namespace {

std::string read_proc(const std::string& path) {
  const OwnedDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char chunk[1024];
  for (;;) {
    const ssize_t size = file ? ::read(file.get(), chunk, sizeof chunk) : 0;
    if (size <= 0) return text;
    text.append(chunk, static_cast<std::size_t>(size));
  }
}

}  // namespace

std::optional<ProcessEntry> parse_process_stat(const std::string& text) {
  // "12 (a name) with brackets) S 1 12 12 ...": the name may hold anything, so everything counts from the last bracket.
  const std::size_t bracket = text.rfind(')');
  if (bracket == std::string::npos) return std::nullopt;
  ProcessEntry entry;
  entry.pid = static_cast<pid_t>(std::strtol(text.c_str(), nullptr, 10));
  int parent = 0, session = 0;
  unsigned long long ticks = 0;
  const int fields =
      std::sscanf(text.c_str() + bracket + 1, " %c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                  &entry.state, &parent, &session, &ticks);
  if (fields != 4) return std::nullopt;
  entry.parent = parent;
  entry.session = session;
  entry.start_ticks = ticks;
  return entry;
}

std::optional<ProcessEntry> find_process(pid_t pid) {
  return parse_process_stat(read_proc("/proc/" + std::to_string(pid) + "/stat"));
}

std::vector<ProcessEntry> all_processes() {
  std::vector<ProcessEntry> result;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return result;
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (auto found = find_process(static_cast<pid_t>(std::atoi(entry->d_name)))) result.push_back(*found);
  }
  ::closedir(folder);
  return result;
}

std::vector<pid_t> own_children() {
  std::vector<pid_t> result;
  const std::string path = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
  if (::access(path.c_str(), R_OK) != 0) {  // a kernel without CONFIG_PROC_CHILDREN
    for (const ProcessEntry& entry : all_processes())
      if (entry.parent == ::getpid()) result.push_back(entry.pid);
    return result;
  }
  const std::string text = read_proc(path);
  for (const char *at = text.data(), *end = at + text.size(); at < end; ++at) {
    pid_t pid = 0;
    const auto parsed = std::from_chars(at, end, pid);
    if (parsed.ec != std::errc()) break;
    result.push_back(pid);
    at = parsed.ptr;
  }
  return result;
}

std::string boot_id() {
  std::string text = read_proc("/proc/sys/kernel/random/boot_id");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

pid_t process_of_thread(pid_t thread) {
  const std::string text = read_proc("/proc/" + std::to_string(thread) + "/status");
  const std::size_t at = text.find("\nTgid:");
  return at == std::string::npos ? 0 : static_cast<pid_t>(std::atoi(text.c_str() + at + 6));
}

int open_pidfd(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }
int signal_pidfd(int pidfd, int signal_number) {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, signal_number, nullptr, 0));
}

int open_process(pid_t pid, std::uint64_t start_ticks) {
  OwnedDescriptor pidfd(pid > 0 ? open_pidfd(pid) : -1);
  // Looked at after the descriptor was opened: if it is the right process now, the descriptor is of the right one.
  const auto entry = pidfd ? find_process(pid) : std::nullopt;
  return entry && entry->start_ticks == start_ticks ? pidfd.release() : -1;
}

void kill_session(pid_t leader, std::uint64_t start_ticks, const std::string& boot) {
  if (leader <= 1 || boot != boot_id()) return;
  if (const auto entry = find_process(leader); entry && entry->start_ticks != start_ticks) return;
  for (int round = 0; round < 10; ++round) {  // what forks while it is being killed is found in the next round
    bool found = false;
    for (const ProcessEntry& entry : all_processes()) {
      if (entry.session != leader || entry.start_ticks < start_ticks || entry.state == 'Z') continue;
      const OwnedDescriptor pidfd(open_process(entry.pid, entry.start_ticks));
      if (pidfd && signal_pidfd(pidfd.get(), SIGKILL) == 0) found = true;
    }
    if (!found) return;
    ::usleep(1000);
  }
}

}  // namespace canaria::machine
