// Random releases on paper, with the controller killed after every single write: whatever happens, the release ends where it
// would have ended undisturbed, availability is kept, and a settled Rollout is left alone.
#include "plan/rollout/simulation.h"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <random>

#include "json/yaml.h"
#include "plan/rollout/canary_sizes.h"

namespace canaria::plan {
namespace {

bool always_ready(const api::ReplicaSet&) { return true; }

struct Script {
  std::string manifest;
  std::vector<std::string> commands;
};

std::string image_patch(int version) {
  return fmt::format("{{spec: {{template: {{spec: {{containers: [{{name: main, image: 'web:{}'}}]}}}}}}}}", version);
}

// A random canary and a random series of things that people and autoscalers do to it.
Script random_script(unsigned seed) {
  std::mt19937 random(seed);
  const auto pick = [&](int low, int high) { return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1)); };
  std::string steps;
  for (int i = pick(0, 4); i > 0; --i) {
    steps += fmt::format("{{setWeight: {}}}, ", pick(0, 100));
    if (pick(0, 1)) steps += pick(0, 1) ? "{pause: {}}, " : "{pause: {duration: 5}}, ";
  }
  const int surge = pick(0, 3);
  Script script;
  script.manifest = fmt::format(
      "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: web}}\nspec:\n  replicas: {}\n"
      "  selector: {{matchLabels: {{app: web}}}}\n  template: {{metadata: {{labels: {{app: web}}}}, spec: {{containers: "
      "[{{name: main, image: 'web:1'}}]}}}}\n  strategy: {{canary: {{maxSurge: {}, maxUnavailable: {}, {}steps: [{}]}}}}\n",
      pick(1, 9), surge, pick(surge == 0 ? 1 : 0, 2), pick(0, 3) == 0 ? "trafficRouting: {}, " : "", steps);
  int version = 1;
  for (int i = pick(2, 7); i > 0; --i) {
    switch (pick(0, 6)) {
      case 0: script.commands.push_back("status {abort: true}"); break;
      case 1: script.commands.push_back("status {abort: false}"); break;
      case 2: script.commands.push_back("status {promoteFull: true}"); break;
      case 3: script.commands.push_back(fmt::format("patch {{spec: {{replicas: {}}}}}", pick(1, 9))); break;
      case 4: script.commands.push_back("patch " + image_patch(pick(1, version))); break;
      case 5: script.commands.push_back("status {pauseConditions: null}"); break;
      default: script.commands.push_back("patch " + image_patch(++version)); break;
    }
  }
  return script;
}

// What must come out the same, crashed or not.
std::string outcome(const Simulation& simulation) {
  const api::RolloutStatus& status = simulation.world().rollout.status;
  std::string text = fmt::format("{} index {} stable {} current {}", status.phase, status.currentStepIndex.value_or(-1), status.stableRS,
                                 status.currentPodHash);
  for (const api::ReplicaSet& set : simulation.world().sets)
    if (set.replicas() > 0) text += fmt::format(" {}={}", set.metadata.name, set.replicas());
  return text;
}

// Once deployed, as many pods stay available as the strategy promises (without autoscaling in between).
void expect_availability(const Simulation& simulation, const std::string& context) {
  const api::Rollout& rollout = simulation.world().rollout;
  std::int32_t available = 0;
  for (const api::ReplicaSet& set : simulation.world().sets) available += std::min(set.status.availableReplicas, set.replicas());
  const std::int32_t floor = rollout.replicas() - surge_limits(rollout).unavailable;
  EXPECT_GE(available, floor) << context << "\n" << simulation.summary();
}

// Plays a script; the plan is lost after each write whose number is in the crash pattern.
std::string run(const Script& script, unsigned crash_every) {
  Simulation simulation(json::parse_yaml(script.manifest).value(), *parse_time("2026-08-01T12:00:00Z"));
  unsigned writes = 0;
  bool is_crashing = false;
  simulation.set_gate([&](const Action& action) {
    if (is_crashing) return is_crashing = false;
    if (!std::holds_alternative<EmitEvent>(action.effect) && crash_every > 0 && ++writes % crash_every == 0) is_crashing = true;
    return true;
  });
  simulation.settle(always_ready);
  for (const std::string& command : script.commands) {
    const auto space = command.find(' ');
    const json::Value change = json::parse_yaml(command.substr(space + 1)).value();
    if (command.starts_with("status")) simulation.patch_status(change);
    else simulation.patch(change);
    simulation.advance(Seconds(40), always_ready);
    expect_availability(simulation, command);
    simulation.take_log();
    EXPECT_EQ(simulation.reconcile(), 0) << "a settled Rollout is written to: " << command;
  }
  return outcome(simulation);
}

TEST(Simulation, EndsInTheSameStateWhereverTheControllerIsKilled) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    const Script script = random_script(seed);
    SCOPED_TRACE(fmt::format("seed {}\n{}", seed, script.manifest));

    const std::string undisturbed = run(script, 0);
    for (const unsigned crash_every : {1U, 2U, 3U, 5U}) ASSERT_EQ(run(script, crash_every), undisturbed) << "killed every " << crash_every;
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace canaria::plan
