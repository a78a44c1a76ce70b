// One process per data directory: an advisory lock on a file in it, which the system releases when the process ends, however
// it ends. The file holds the process id of the owner, for the message to whoever comes second.
#pragma once

#include <string>

#include "base/result.h"

namespace canaria::store {

class DirectoryLock {
 public:
  // Fails with kUnavailable when another process holds the lock, or the file cannot be made. Child processes do not
  // inherit the lock through exec.
  static Result<DirectoryLock> take(const std::string& directory);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace canaria::store
