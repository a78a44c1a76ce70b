#include "store/directory_lock.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace canaria::store {
namespace {

std::string owner_text(int file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  std::string owner(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  owner = owner.substr(0, owner.find('\n'));
  return owner.empty() ? "another process" : "process " + owner;
}

}  // namespace

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
  const std::string path = directory + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return fail(Code::kUnavailable,
                fmt::format("{} cannot be opened ({}): look at the permissions of the directory, or choose another one", path,
                            std::generic_category().message(errno)));
  DirectoryLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return fail(Code::kUnavailable, fmt::format("{} cannot be locked ({}): choose a directory on a local disk", path,
                                                  std::generic_category().message(errno)));
    return fail(Code::kUnavailable,
                fmt::format("the data directory {} is in use by {}: stop that process, or choose another directory", directory,
                            owner_text(file)));
  }
  const std::string owner = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, owner.data(), owner.size(), 0) != static_cast<ssize_t>(owner.size()))
    return fail(Code::kUnavailable,
                fmt::format("{} cannot be written ({}): free some disk space", path, std::generic_category().message(errno)));
  return lock;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}
DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace canaria::store
