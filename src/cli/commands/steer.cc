// abort, retry rollout, pause and restart: one merge patch per Rollout.
#include <charconv>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/requests.h"
#include "lang/duration.h"

namespace canaria::cli {
namespace {

json::Value status_abort(bool abort) { return {{"status", {{"abort", abort}}}}; }

// The names one after the other; the first failure ends it, earlier ones stay changed.
Task<Outcome> set_abort(const Call* call, bool abort, const char* verb) {
  CO_TRY(Connection connection, co_await connect(call));
  for (const std::string& name : call->arguments.words) {
    CO_CHECK(co_await patch_rollout_status(connection, name, status_abort(abort), status_abort(abort)));
    call->out() << "rollout '" << name << "' " << verb << "\n";
    call->out().flush();
  }
  co_return 0;
}

Task<Outcome> run_abort(const Call* call) { return set_abort(call, true, "aborted"); }
Task<Outcome> run_retry(const Call* call) { return set_abort(call, false, "retried"); }

Task<Outcome> run_pause(const Call* call) {
  CO_TRY(Connection connection, co_await connect(call));
  for (const std::string& name : call->arguments.words) {
    json::Value body = {{"spec", {{"paused", true}}}};
    CO_CHECK(co_await patch_object(connection, api::resources::rollouts(), name, PatchKind::kMerge, std::move(body), ""));
    call->out() << "rollout '" << name << "' paused\n";
    call->out().flush();
  }
  co_return 0;
}

// A whole number of seconds or a duration.
Result<Millis> parse_delay(const std::string& text) {
  if (text.empty()) return Millis(0);
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::int64_t kCentury = std::int64_t{100} * 365 * 24 * 3600;
  if (error == std::errc() && end == text.data() + text.size() && seconds >= -kCentury && seconds <= kCentury)
    return Millis(seconds * 1000);
  const auto duration = lang::parse_duration(text);
  if (!duration)
    return fail(Code::kInvalid, "invalid --in \"" + text + "\": use a number of seconds or a duration such as 30s, 5m or 1h");
  return std::chrono::duration_cast<Millis>(*duration);
}

Task<Outcome> run_restart(const Call* call) {
  const std::string in = call->arguments.text("in");
  CO_TRY(const Millis delay, parse_delay(in));
  CO_TRY(Connection connection, co_await connect(call));
  const std::string name = call->arguments.words.front();
  json::Value body = {{"spec", {{"restartAt", format_time(call->now() + delay)}}}};
  CO_CHECK(co_await patch_object(connection, api::resources::rollouts(), name, PatchKind::kMerge, std::move(body), ""));
  call->out() << "rollout '" << name << "' restarts in " << (in.empty() ? "0s" : in) << "\n";
  co_return 0;
}

Command named_rollouts(std::string name, std::string summary, Task<Outcome> (*run)(const Call* call)) {
  Command command;
  command.example = name + " guestbook";
  command.name = std::move(name);
  command.operands = "ROLLOUT_NAME...";
  command.summary = std::move(summary);
  command.words_min = 1;
  command.words_max = kAnyNumber;
  command.completes = Completes::kRolloutNames;
  command.run = run;
  return command;
}

}  // namespace

Command abort_command() {
  return named_rollouts("abort", "Abort an update: all traffic and pods go back to the stable version", run_abort);
}

Command retry_rollout_command() {
  Command command = named_rollouts("rollout", "Start an aborted update again from its first step", run_retry);
  command.aliases = {"ro", "rollouts"};
  command.example = "retry rollout guestbook";
  return command;
}

Command pause_command() { return named_rollouts("pause", "Pause a rollout until it is promoted", run_pause); }

Command restart_command() {
  Command command = named_rollouts("restart", "Replace the pods of a rollout one after the other", run_restart);
  command.operands = "ROLLOUT_NAME";
  command.example = "restart guestbook\nrestart guestbook --in 10m";
  command.flags = {{"in", 'i', FlagKind::kText, "", "start after this long: seconds, or a duration such as 10m", ""}};
  command.words_max = 1;
  return command;
}

}  // namespace canaria::cli
