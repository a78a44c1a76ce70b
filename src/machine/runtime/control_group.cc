#include "machine/runtime/control_group.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/runtime/descriptor.h"

namespace canaria::machine {
namespace {

std::string read_text(const std::string& path) {
  const OwnedDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char chunk[1024];
  for (;;) {
    const ssize_t size = file ? ::read(file.get(), chunk, sizeof chunk) : 0;
    if (size <= 0) return text;
    text.append(chunk, static_cast<std::size_t>(size));
  }
}

bool write_text(const std::string& path, const std::string& text) {
  const OwnedDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace

std::optional<std::string> unified_path(const std::string& proc_self_cgroup) {
  std::istringstream lines(proc_self_cgroup);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("0::")) return line.substr(3);
  return std::nullopt;
}

std::optional<std::string> unified_mount(const std::string& proc_self_mounts) {
  std::istringstream lines(proc_self_mounts);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string device, folder, type;
    if (words >> device >> folder >> type && type == "cgroup2") return folder;
  }
  return std::nullopt;
}

std::string make_group_parent(const std::string& name) {
  const auto mount = unified_mount(read_text("/proc/self/mounts"));
  const auto path = unified_path(read_text("/proc/self/cgroup"));
  if (!mount || !path) return "";
  const std::string own = *mount + (*path == "/" ? "" : *path);
  const std::string folder = own + "/" + name;
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return "";
  // A group that has processes may not pass controllers on, unless it is the root: then there are no limits, but groups.
  for (const char* controller : {"+memory", "+cpu"})
    if (write_text(own + "/cgroup.subtree_control", controller)) write_text(folder + "/cgroup.subtree_control", controller);
  return folder;
}

std::string make_group(const std::string& folder, const GroupLimits& limits) {
  std::string missing;
  if (folder.empty() || (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)) {
    if (limits.cpu_millis) missing = "cpu";
    if (limits.memory_bytes) missing += missing.empty() ? "memory" : " and memory";
  } else {
    // cpu.max: so many microseconds in each period of 100 ms.
    if (limits.cpu_millis && !write_text(folder + "/cpu.max", std::to_string(*limits.cpu_millis * 100) + " 100000"))
      missing = "cpu";
    if (limits.memory_bytes) {
      write_text(folder + "/memory.swap.max", "0");
      write_text(folder + "/memory.oom.group", "1");  // as the kubelet does: a container ends as a whole
      if (!write_text(folder + "/memory.max", std::to_string(*limits.memory_bytes)))
        missing += missing.empty() ? "memory" : " and memory";
    }
  }
  return missing.empty() ? ""
                         : "the limit of " + missing + " is not enforced: this user may not use the cgroup v2 controllers here";
}

void kill_group(const std::string& folder) {
  if (!folder.empty()) write_text(folder + "/cgroup.kill", "1");
}

void remove_group(const std::string& folder) {
  if (!folder.empty()) ::rmdir(folder.c_str());
}

bool group_ran_out_of_memory(const std::string& folder) {
  return !folder.empty() && event_count(read_text(folder + "/memory.events"), "oom_kill") > 0;
}

std::int64_t event_count(const std::string& memory_events, const std::string& name) {
  std::istringstream words(memory_events);
  std::string key;
  std::int64_t count = 0;
  while (words >> key >> count)
    if (key == name) return count;
  return 0;
}

}  // namespace canaria::machine
