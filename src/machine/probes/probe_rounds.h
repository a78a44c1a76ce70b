// Asks one probe of one run of a container again and again until the run ends, and tells when its verdict changes.
//
// After the start, startup and readiness probes are asked at short intervals (100 ms, commands 500 ms) until the first
// success or until one period has passed: a pod should serve as soon as it can. Failures of that time count for nothing.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "async/event.h"
#include "machine/probes/prober.h"

namespace canaria::machine {

enum class ProbeKind { kStartup, kLiveness, kReadiness };
std::string to_string(ProbeKind kind);

// Shared by the probes of one run.
struct ProbeSession {
  async::Event ended;    // the run is over
  async::Event started;  // there is no startup probe, or it has passed: the others begin
};

enum class ProbeVerdict { kUnknown, kPassed, kFailed };

struct ProbeRound {
  ProbeRound() = default;
  ProbeKind kind = ProbeKind::kReadiness;
  api::Probe probe;
  ProbeTarget target;
  ProbeVerdict known = ProbeVerdict::kUnknown;  // of a run that was taken over
  std::function<void(ProbeVerdict)> on_verdict;           // its changes
  std::function<void(const std::string&)> on_failure;     // every failure that counts
};

// Ends with the run; a startup probe that has passed and a liveness or startup probe that has failed ends earlier.
Task<void> ask_repeatedly(Prober* prober, ProbeRound round, std::shared_ptr<ProbeSession> session);

}  // namespace canaria::machine
