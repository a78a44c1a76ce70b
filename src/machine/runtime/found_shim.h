// Finding the shim that watches over a container, by the lock it holds. See container_shim.h for what it does.
#pragma once

#include <string>
#include <sys/types.h>

#include "base/result.h"
#include "machine/runtime/descriptor.h"

namespace canaria::machine {

enum class ShimPresence {
  kAbsent,    // nobody holds the lock
  kStarting,  // somebody does, but cannot be named yet
  kPresent,
};
struct FoundShim {
  ShimPresence presence = ShimPresence::kAbsent;
  OwnedDescriptor process;  // a pidfd, when present
  OwnedDescriptor lock;     // when absent: the lock, now held by us
};
// Takes the lock of the folder if it is free.
Result<FoundShim> find_shim(const std::string& folder);

}  // namespace canaria::machine
