// `canaria controller`: the controller process from its flags to its exit code.
#pragma once

#include <string>
#include <vector>

namespace canaria::app {

// Runs until a signal or until the lease is lost. 0: ended as asked or lease lost; 1: could not start. A second signal ends
// the process at once with 1.
int run_controller(const std::string& program, const std::vector<std::string>& words);

}  // namespace canaria::app
