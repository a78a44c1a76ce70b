// The flags of `canaria up`, `canaria down` and `canaria demo`.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace canaria::app {

// The parts of a machine that --controllers switches.
enum class Part {
  kRollouts,   // the Rollout controller
  kWorkloads,  // ReplicaSets, Deployments, Jobs, Services' addresses and endpoints, the scheduler
  kNode,       // runs pods on this machine
  kTraffic,    // HAProxy
};

enum class RuntimeKind { kProcess, kPodman };

struct UpFlags {
  std::vector<std::string> files;
  std::string folder;              // --data, or the default folder
  bool keeps_state = false;        // --data was given
  bool is_detached = false;
  bool is_quiet = false;
  RuntimeKind runtime = RuntimeKind::kProcess;
  std::set<Part> parts;
  std::uint16_t port = 0;          // 0: as before, or any free one
  std::string audit_log;
  std::string certificate_file;    // of the API; both or neither
  std::string key_file;
  std::string token_file;          // further users, as kube-apiserver's --token-auth-file
  std::string log_level = "warn";
};

// What the words ask for: to run, or just to print a text.
struct UpRequest {
  UpFlags flags;
  std::optional<std::string> text;
};
Result<UpRequest> parse_up_flags(const std::vector<std::string>& words);

struct DownRequest {
  std::string folder;
  bool keeps_state = true;
  std::optional<std::string> text;
};
Result<DownRequest> parse_down_flags(const std::vector<std::string>& words);

struct DemoFlags {
  bool is_bad = false;             // the new version is a bad one
  double seconds = 0;              // how long each stage is watched; 0: the default
};
struct DemoRequest {
  DemoFlags flags;
  std::optional<std::string> text;
};
Result<DemoRequest> parse_demo_flags(const std::vector<std::string>& words);

}  // namespace canaria::app
