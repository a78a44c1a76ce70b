#include "machine/runtime/launch.h"

#include <cerrno>
#include <csignal>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine/runtime/address_rewriting.h"
#include "machine/runtime/descriptor_passing.h"
#include "machine/runtime/mount_view.h"

namespace canaria::machine {
namespace {

constexpr unsigned kCloseAtExec = 1U << 2;  // CLOSE_RANGE_CLOEXEC

std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string variable(const ContainerSpec& spec, const std::string& name) {
  std::string value;
  for (const auto& [key, text] : spec.environment)
    if (key == name) value = text;  // the last one counts, as for a shell
  return value;
}

bool is_runnable(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

// Where the program may be, best first. All that PATH offers, because the container's user may not reach what we do: a tool of
// our own home directory, for example.
Result<std::vector<std::string>> find_programs(const ContainerSpec& spec, const std::string& name) {
  if (name.find('/') != std::string::npos) {
    const std::string path = name[0] == '/' ? name : spec.working_directory + "/" + name;
    const std::string seen = path_on_machine(spec.mounts, path);
    struct stat facts {};
    if (::stat(seen.c_str(), &facts) != 0)
      return fail(Code::kInvalid, "exec: " + quoted(name) + ": stat " + name + ": " + errno_text(errno));
    if (S_ISDIR(facts.st_mode)) return fail(Code::kInvalid, "exec: " + quoted(name) + ": is a directory");
    if (::access(seen.c_str(), X_OK) != 0) return fail(Code::kInvalid, "exec: " + quoted(name) + ": " + errno_text(errno));
    return std::vector<std::string>{path};
  }
  std::vector<std::string> found;
  const std::string path = variable(spec, "PATH");
  for (std::size_t at = 0; at <= path.size() && !name.empty();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    std::string folder = path.substr(at, end - at);
    if (folder.empty() || folder[0] != '/') folder = spec.working_directory + "/" + folder;
    if (is_runnable(path_on_machine(spec.mounts, folder + "/" + name))) found.push_back(folder + "/" + name);
    at = end + 1;
  }
  if (!found.empty()) return found;
  return fail(Code::kInvalid, "exec: " + quoted(name) + ": executable file not found in $PATH");
}

Status check_user(const ContainerSpec& spec) {
  const bool same_user = !spec.user || *spec.user == ::geteuid();
  const bool same_group = !spec.group || *spec.group == ::getegid();
  if (::geteuid() == 0 || (same_user && same_group)) return {};
  const bool user_differs = !same_user;
  return fail(Code::kInvalid, std::string("cannot run as ") + (user_differs ? "user " : "group ") +
                                  std::to_string(user_differs ? *spec.user : *spec.group) + ": canaria itself runs as user " +
                                  std::to_string(::geteuid()) + "; run it as root, or remove " +
                                  (user_differs ? "runAsUser" : "runAsGroup") + " from the securityContext");
}

// ---- from here on in the child: system calls only ----

void tell(int channel, const LaunchMessage& message, int descriptor) {
  const std::string_view bytes(reinterpret_cast<const char*>(&message), sizeof message);
  send_message(channel, bytes, &descriptor, descriptor >= 0 ? 1 : 0);
}

[[noreturn]] void give_up(const Launch& launch, LaunchMessage::Stage stage) {
  const int error = errno;
  if (launch.channel >= 0) {
    tell(launch.channel, LaunchMessage{LaunchMessage::Kind::kFailed, stage, error, -1}, -1);
  } else {
    static constexpr char kText[] = "canaria: the command could not be started\n";
    if (::write(2, kText, sizeof kText - 1) < 0) ::_exit(126);
  }
  ::_exit(126);
}

// In a shim, which has one thread, more than system calls is allowed.
void make_view(const Launch& launch) {
  MountFailure failure;
  failure.error = enter_mount_view(launch.user_namespace, launch.mount_namespace);
  if (failure.error == 0 && !launch.mounts.empty()) failure = make_mount_view(launch.mounts, launch.scratch);
  if (failure.error == 0) return;
  LaunchMessage message;
  message.stage = LaunchMessage::Stage::kMount;
  message.error = failure.error;
  message.mount = failure.mount;
  if (launch.channel >= 0) tell(launch.channel, message, -1);
  ::_exit(126);
}

void install_filter(const Launch& launch) {
  if (launch.channel < 0 || launch.rewriting == AddressRewriting::kOff) return;
  const int listener = install_bind_filter();
  LaunchMessage message;
  message.kind = listener >= 0 ? LaunchMessage::Kind::kFilter : LaunchMessage::Kind::kNoFilter;
  message.error = listener >= 0 ? 0 : -listener;
  tell(launch.channel, message, listener);
  if (listener >= 0) ::close(listener);
}

// By system calls: the functions of the C library would also change the threads that the child does not have.
void change_user(const Launch& launch) {
  const bool is_root = ::geteuid() == 0;
  if (launch.group || launch.user) {
    const gid_t group = launch.group.value_or(0);
    if (is_root && (::syscall(SYS_setgroups, 1, &group) != 0 || ::syscall(SYS_setresgid, group, group, group) != 0))
      give_up(launch, LaunchMessage::Stage::kGroup);
  }
  if (launch.user && is_root && ::syscall(SYS_setresuid, *launch.user, *launch.user, *launch.user) != 0)
    give_up(launch, LaunchMessage::Stage::kUser);
}

void reset_signals() {
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Launch& launch, pid_t parent, char* const* arguments, char* const* environment) {
  ::setsid();
  if (launch.control_group >= 0 && ::write(launch.control_group, "0", 1) < 0) errno = 0;  // then only limits are missing
  ::dup2(launch.input, 0);
  ::dup2(launch.output, 1);
  ::dup2(launch.error, 2);
  ::umask(022);
  make_view(launch);
  if (::chdir(launch.working_directory.c_str()) != 0) give_up(launch, LaunchMessage::Stage::kDirectory);
  install_filter(launch);
  change_user(launch);
  // After the change of user, which clears it. The parent may have died before, so look again.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  char go = 0;
  if (launch.channel >= 0 && ::read(launch.channel, &go, 1) != 1) ::_exit(126);
  reset_signals();
  // Nothing but the three streams is for the program; what others opened carelessly (Asio does) is not inherited either.
  ::syscall(SYS_close_range, 3U, ~0U, kCloseAtExec);
  for (const std::string& program : launch.programs) ::execve(program.c_str(), arguments, environment);
  give_up(launch, LaunchMessage::Stage::kExec);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace

Result<Launch> plan_launch(const ContainerSpec& spec, const std::vector<std::string>& command) {
  CHECK_OK(check_user(spec));
  struct stat facts {};
  if (::stat(path_on_machine(spec.mounts, spec.working_directory).c_str(), &facts) != 0)
    return fail(Code::kInvalid, "working directory " + quoted(spec.working_directory) + ": " + errno_text(errno));
  if (!S_ISDIR(facts.st_mode))
    return fail(Code::kInvalid, "working directory " + quoted(spec.working_directory) + ": not a directory");
  Launch launch;
  TRY(launch.programs, find_programs(spec, command.empty() ? "" : command[0]));
  launch.arguments = command;
  for (const auto& [name, value] : spec.environment) launch.environment.push_back(name + "=" + value);
  launch.working_directory = spec.working_directory;
  launch.user = spec.user;
  launch.group = spec.group;
  return launch;
}

std::string describe_failure(const Launch& launch, const LaunchMessage& message) {
  const std::string why = errno_text(message.error);
  switch (message.stage) {
    case LaunchMessage::Stage::kMount: return describe_mount_failure(launch.mounts, {message.mount, message.error});
    case LaunchMessage::Stage::kDirectory: return "working directory " + quoted(launch.working_directory) + ": " + why;
    case LaunchMessage::Stage::kGroup: return "change to the container's group: " + why;
    case LaunchMessage::Stage::kUser: return "change to user " + std::to_string(launch.user.value_or(0)) + ": " + why;
    case LaunchMessage::Stage::kExec: break;
  }
  return "exec: " + quoted(launch.arguments[0]) + ": " + why;
}

Result<pid_t> fork_launch(const Launch& launch) {
  const std::vector<char*> arguments = pointers(launch.arguments);
  const std::vector<char*> environment = pointers(launch.environment);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return fail_errno("fork", errno);
  if (child == 0) become(launch, parent, arguments.data(), environment.data());
  return child;
}

}  // namespace canaria::machine
