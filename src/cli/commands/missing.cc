// Commands of the reference that this version does not have yet. They exist so that scripts and people get a clear answer
// instead of "unknown command".
#include "cli/commands/commands.h"

namespace canaria::cli {
namespace {

Outcome not_available(std::string words) {
  return fail(Code::kInvalid, "\"" + words + "\" is not available in this version of Canaria");
}

Task<Outcome> run_get_experiment(const Call*) { co_return not_available("get experiment"); }
Task<Outcome> run_list_experiments(const Call*) { co_return not_available("list experiments"); }
Task<Outcome> run_retry_experiment(const Call*) { co_return not_available("retry experiment"); }
Task<Outcome> run_terminate_analysisrun(const Call*) { co_return not_available("terminate analysisrun"); }
Task<Outcome> run_terminate_experiment(const Call*) { co_return not_available("terminate experiment"); }
Task<Outcome> run_create(const Call*) { co_return not_available("create"); }
Task<Outcome> run_create_analysisrun(const Call*) { co_return not_available("create analysisrun"); }
Task<Outcome> run_dashboard(const Call*) { co_return not_available("dashboard"); }
Task<Outcome> run_notifications(const Call*) { co_return not_available("notifications"); }

const Flag kWatch{"watch", 'w', FlagKind::kSwitch, "false", "go on watching", ""};
const Flag kNoColor{"no-color", 0, FlagKind::kSwitch, "false", "print without colors", ""};
const Flag kAllNamespaces{"all-namespaces", 'A', FlagKind::kSwitch, "false", "in every namespace", ""};
const Flag kFilename{"filename", 'f', FlagKind::kList, "", "file to read", ""};

}  // namespace

Command missing_command(std::string name, std::vector<std::string> aliases, std::string operands, std::string summary,
                        std::vector<Flag> flags, Task<Outcome> (*run)(const Call* call)) {
  Command command;
  command.name = std::move(name);
  command.aliases = std::move(aliases);
  command.operands = std::move(operands);
  command.summary = std::move(summary) + " (not available yet)";
  command.flags = std::move(flags);
  command.words_max = kAnyNumber;
  command.run = run;
  return command;
}

std::vector<Command> missing_commands(const std::string& group) {
  const std::vector<std::string> exp = {"exp", "experiments"};
  if (group == "get")
    return {missing_command("experiment", exp, "NAME", "Show an experiment", {kWatch, kNoColor}, run_get_experiment)};
  if (group == "list")
    return {
        missing_command("experiments", {"exp", "experiment"}, "", "List experiments", {kAllNamespaces}, run_list_experiments)};
  if (group == "retry") return {missing_command("experiment", exp, "NAME...", "Retry an experiment", {}, run_retry_experiment)};
  if (group == "terminate")
    return {
        missing_command("analysisrun", {"ar", "analysisruns"}, "NAME...", "Stop an analysis run", {}, run_terminate_analysisrun),
        missing_command("experiment", exp, "NAME...", "Stop an experiment", {}, run_terminate_experiment)};
  if (!group.empty()) return {};
  Command create =
      missing_command("create", {}, "-f FILE", "Create objects from files", {kFilename, kWatch, kNoColor}, run_create);
  create.children = {missing_command("analysisrun", {"ar"}, "", "Create an analysis run", {}, run_create_analysisrun)};
  return {std::move(create),
          missing_command("dashboard", {}, "", "Serve the dashboard",
                          {{"root-path", 0, FlagKind::kText, "rollouts", "path below which it is served", ""},
                           {"port", 'p', FlagKind::kInteger, "3100", "port to listen on", ""}},
                          run_dashboard),
          missing_command("notifications", {}, "", "Try notification settings", {}, run_notifications)};
}

}  // namespace canaria::cli
