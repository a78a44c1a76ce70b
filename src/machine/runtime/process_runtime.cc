#include "machine/runtime/process_runtime.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "async/event.h"
#include "async/readable.h"
#include "async/timers.h"
#include "base/hash.h"
#include "machine/runtime/container_exec.h"
#include "machine/runtime/control_group.h"
#include "machine/runtime/descriptor_passing.h"
#include "machine/runtime/found_shim.h"
#include "machine/runtime/process_table.h"

namespace canaria::machine {
namespace {

constexpr Millis kStartingPause{2};

ContainerStatus running_status(const ContainerId& id, const StateRecord& state) {
  ContainerStatus status;
  status.id = id;
  status.state = ContainerState::kRunning;
  status.runtime_id = "process://" + std::to_string(state.pid);
  status.started_at = state.started_at;
  status.message = state.note;
  return status;
}

void conclude_exited(ContainerStatus& status, const ExitRecord& record) {
  status.state = ContainerState::kExited;
  status.started_at = record.started_at;
  status.finished_at = record.finished_at;
  status.exit_code = record.exit_code;
  status.signal = record.signal;
  status.reason = record.out_of_memory ? "OOMKilled" : record.exit_code == 0 ? "Completed" : "Error";
}

void conclude_lost(ContainerStatus& status) {
  status.state = ContainerState::kLost;
  status.exit_code = 137;
  // The kubelet's words for the same case.
  status.reason = "ContainerStatusUnknown";
  status.message = "The container could not be located when the pod was terminated";
}

Status make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail_errno("create folder " + path, error.value());
  return {};
}

std::string own_variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

void set_default(ContainerSpec& spec, const std::string& name, const std::string& value) {
  for (const auto& entry : spec.environment)
    if (entry.first == name) return;
  spec.environment.emplace_back(name, value);
}

}  // namespace

struct ProcessRuntime::Container {
  ContainerStatus status;
  std::string folder;
  std::string control_group;
  StateRecord state;
  OwnedDescriptor report;  // of a shim that was started here and has not reported yet
  OwnedDescriptor shim;    // a pidfd
  std::optional<Error> failure;  // it could not be started
  async::Event started;          // or failed to
  async::Event ended;
};

Result<std::unique_ptr<ProcessRuntime>> ProcessRuntime::open(async::Loop& loop, ProcessRuntimeOptions options) {
  if (options.directory.empty() || options.directory[0] != '/')
    return fail(Code::kInvalid, "the process runtime needs an absolute directory, not \"" + options.directory + '"');
  CHECK_OK(make_folder(options.directory + "/containers"));
  std::unique_ptr<ProcessRuntime> runtime(new ProcessRuntime(loop, std::move(options)));
  CHECK_OK(runtime->nursery_.start());
  return runtime;
}

ProcessRuntime::ProcessRuntime(async::Loop& loop, ProcessRuntimeOptions options)
    : loop_(loop),
      options_(std::move(options)),
      // Named after the directory, so that two programs on one machine do not mix.
      nursery_(options_.shim_program, options_.shim_arguments, options_.directory),
      group_parent_(make_group_parent("canaria-" + std::to_string(fnv1a_32(options_.directory)))),
      scope_(loop) {}

ProcessRuntime::~ProcessRuntime() = default;

Task<void> ProcessRuntime::stop() {
  co_await scope_.stop();
  remove_group(group_parent_);  // succeeds only when no container is left
}

Task<Result<std::vector<ContainerStatus>>> ProcessRuntime::list() {
  std::vector<ContainerStatus> result;
  const std::vector<ContainerId> ids = find_container_folders(options_.directory);
  for (const ContainerId& id : ids) {
    CO_TRY(const ContainerPointer container, co_await find(id));
    if (container && !container->failure) result.push_back(container->status);
  }
  co_return result;
}

Task<Result<ProcessRuntime::ContainerPointer>> ProcessRuntime::find(ContainerId id) {
  if (const auto known = containers_.find(id); known != containers_.end()) co_return known->second;
  CO_TRY(std::string folder, container_folder(options_.directory, id));
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) co_return ContainerPointer();
  CO_TRY(const ContainerPointer found, co_await look_up(id, std::move(folder)));
  if (!found) co_return found;
  // Somebody else may have looked meanwhile.
  const auto [at, is_new] = containers_.emplace(id, found);
  if (is_new && found->status.state == ContainerState::kRunning) scope_.spawn(attend(found));
  co_return at->second;
}

Task<Result<ProcessRuntime::ContainerPointer>> ProcessRuntime::look_up(ContainerId id, std::string folder) {
  const auto container = std::make_shared<Container>();
  container->folder = folder;
  const auto deadline = std::chrono::steady_clock::now() + options_.start_limit;
  for (;;) {
    CO_TRY(FoundShim found, find_shim(folder));
    const auto state = read_state_record(folder);
    if (state) {
      container->state = *state;
      container->status = running_status(id, *state);
      if (const auto record = read_launch_record(folder)) container->control_group = record->control_group;
    }
    if (const auto exit = read_exit_record(folder)) {
      container->status.id = id;
      conclude_exited(container->status, *exit);
      break;
    }
    if (found.presence == ShimPresence::kAbsent) {
      if (!state) co_return ContainerPointer();
      kill_group(container->control_group);
      kill_session(state->pid, state->start_ticks, state->boot_id);
      remove_group(container->control_group);
      conclude_lost(container->status);
      break;
    }
    if (found.presence == ShimPresence::kPresent && state) {
      container->shim = std::move(found.process);
      container->started.set();
      co_return container;
    }
    if (std::chrono::steady_clock::now() > deadline)
      co_return fail(Code::kTimeout, "the shim of container " + id.text() + " is there but does not answer");
    co_await async::sleep_for(kStartingPause);
  }
  container->started.set();
  container->ended.set();
  co_return container;
}

Result<LaunchRecord> ProcessRuntime::complete(ContainerSpec spec) const {
  if (spec.command.empty())
    return fail(Code::kInvalid,
                "container \"" + spec.id.name +
                    "\" has no command: the process runtime runs commands of this machine, so the image's own entry "
                    "point is unknown; set command");
  if (spec.working_directory.empty()) spec.working_directory = options_.working_directory;
  else if (spec.working_directory[0] != '/') spec.working_directory = options_.working_directory + "/" + spec.working_directory;
  set_default(spec, "PATH", own_variable("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
  set_default(spec, "HOME", own_variable("HOME", "/"));
  set_default(spec, "CANARIA_IMAGE", spec.image);
  if (!spec.pod_name.empty()) set_default(spec, "HOSTNAME", spec.pod_name);
  LaunchRecord record;
  if (!group_parent_.empty())
    record.control_group = group_parent_ + "/" + spec.id.pod_uid + "_" + spec.id.name + "_" + std::to_string(spec.id.attempt);
  record.spec = std::move(spec);
  record.log_limits = options_.log_limits;
  record.rewriting = options_.rewriting;
  return record;
}

Task<Result<ContainerStatus>> ProcessRuntime::start(ContainerSpec spec) {
  const ContainerId id = spec.id;
  CO_TRY(const std::string folder, container_folder(options_.directory, id));
  CO_TRY(ContainerPointer container, co_await find(id));
  if (!container) {
    CO_TRY(const LaunchRecord record, complete(std::move(spec)));
    CO_CHECK(make_folder(folder));
    CO_CHECK(write_launch_record(folder, record));
    CO_TRY(container, spawn_shim(id, folder));
    container->control_group = record.control_group;
    containers_[id] = container;
    scope_.spawn(attend(container));
  }
  const async::Wake wake = co_await container->started.wait_for(options_.start_limit);
  if (wake != async::Wake::kSet)
    co_return fail(Code::kTimeout,
                   "container " + id.text() + " did not start within " + std::to_string(options_.start_limit.count()) + " ms");
  if (container->failure) co_return fail(*container->failure);
  co_return container->status;
}

Result<ProcessRuntime::ContainerPointer> ProcessRuntime::spawn_shim(const ContainerId& id, const std::string& folder) {
  TRY(FoundShim found, find_shim(folder));
  if (found.presence != ShimPresence::kAbsent)
    return fail(Code::kUnavailable, "container " + id.text() + " is just being started");
  const auto container = std::make_shared<Container>();
  container->folder = folder;
  container->status.id = id;
  TRY(container->report, nursery_.make_shim(folder, found.lock));
  return container;
}

// Lives as long as the shim does, or until stop().
Task<void> ProcessRuntime::attend(ContainerPointer container) {
  if (container->report) co_await read_report(container);
  if (!container->shim && !container->failure)  // it had no descriptor left for its report
    if (auto found = find_shim(container->folder)) container->shim = std::move(found->process);
  if (container->shim) co_await async::wait_readable(container->shim.get());
  container->shim.reset();
  if (container->failure) co_return;
  if (const auto exit = read_exit_record(container->folder)) {
    conclude_exited(container->status, *exit);
  } else {
    kill_group(container->control_group);
    kill_session(container->state.pid, container->state.start_ticks, container->state.boot_id);
    remove_group(container->control_group);
    conclude_lost(container->status);
  }
  container->ended.set();
}

Task<void> ProcessRuntime::read_report(ContainerPointer container) {
  co_await async::wait_readable(container->report.get());
  PassedMessage told = receive_message(container->report.get());
  container->report.reset();
  const std::string& text = told.bytes;
  if (!told.descriptors.empty()) container->shim = std::move(told.descriptors[0]);
  const auto state = read_state_record(container->folder);
  const std::string kind = text.substr(0, text.find('\n'));
  if (state && kind == "running") {
    container->state = *state;
    container->status = running_status(container->status.id, *state);
  } else {
    const std::string why =
        text.size() > kind.size() ? text.substr(kind.size() + 1) : "the shim ended before it had started the container";
    container->failure = Error{kind == "invalid" ? Code::kInvalid : Code::kUnavailable, why};
    containers_.erase(container->status.id);  // so that the same attempt can be tried again
  }
  container->started.set();
}

Task<Result<ContainerStatus>> ProcessRuntime::wait(ContainerId id) {
  CO_TRY(const ContainerPointer container, co_await find(id));
  if (!container) co_return fail(Code::kNotFound, "container " + id.text() + " is not known");
  co_await container->started.wait();
  if (container->failure) co_return fail(*container->failure);
  co_await container->ended.wait();
  co_return container->status;
}

Status ProcessRuntime::signal(const ContainerId& id, int signal_number) {
  const auto found = containers_.find(id);
  if (found == containers_.end()) return fail(Code::kNotFound, "container " + id.text() + " is not known");
  const Container& container = *found->second;
  if (container.status.state != ContainerState::kRunning) return {};
  if (signal_number == SIGKILL) kill_group(container.control_group);  // without a group the shim kills the rest
  const OwnedDescriptor process(open_process(container.state.pid, container.state.start_ticks));
  if (!process || signal_pidfd(process.get(), signal_number) == 0 || errno == ESRCH) return {};
  return fail_errno("signal container " + id.text(), errno);
}

Task<Result<ExecResult>> ProcessRuntime::exec(ContainerId id, std::vector<std::string> command, Millis limit) {
  CO_TRY(const ContainerPointer container, co_await find(id));
  if (!container || container->status.state != ContainerState::kRunning)
    co_return fail(Code::kNotFound, "container " + id.text() + " is not running");
  CO_TRY(LaunchRecord record, read_launch_record(container->folder));
  co_return co_await run_in_container(std::move(record), container->state.pid, std::move(command), limit);
}

Status ProcessRuntime::remove(const ContainerId& id) {
  TRY(const std::string folder, container_folder(options_.directory, id));
  if (const auto found = containers_.find(id); found != containers_.end()) {
    if (found->second->status.state == ContainerState::kRunning)
      return fail(Code::kConflict, "container " + id.text() + " is still running");
    remove_group(found->second->control_group);
    containers_.erase(found);
  }
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (error) return fail_errno("remove " + folder, error.value());
  // The folders of the container and the pod, if this was the last in them.
  const std::filesystem::path container = std::filesystem::path(folder).parent_path();
  std::filesystem::remove(container, error);
  std::filesystem::remove(container.parent_path(), error);
  return {};
}

std::vector<std::string> ProcessRuntime::log_files(const ContainerId& id) const {
  std::vector<std::string> result;
  const auto folder = container_folder(options_.directory, id);
  if (!folder) return result;
  std::error_code error;
  for (int age = options_.log_limits.files - 1; age >= 0; --age)
    if (std::string path = log_file(*folder, age); std::filesystem::exists(path, error)) result.push_back(std::move(path));
  return result;
}

}  // namespace canaria::machine
