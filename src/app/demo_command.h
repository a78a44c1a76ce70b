// `canaria demo`: a release from start to end on this machine, with real processes, real traffic and visitors who are counted.
#pragma once

#include <string>
#include <vector>

namespace canaria::app {

// Returns the exit code. Leaves nothing behind.
int run_demo(const std::vector<std::string>& words);

}  // namespace canaria::app
