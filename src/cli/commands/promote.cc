// `promote NAME`: goes on from a pause, skips a step, or promotes fully. Which patch that takes depends on the state of the
// Rollout; the decision is promotion_for, a pure function.
#include "cli/commands/promote.h"

#include <algorithm>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/requests.h"

namespace canaria::cli {
namespace {

bool is_inconclusive(const api::Rollout& rollout) {
  return rollout.canary() && rollout.status.controllerPause && !rollout.status.pauseConditions.empty() &&
         json::text_at(rollout.status.canary.currentStepAnalysisRunStatus, "status") == "Inconclusive";
}

json::Value next_step(const api::Rollout& rollout) {
  return json::Value(std::min(std::max(rollout.step_index(), 0) + 1, rollout.step_count()));
}

}  // namespace

Promotion promotion_for(const api::Rollout& rollout, PromoteMode mode) {
  json::Object status;
  switch (mode) {
    case PromoteMode::kSkipStep: status["currentStepIndex"] = next_step(rollout); break;
    case PromoteMode::kSkipAllSteps: status["currentStepIndex"] = rollout.step_count(); break;
    case PromoteMode::kFull:
      if (rollout.status.currentPodHash != rollout.status.stableRS) status["promoteFull"] = true;
      break;
    case PromoteMode::kNext:
      // Compat: a running canary without pause conditions skips its current step, also when it is paused by hand.
      if (is_inconclusive(rollout)) {
        status["pauseConditions"] = nullptr;
        status["controllerPause"] = false;
        status["currentStepIndex"] = next_step(rollout);
      } else if (!rollout.status.pauseConditions.empty()) {
        status["pauseConditions"] = nullptr;
      } else if (rollout.step_count() > 0) {
        status["pauseConditions"] = nullptr;
        status["currentStepIndex"] = next_step(rollout);
      }
      break;
  }
  Promotion promotion;
  const bool unpauses = rollout.spec.paused && (mode == PromoteMode::kNext || mode == PromoteMode::kFull);
  if (unpauses) promotion.spec = {{"spec", {{"paused", false}}}};
  if (status.empty()) return promotion;
  promotion.status = {{"status", status}};
  promotion.combined = promotion.status;
  if (mode == PromoteMode::kNext || mode == PromoteMode::kFull) promotion.combined.get_object()["spec"] = {{"paused", false}};
  return promotion;
}

namespace {

Result<PromoteMode> mode_of(const Arguments& arguments) {
  const bool skip_one = arguments.is_on("skip-current-step"), skip_all = arguments.is_on("skip-all-steps");
  if (skip_one && skip_all) return fail(Code::kInvalid, "Cannot use skip-current-step and skip-all-steps flags at the same time");
  if (skip_one) return PromoteMode::kSkipStep;
  if (skip_all) return PromoteMode::kSkipAllSteps;
  return arguments.is_on("full") ? PromoteMode::kFull : PromoteMode::kNext;
}

Task<Outcome> run(const Call* call) {
  CO_TRY(const PromoteMode mode, mode_of(call->arguments));
  CO_TRY(Connection connection, co_await connect(call));
  const std::string name = call->arguments.words.front();
  const api::Resource& rollouts = api::resources::rollouts();
  CO_TRY(const json::Value object, co_await get_object(connection, rollouts, name));
  const api::Rollout rollout = api::parse_rollout(object);
  if (mode == PromoteMode::kSkipStep || mode == PromoteMode::kSkipAllSteps) {
    if (rollout.spec.strategy.blueGreen)
      co_return fail(Code::kInvalid, "Cannot skip steps of a bluegreen rollout. Run without a flags");
    if (rollout.step_count() == 0) co_return fail(Code::kInvalid, "Cannot skip steps of a rollout without steps");
  }
  Promotion promotion = promotion_for(rollout, mode);
  if (!promotion.status.is_null()) {
    auto patched = co_await patch_object(connection, rollouts, name, PatchKind::kMerge, promotion.status, "status");
    if (!patched && patched.error().code == Code::kNotFound) {
      // A CRD without status subresource takes everything in one patch of the main resource.
      patched = co_await patch_object(connection, rollouts, name, PatchKind::kMerge, promotion.combined, "");
      promotion.spec = nullptr;
    }
    if (!patched) co_return fail(std::move(patched).error());
  }
  if (!promotion.spec.is_null()) {
    CO_CHECK(co_await patch_object(connection, rollouts, name, PatchKind::kMerge, promotion.spec, ""));
  }
  call->out() << "rollout '" << name << (mode == PromoteMode::kFull ? "' fully promoted\n" : "' promoted\n");
  co_return 0;
}

}  // namespace

Command promote_command() {
  Command command;
  command.name = "promote";
  command.operands = "ROLLOUT_NAME";
  command.summary = "Go on from a pause, or promote fully";
  command.example = "promote guestbook\n# skip all remaining steps, pauses and analysis\npromote guestbook --full";
  const std::string advice = "use promote without the flag to go on, or --full to skip everything";
  command.flags = {{"full", 0, FlagKind::kSwitch, "false", "skip analysis, pauses and steps", ""},
                   {"skip-current-step", 'c', FlagKind::kSwitch, "false", "skip the current step", advice},
                   {"skip-all-steps", 'a', FlagKind::kSwitch, "false", "skip all steps", advice}};
  command.words_min = command.words_max = 1;
  command.completes = Completes::kRolloutNames;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
