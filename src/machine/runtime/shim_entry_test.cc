// Makes the test program its own shim nursery: `test_machine container-shim <directory>` is one, as canaria's own is.
//
// A function that runs before main() looks for that, because main() comes from GoogleTest.
#include <cstring>
#include <unistd.h>

#include "machine/runtime/shim_nursery.h"

namespace canaria::machine {
namespace {

// The C library calls it with the arguments of main().
__attribute__((constructor)) void become_shim_if_asked(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "container-shim") == 0) ::_exit(run_container_shim(argc, argv));
}

}  // namespace
}  // namespace canaria::machine
