#include "machine/probes/probe_rounds.h"

namespace canaria::machine {
namespace {

constexpr Millis kQuickInterval{100};
constexpr Millis kQuickCommandInterval{500};

// How many answers of one kind in a row, and what that means.
class Tally {
 public:
  explicit Tally(const ProbeRound& round) : round_(round), verdict_(round.known) {}

  // Returns the verdict when it has changed.
  std::optional<ProbeVerdict> count(ProbeVerdict answer) {
    in_a_row_ = answer == last_ ? in_a_row_ + 1 : 1;
    last_ = answer;
    const int needed = answer == ProbeVerdict::kPassed ? round_.probe.successThreshold : round_.probe.failureThreshold;
    if (in_a_row_ < needed || answer == verdict_) return std::nullopt;
    verdict_ = answer;
    return answer;
  }
  ProbeVerdict verdict() const { return verdict_; }

 private:
  const ProbeRound& round_;
  ProbeVerdict verdict_;
  ProbeVerdict last_ = ProbeVerdict::kUnknown;
  int in_a_row_ = 0;
};

bool is_final(ProbeKind kind, ProbeVerdict verdict) {
  if (kind == ProbeKind::kReadiness) return false;
  return verdict == ProbeVerdict::kFailed || kind == ProbeKind::kStartup;
}

}  // namespace

std::string to_string(ProbeKind kind) {
  switch (kind) {
    case ProbeKind::kStartup: return "Startup";
    case ProbeKind::kLiveness: return "Liveness";
    case ProbeKind::kReadiness: return "Readiness";
  }
  return "";
}

Task<void> ask_repeatedly(Prober* prober, ProbeRound round, std::shared_ptr<ProbeSession> session) {
  if (round.kind != ProbeKind::kStartup) co_await session->started.wait();
  if (round.probe.initialDelaySeconds > 0) co_await session->ended.wait_for(Seconds(round.probe.initialDelaySeconds));
  const Millis period = Seconds(std::max(1, round.probe.periodSeconds));
  const Millis quick = round.probe.exec ? kQuickCommandInterval : kQuickInterval;
  const auto quick_until = std::chrono::steady_clock::now() + period;
  bool is_quick = round.kind != ProbeKind::kLiveness && round.known == ProbeVerdict::kUnknown;
  Tally tally(round);
  while (!session->ended.is_set()) {
    const Status answer = co_await prober->ask(round.probe, round.target);
    if (session->ended.is_set()) co_return;
    is_quick = is_quick && !answer && std::chrono::steady_clock::now() < quick_until;
    if (!is_quick) {
      if (!answer && round.on_failure) round.on_failure(answer.error().message);
      const auto verdict = tally.count(answer ? ProbeVerdict::kPassed : ProbeVerdict::kFailed);
      if (verdict) round.on_verdict(*verdict);
      if (verdict && is_final(round.kind, *verdict)) co_return;
    }
    co_await session->ended.wait_for(is_quick ? quick : period);
  }
}

}  // namespace canaria::machine
