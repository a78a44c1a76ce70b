// Control groups (cgroup v2) of containers, where this user may create them: they kill a whole container at once, limit
// memory and CPU, and tell when memory ran out. Without them containers run just the same, unlimited.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace canaria::machine {

// Creates "<the group of this process>/<name>" for the groups of containers, with the memory and cpu controllers where that
// is possible. Empty when it is not.
std::string make_group_parent(const std::string& name);
// The path of this process's group in the text of /proc/self/cgroup: "/user.slice/x" of the line "0::/user.slice/x".
std::optional<std::string> unified_path(const std::string& proc_self_cgroup);
// Where cgroup v2 is mounted, by the text of /proc/self/mounts.
std::optional<std::string> unified_mount(const std::string& proc_self_mounts);

struct GroupLimits {
  std::optional<std::int64_t> cpu_millis;
  std::optional<std::int64_t> memory_bytes;
};
// Creates the group of one container. Returns what could not be limited, in words; empty when all is as wanted.
std::string make_group(const std::string& folder, const GroupLimits& limits);
void kill_group(const std::string& folder);
void remove_group(const std::string& folder);
bool group_ran_out_of_memory(const std::string& folder);
// The count of a line "oom_kill 3" in the text of memory.events.
std::int64_t event_count(const std::string& memory_events, const std::string& name);

}  // namespace canaria::machine
