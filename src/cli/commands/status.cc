// `status NAME`: phase and message, once or until the Rollout is Healthy or Degraded. Scripts wait with it.
//
// Compat: a paused Rollout never ends the watch, and without --watch only Degraded fails.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/live_objects.h"
#include "plan/rollout/phase.h"

namespace canaria::cli {
namespace {

Error missing_rollout(const std::string& name) {
  return Error{Code::kNotFound, "rollout.argoproj.io \"" + name + "\" not found", std::nullopt};
}

plan::Phase phase_of(const json::Value& object) { return plan::shown_phase(api::parse_rollout(object)); }

Task<Outcome> print_once(const Call* call, Connection connection, std::string name) {
  auto object = co_await get_object(connection, api::resources::rollouts(), name);
  if (!object) co_return fail(object.error().code == Code::kNotFound ? missing_rollout(name) : object.error());
  const plan::Phase phase = phase_of(*object);
  const bool alone = phase.phase == "Healthy" || phase.phase == "Degraded";
  call->out() << (alone ? phase.phase : phase.phase + " - " + phase.message) << "\n";
  co_return phase.phase == "Degraded" ? 1 : 0;
}

// Prints a line per change until the phase is final, time is up or the user stops it.
Task<Status> follow_phase(const Call* call, std::shared_ptr<LiveObjects> live, api::ObjectKey key) {
  Loop& loop = call->environment->loop;
  loop.hold_interrupts();
  auto followed = LiveObjects::follow(live, &loop);
  loop.spawn(std::move(followed));
  const Millis limit = call->arguments.duration("timeout");
  const Time begun = call->now();
  std::optional<plan::Phase> shown;
  while (!loop.is_interrupted() && (limit.count() <= 0 || call->now() - begun < limit)) {
    if (live->failure()) co_return fail(*live->failure());
    if (live->take_changed()) {
      const json::Value* object = live->find(key);
      if (!object) co_return fail(missing_rollout(key.name));
      const plan::Phase phase = phase_of(*object);
      if (phase != shown) {
        call->out() << phase.phase << (phase.message.empty() ? "" : " - " + phase.message) << "\n";
        call->out().flush();
      }
      shown = phase;
      if (phase.phase == "Healthy" || phase.phase == "Degraded") break;
    }
    co_await loop.sleep(Millis(100));
  }
  co_return Status();
}

Task<Outcome> run(const Call* call) {
  CO_TRY(Connection connection, co_await connect(call));
  const std::string name = call->arguments.words.front();
  if (!call->arguments.is_on("watch")) co_return co_await print_once(call, connection, name);
  ListQuery scope;
  scope.namespace_ = connection.namespace_;
  scope.field_selector = "metadata.name=" + name;
  auto live =
      std::make_shared<LiveObjects>(connection.client, api::resources::rollouts(), std::move(scope), MissingResource::kIsError);
  CO_CHECK(co_await live->load());
  api::ObjectKey key{connection.namespace_, name};
  CO_CHECK(co_await follow_phase(call, live, std::move(key)));
  auto object = co_await get_object(connection, api::resources::rollouts(), name);
  if (!object) co_return fail(object.error().code == Code::kNotFound ? missing_rollout(name) : object.error());
  const plan::Phase phase = phase_of(*object);
  if (phase.phase == "Degraded")
    co_return fail(Code::kInternal, "The rollout is in a degraded state with message: " + phase.message);
  if (phase.phase != "Healthy") co_return fail(Code::kTimeout, "Rollout status watch exceeded timeout");
  co_return 0;
}

}  // namespace

Command status_command() {
  Command command;
  command.name = "status";
  command.operands = "ROLLOUT_NAME";
  command.summary = "Print the status of a rollout, or wait until it has finished";
  command.example = "status guestbook\nstatus guestbook --timeout 60s\nstatus guestbook --watch=false";
  command.flags = {{"watch", 'w', FlagKind::kSwitch, "true", "wait until the rollout is Healthy or Degraded", ""},
                   {"timeout", 't', FlagKind::kDuration, "0", "give up after this long, such as 60s; 0 means never", ""}};
  command.words_min = command.words_max = 1;
  command.completes = Completes::kRolloutNames;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
