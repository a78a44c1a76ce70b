// What the process runtime keeps on disk about one container, so that it outlives this program:
//
//   <root>/containers/<pod uid>/<name>/<attempt>/
//     spec.json    what to run; written by the runtime before the shim is started
//     lock         held by the shim as long as it lives; the holder's pid can be asked for, so there are no pid files
//     state.json   the main process; written by the shim just before the program runs. With it the run has happened: nobody
//                  starts this attempt again
//     exit.json    how it ended; written by the shim at the end
//     log, log.1   its output
//
// Files are replaced as a whole (write beside, rename). Nothing here knows what the states mean; see process_runtime.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/result.h"
#include "machine/container_runtime.h"

namespace canaria::machine {

inline constexpr const char* kSpecFile = "spec.json";
inline constexpr const char* kStateFile = "state.json";
inline constexpr const char* kExitFile = "exit.json";
inline constexpr const char* kExitReserve = "exit.reserved";
inline constexpr const char* kLockFile = "lock";
inline constexpr const char* kLogFile = "log";
inline constexpr const char* kScratchFolder = "scratch";  // empty; used while mounts are made

struct LogLimits {
  std::int64_t bytes = 10 << 20;  // of one file
  int files = 2;
};

enum class AddressRewriting { kOff, kOn };

// spec.json. The environment and the working directory are complete: the shim adds nothing.
struct LaunchRecord {
  LaunchRecord() = default;
  ContainerSpec spec;
  std::string control_group;  // folder of its cgroup v2; empty: none
  LogLimits log_limits;
  AddressRewriting rewriting = AddressRewriting::kOn;
};

// state.json
struct StateRecord {
  pid_t pid = 0;                    // of the main process; also its session and process group
  std::uint64_t start_ticks = 0;    // when that process began, so that a later one with the same pid is told apart
  std::string boot_id;
  Time started_at;
  std::string note;                 // what could not be set up, in words
};

// exit.json
struct ExitRecord {
  int exit_code = 0;
  int signal = 0;
  Time started_at;
  Time finished_at;
  bool out_of_memory = false;
  std::int64_t lost_log_bytes = 0;
};

// "<root>/containers/<pod uid>/<name>/<attempt>". Fails with kInvalid when a part cannot be a file name.
Result<std::string> container_folder(const std::string& root, const ContainerId& id);
// The ids of all folders there are.
std::vector<ContainerId> find_container_folders(const std::string& root);

Status write_launch_record(const std::string& folder, const LaunchRecord& record);
Result<LaunchRecord> read_launch_record(const std::string& folder);
Status write_state_record(const std::string& folder, const StateRecord& record);
std::optional<StateRecord> read_state_record(const std::string& folder);

// Takes the room for exit.json on the disk in advance, so that the end can be recorded when the disk is full by then.
Status reserve_exit_record(const std::string& folder);
// Durable when it returns.
Status write_exit_record(const std::string& folder, const ExitRecord& record);
std::optional<ExitRecord> read_exit_record(const std::string& folder);

// "a/log", "a/log.1": the file of that age, 0 is the one being written.
std::string log_file(const std::string& folder, int age);

// The text of an errno.
std::string errno_text(int number);
// kUnavailable "<what>: <text of errno>".
tl::unexpected<Error> fail_errno(const std::string& what, int number);

}  // namespace canaria::machine
