// `explain rollout NAME`: why it is not moving, since when, and what unblocks it. The answer is plan/rollout/explain's.
#include "plan/rollout/explain.h"

#include <algorithm>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/release_facts.h"
#include "cli/view/paint.h"
#include "cli/view/rollout_rows.h"
#include "lang/duration.h"

namespace canaria::cli {
namespace {

std::string labeled(std::string label, const std::string& text) {
  label.resize(std::max<std::size_t>(label.size(), 10), ' ');
  return label + text + "\n";
}

void print(const Call* call, const plan::ExplainFacts& facts, const plan::Explanation& answer) {
  const plan::Phase phase = plan::shown_phase(facts.rollout);
  std::string state = rollout_icon(phase.phase) + " " + phase.phase;
  if (const std::string step = step_text(facts.rollout); !step.empty())
    state += ", step " + step + ", weight " + std::to_string(set_weight(facts.rollout));
  call->out() << labeled("Rollout:", facts.rollout.metadata.key().text()) << labeled("Status:", state)
              << labeled("Reason:", answer.reason);
  if (answer.since) {
    const Seconds age = std::chrono::duration_cast<Seconds>(facts.now - *answer.since);
    call->out() << labeled("Since:", format_time(*answer.since) + " (" + lang::human_duration(age) + ")");
  }
  if (!answer.unblock.empty()) call->out() << labeled("Unblock:", answer.unblock);
}

Task<Outcome> run(const Call* call) {
  CO_TRY(Connection connection, co_await connect(call));
  const std::string name = call->arguments.words.front();
  CO_TRY(const json::Value object, co_await get_object(connection, api::resources::rollouts(), name));
  plan::ExplainFacts facts;
  facts.now = call->now();
  facts.rollout = api::parse_rollout(object);
  facts.program = call->program == "kubectl-argo-rollouts" ? "kubectl argo rollouts" : call->program;
  CO_TRY(facts.sets, co_await read_sets(connection, facts.rollout.metadata.uid));
  std::erase_if(facts.sets, [&](const api::ReplicaSet& set) { return set.metadata.controller() == nullptr; });

  ListQuery query;
  query.namespace_ = connection.namespace_;
  query.label_selector = api::kHashLabel;
  CO_TRY(const ObjectList pods,
         co_await list_all(connection.client, api::resources::pods(), std::move(query), MissingResource::kIsError));
  for (const json::Value& pod : pods.items) {
    const api::ObjectMeta metadata = metadata_of(pod);
    const bool ours =
        std::ranges::any_of(facts.sets, [&](const api::ReplicaSet& set) { return is_owned_by(metadata, set.metadata.uid); });
    if (!ours) continue;
    if (auto trouble = plan::pod_trouble(pod)) facts.troubles.push_back(*std::move(trouble));
  }
  print(call, facts, plan::explain(facts));
  co_return 0;
}

}  // namespace

Command explain_rollout_command() {
  Command command;
  command.name = "rollout";
  command.aliases = {"ro", "rollouts"};
  command.operands = "ROLLOUT_NAME";
  command.summary = "Say why a rollout is not moving, since when, and what unblocks it";
  command.example = "explain rollout guestbook";
  command.words_min = command.words_max = 1;
  command.completes = Completes::kRolloutNames;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
