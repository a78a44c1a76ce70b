// What the kernel tells about processes in /proc: who is whose child, which session, since when. A process is named by its
// pid and its start time together, because pids are used again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace canaria::machine {

struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
  char state = '?';  // 'Z' for a zombie
  std::uint64_t start_ticks = 0;
};

// Reads the text of /proc/<pid>/stat; empty when malformed.
std::optional<ProcessEntry> parse_process_stat(const std::string& text);
std::optional<ProcessEntry> find_process(pid_t pid);
std::vector<ProcessEntry> all_processes();
// Of the calling process, which has one thread.
std::vector<pid_t> own_children();
std::string boot_id();
// The process that a thread belongs to; 0 when it is gone.
pid_t process_of_thread(pid_t thread);

// A pidfd of exactly that process; -1 when it is gone.
int open_process(pid_t pid, std::uint64_t start_ticks);
int open_pidfd(pid_t pid);
int signal_pidfd(int pidfd, int signal_number);

// Kills what is left of a session whose leader was the given process, in a boot of the machine that must be the current one.
// A session of a later process with the same pid is left alone.
void kill_session(pid_t leader, std::uint64_t start_ticks, const std::string& boot);

}  // namespace canaria::machine
