#include "machine/runtime/mount_view.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <numeric>
#include <sched.h>
#include <set>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine/runtime/container_files.h"

namespace canaria::machine {
namespace {

int write_text(const char* path, const std::string& text) {
  const OwnedDescriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  if (!file) return errno;
  return ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : errno;
}

int enter_own_namespace() {
  const std::string user = std::to_string(::geteuid()), group = std::to_string(::getegid());
  if (::unshare(CLONE_NEWNS) != 0) {
    if (errno != EPERM) return errno;
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return errno;
    write_text("/proc/self/setgroups", "deny");
    if (const int error = write_text("/proc/self/uid_map", user + " " + user + " 1")) return error;
    if (const int error = write_text("/proc/self/gid_map", group + " " + group + " 1")) return error;
  }
  return ::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0 ? 0 : errno;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::string joined(const std::string& folder, const std::string& name) { return (folder == "/" ? "" : folder) + "/" + name; }

bool is_below(const std::string& path, const std::string& folder) {
  return path == folder || path.starts_with(folder == "/" ? "/" : folder + "/");
}

bool exists(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0;
}

class Builder {
 public:
  Builder(const std::vector<ContainerMount>& mounts, std::string scratch) : mounts_(mounts), scratch_(std::move(scratch)) {}

  MountFailure build() {
    if (const int error = enter_own_namespace()) return {-1, error};
    std::vector<std::size_t> order(mounts_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // A mount within another one comes after it.
    std::stable_sort(order.begin(), order.end(),
                     [this](std::size_t a, std::size_t b) { return mounts_[a].target.size() < mounts_[b].target.size(); });
    // Before anything is covered by anything.
    std::vector<OwnedDescriptor> sources(mounts_.size());
    for (const std::size_t i : order)
      if (const int error = clone(mounts_[i], sources[i])) return {static_cast<int>(i), error};
    for (const std::size_t i : order)
      if (const int error = attach(mounts_[i], sources[i])) return {static_cast<int>(i), error};
    return {};
  }

 private:
  static int clone(const ContainerMount& mount, OwnedDescriptor& source) {
    source.reset(::open_tree(AT_FDCWD, mount.source.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE));
    if (!source) return errno;
    if (!mount.is_read_only) return 0;
    struct mount_attr wanted {};
    wanted.attr_set = MOUNT_ATTR_RDONLY;
    return ::mount_setattr(source.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, &wanted, sizeof wanted) == 0 ? 0 : errno;
  }

  int attach(const ContainerMount& mount, const OwnedDescriptor& source) {
    struct stat facts {};
    if (::fstat(source.get(), &facts) != 0) return errno;
    if (const int error = make_place(mount.target, S_ISDIR(facts.st_mode))) return error;
    if (::move_mount(source.get(), "", AT_FDCWD, mount.target.c_str(), MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS) != 0)
      return errno;
    volumes_.push_back(mount.target);
    return 0;
  }

  int make_place(const std::string& target, bool is_folder) {
    if (exists(target)) return 0;
    std::vector<std::string> missing{target};
    std::string folder = parent_of(target);
    for (; !exists(folder); folder = parent_of(folder)) missing.push_back(folder);
    const bool is_in_volume =
        std::any_of(volumes_.begin(), volumes_.end(), [&](const std::string& volume) { return is_below(folder, volume); });
    if (!own_.contains(folder) && !is_in_volume)
      if (const int error = copy_folder(folder)) return error;
    for (; !missing.empty(); missing.pop_back()) {
      const std::string& path = missing.back();
      if (missing.size() == 1 && !is_folder) {
        const OwnedDescriptor made(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
        return made ? 0 : errno;
      }
      if (::mkdir(path.c_str(), 0755) != 0) return errno;
      if (!is_in_volume) own_.insert(path);
    }
    return 0;
  }

  // Puts a copy in memory over the folder.
  int copy_folder(const std::string& folder) {
    if (::mount("tmpfs", scratch_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") != 0) return errno;
    if (const int error = bind_entries(folder)) return error;
    if (folder == "/") {
      if (::chdir(scratch_.c_str()) != 0) return errno;
      if (::syscall(SYS_pivot_root, ".", ".") != 0) return errno;
      if (::umount2(".", MNT_DETACH) != 0 || ::chdir("/") != 0) return errno;
    } else if (::mount(scratch_.c_str(), folder.c_str(), nullptr, MS_MOVE, nullptr) != 0) {
      return errno;
    }
    // A copy of a folder that holds the scratch folder holds what was mounted there, too.
    ::umount2(scratch_.c_str(), MNT_DETACH);
    own_.insert(folder);
    return 0;
  }

  int bind_entries(const std::string& folder) {
    struct stat facts {};
    if (::stat(folder.c_str(), &facts) != 0) return errno;
    DIR* entries = ::opendir(folder.c_str());
    if (entries == nullptr) return errno;
    while (const dirent* entry = ::readdir(entries)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") bind_entry(joined(folder, name), joined(scratch_, name));
    }
    ::closedir(entries);
    ::chmod(scratch_.c_str(), facts.st_mode & 07777U);
    static_cast<void>(::chown(scratch_.c_str(), facts.st_uid, facts.st_gid) == 0);
    return 0;
  }

  // One entry that cannot be bound (somebody removes it just now) is missing from the copy, no more.
  static void bind_entry(const std::string& from, const std::string& to) {
    struct stat facts {};
    if (::lstat(from.c_str(), &facts) != 0) return;
    if (S_ISLNK(facts.st_mode)) {
      char text[4096];
      const ssize_t size = ::readlink(from.c_str(), text, sizeof text - 1);
      if (size < 0) return;
      text[size] = '\0';
      static_cast<void>(::symlink(text, to.c_str()) == 0);
      return;
    }
    if (S_ISDIR(facts.st_mode)) {
      if (::mkdir(to.c_str(), 0755) != 0) return;
    } else {
      const OwnedDescriptor made(::open(to.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
      if (!made) return;
    }
    static_cast<void>(::mount(from.c_str(), to.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0);
  }

  const std::vector<ContainerMount>& mounts_;
  std::string scratch_;
  std::vector<std::string> volumes_;  // targets that are mounted
  std::set<std::string> own_;         // folders in memory, where a mount point can be made
};

OwnedDescriptor open_namespace(pid_t process, const char* kind) {
  const std::string own = std::string("/proc/self/ns/") + kind, other = "/proc/" + std::to_string(process) + "/ns/" + kind;
  struct stat mine {
  }, theirs{};
  if (::stat(own.c_str(), &mine) != 0 || ::stat(other.c_str(), &theirs) != 0 || mine.st_ino == theirs.st_ino)
    return OwnedDescriptor();
  return OwnedDescriptor(::open(other.c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

MountFailure make_mount_view(const std::vector<ContainerMount>& mounts, const std::string& scratch) {
  return Builder(mounts, scratch).build();
}

std::string describe_mount_failure(const std::vector<ContainerMount>& mounts, const MountFailure& failure) {
  const std::string why = errno_text(failure.error);
  if (failure.mount < 0)
    return "volumes cannot be mounted at " + mounts.front().target + ": this system does not let user " +
           std::to_string(::geteuid()) + " make a mount namespace (" + why +
           "); run canaria as root, allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone, "
           "user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns), or pass configuration by env or envFrom";
  return "mount a volume at " + mounts[static_cast<std::size_t>(failure.mount)].target + ": " + why;
}

MountView open_mount_view(pid_t process) { return MountView{open_namespace(process, "user"), open_namespace(process, "mnt")}; }

int enter_mount_view(int user, int mounts) {
  if (user >= 0 && ::setns(user, CLONE_NEWUSER) != 0) return errno;
  if (mounts >= 0 && ::setns(mounts, CLONE_NEWNS) != 0) return errno;
  return 0;
}

std::string path_on_machine(const std::vector<ContainerMount>& mounts, const std::string& path) {
  const ContainerMount* best = nullptr;
  for (const ContainerMount& mount : mounts)
    if (is_below(path, mount.target) && (best == nullptr || mount.target.size() >= best->target.size())) best = &mount;
  return best == nullptr ? path : best->source + path.substr(best->target.size());
}

}  // namespace canaria::machine
