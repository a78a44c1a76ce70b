// `canaria up` and `canaria down`.
#pragma once

#include <string>
#include <vector>

namespace canaria::app {

// Runs until a signal, or with --detach returns when the machine is ready. The exit code: 0 ended as asked, 1 otherwise.
int run_up(const std::vector<std::string>& words);

// Ends the machine that runs in a folder and waits for its end.
int run_down(const std::vector<std::string>& words);

}  // namespace canaria::app
