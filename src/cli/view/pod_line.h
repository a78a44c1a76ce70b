// The one word kubectl shows for a Pod (Running, CrashLoopBackOff, Init:1/2 ...), with its ready and restart counts.
#pragma once

#include <string>

#include "json/value.h"

namespace canaria::cli {

struct PodLine {
  std::string status;
  int ready = 0;
  int containers = 0;
  std::int64_t restarts = 0;
};

PodLine pod_line(const json::Value& pod);

}  // namespace canaria::cli
