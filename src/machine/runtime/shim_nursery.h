// Where shims come from: one process of this program (`canaria container-shim <directory>`) that does nothing but fork a
// shim for each container it is told of.
//
// A program that is started anew for every shim would load and relocate all its libraries each time: 25 ms and 1.5 MiB of
// memory for each container. Forked shims share all that. The nursery ends with the program that started it; its shims go on.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "base/result.h"
#include "machine/runtime/descriptor.h"

namespace canaria::machine {

// The nursery's main function: arguments are the program, "container-shim" and the directory (to be seen in ps). It also
// returns in each shim, with the container's exit code.
int run_container_shim(int argc, char** argv);

// The runtime's end of it. Starts the nursery when there is none, also after it was killed.
class ShimNursery {
 public:
  // `arguments` come before the directory.
  ShimNursery(std::string program, std::vector<std::string> arguments, std::string directory)
      : program_(std::move(program)), arguments_(std::move(arguments)), directory_(std::move(directory)) {}
  ~ShimNursery() { end(); }
  ShimNursery(const ShimNursery&) = delete;
  ShimNursery& operator=(const ShimNursery&) = delete;

  // So that the first container does not wait for it. Harmless when it exists.
  Status start();
  // Asks for a shim for the folder; it inherits the lock. Returns the socket where the shim reports.
  Result<OwnedDescriptor> make_shim(const std::string& folder, const OwnedDescriptor& lock);

 private:
  void end();

  std::string program_;
  std::vector<std::string> arguments_;
  std::string directory_;
  OwnedDescriptor socket_;
  pid_t pid_ = 0;
};

}  // namespace canaria::machine
