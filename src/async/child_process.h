// Runs a program to its end and returns what it wrote to its standard output, without blocking the loop.
//
// Standard input is empty and standard error is ours. A child that is cancelled or takes too long is killed and reaped.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "async/task.h"
#include "base/result.h"

namespace canaria::async {

struct ChildCommand {
  ChildCommand() = default;  // not an aggregate: g++ 12 mishandles those in co_await expressions
  std::vector<std::string> arguments;                            // the first is the program, found in PATH
  std::vector<std::pair<std::string, std::string>> environment;  // added to our own
  std::chrono::milliseconds limit{60'000};
  std::size_t output_limit = 1 << 20;
};

struct ChildOutput {
  int exit_code = 0;  // 128 + n when signal n ended it
  std::string text;
};

// Fails when the program cannot be started, writes too much or does not end in time.
Task<Result<ChildOutput>> run_child(ChildCommand command);

}  // namespace canaria::async
