#include "machine/runtime/shim_nursery.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "machine/runtime/container_files.h"
#include "machine/runtime/container_shim.h"
#include "machine/runtime/descriptor_passing.h"

namespace canaria::machine {
namespace {

constexpr int kNurserySocket = 3;
// Room behind the directory in the arguments, where a shim shows its folder.
constexpr std::size_t kTitleRoom = 320;

// A copy with a number that none of the fixed ones can have, so that placing one does not overwrite another.
OwnedDescriptor moved_up(int number) { return OwnedDescriptor(::fcntl(number, F_DUPFD_CLOEXEC, 16)); }

struct SpawnSettings {
  explicit SpawnSettings(int socket) {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    // Not our terminal or pipes: whoever reads our output must see its end when we end.
    for (const int stream : {0, 1, 2}) posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, socket, kNurserySocket);
    sigset_t signals;
    ::sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    ::sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

// What ps shows for this process: the text over the place of the last argument.
void set_title(char* place, std::size_t room, const std::string& text) {
  std::memset(place, 0, room);
  std::memcpy(place, text.data(), std::min(room - 1, text.size()));
}

// In the forked child.
int become_shim(const std::string& folder, OwnedDescriptor report, OwnedDescriptor lock) {
  ::setsid();
  const OwnedDescriptor high_report = moved_up(report.get()), high_lock = moved_up(lock.get());
  ::dup2(high_report.get(), kShimReport);
  ::dup2(high_lock.get(), kShimLock);
  ::syscall(SYS_close_range, static_cast<unsigned>(kShimLock + 1), ~0U, 0U);
  report.release();  // closed by now
  lock.release();
  return run_shim(folder);
}

int serve(char* title, std::size_t title_room) {
  sigset_t taken;
  ::sigemptyset(&taken);
  ::sigaddset(&taken, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &taken, nullptr);
  const OwnedDescriptor ended(::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
  for (;;) {
    std::array<pollfd, 2> watched{pollfd{kNurserySocket, POLLIN, 0}, pollfd{ended.get(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;  // only EINTR is possible
    signalfd_siginfo ignored{};
    while (::read(ended.get(), &ignored, sizeof ignored) > 0) continue;
    while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
    if (watched[0].revents == 0) continue;
    PassedMessage order = receive_message(kNurserySocket);
    if (order.is_end) return 0;  // the program has ended
    if (order.descriptors.size() != 2) continue;
    const pid_t child = ::fork();
    if (child != 0) continue;  // when it fails, the report is closed without a word
    set_title(title, title_room, order.bytes);
    return become_shim(order.bytes, std::move(order.descriptors[0]), std::move(order.descriptors[1]));
  }
}

}  // namespace

int run_container_shim(int argc, char** argv) {
  if (argc != 3 || ::fcntl(kNurserySocket, F_GETFD) < 0) {
    static constexpr char kText[] = "container-shim: only started by canaria itself, to watch over containers\n";
    return ::write(2, kText, sizeof kText - 1) < 0 ? 2 : 1;
  }
  // What the program had open without care, listening sockets above all, must not outlive it here.
  ::syscall(SYS_close_range, static_cast<unsigned>(kNurserySocket + 1), ~0U, 0U);
  ::fcntl(kNurserySocket, F_SETFD, FD_CLOEXEC);
  ::prctl(PR_SET_NAME, "canaria-shims");
  for (const int number : {SIGPIPE, SIGHUP, SIGINT}) ::signal(number, SIG_IGN);
  const std::size_t room = std::strlen(argv[2]) + 1;
  std::string directory = argv[2];
  directory.erase(directory.find_last_not_of(' ') + 1);
  set_title(argv[2], room, directory);
  return serve(argv[2], room);
}

Status ShimNursery::start() {
  if (socket_) return {};
  SocketPair pair = make_socket_pair();
  if (!pair.own) return fail_errno("socketpair", errno);
  const OwnedDescriptor high = moved_up(pair.other.get());
  if (!high) return fail_errno("start the shim nursery", errno);
  const SpawnSettings settings(high.get());
  std::vector<std::string> arguments{"canaria"};
  arguments.insert(arguments.end(), arguments_.begin(), arguments_.end());
  arguments.push_back(directory_ + std::string(kTitleRoom, ' '));
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  char* no_environment[] = {nullptr};
  const int error = ::posix_spawn(&pid_, program_.c_str(), &settings.actions, &settings.attributes, words.data(), no_environment);
  if (error != 0) {
    pid_ = 0;
    return fail_errno("start the shim nursery " + program_, error);
  }
  socket_ = std::move(pair.own);
  return {};
}

Result<OwnedDescriptor> ShimNursery::make_shim(const std::string& folder, const OwnedDescriptor& lock) {
  SocketPair report = make_socket_pair();
  if (!report.own) return fail_errno("socketpair", errno);
  const std::array<int, 2> passed{report.other.get(), lock.get()};
  for (int attempt = 0;; ++attempt) {
    CHECK_OK(start());
    const int error = send_message(socket_.get(), folder, passed.data(), passed.size());
    if (error == 0) return std::move(report.own);
    end();  // it was killed: a new one
    if (attempt > 0) return fail_errno("ask for a shim", error);
  }
}

void ShimNursery::end() {
  socket_.reset();
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);  // its shims are not its group
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

}  // namespace canaria::machine
