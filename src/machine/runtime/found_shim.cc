#include "machine/runtime/found_shim.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>

#include "machine/runtime/container_files.h"
#include "machine/runtime/process_table.h"

namespace canaria::machine {
namespace {

pid_t lock_holder(const OwnedDescriptor& file) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  return ::fcntl(file.get(), F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK ? whole.l_pid : 0;
}

}  // namespace

Result<FoundShim> find_shim(const std::string& folder) {
  const std::string path = folder + "/" + kLockFile;
  OwnedDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) return fail_errno("open " + path, errno);
  FoundShim found;
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
    found.lock = std::move(file);
    return found;
  }
  if (errno != EWOULDBLOCK) return fail_errno("lock " + path, errno);
  found.presence = ShimPresence::kStarting;
  const pid_t pid = lock_holder(file);
  if (pid <= 0) return found;
  OwnedDescriptor pidfd(open_pidfd(pid));
  // Asked again with the pidfd in hand: if it still holds the lock, the pidfd is of the right process.
  if (!pidfd || lock_holder(file) != pid) return found;
  found.presence = ShimPresence::kPresent;
  found.process = std::move(pidfd);
  return found;
}

}  // namespace canaria::machine
