// The root of the command table: which groups there are and what is in each. Commands that are missing in this version are
// added to their groups, so that they answer clearly.
#include <algorithm>

#include "cli/commands/commands.h"

namespace canaria::cli {
namespace {

Command group(std::string name, std::string summary, std::vector<Command> children) {
  Command command;
  command.name = std::move(name);
  command.summary = std::move(summary);
  command.children = std::move(children);
  for (Command& missing : missing_commands(command.name)) command.children.push_back(std::move(missing));
  return command;
}

// These are started before flags are read; they stand here for help and completion.
Command word_only(std::string name, std::string summary, bool hidden) {
  Command command;
  command.name = std::move(name);
  command.summary = std::move(summary);
  command.hidden = hidden;
  return command;
}

}  // namespace

Command root_command(const std::string& program) {
  const bool is_plugin = program == "kubectl-argo-rollouts";
  Command root;
  root.name = program;
  root.summary = "Canaria releases new versions gradually: watch and steer Rollouts.";
  root.children = {
      group("get", "Show one rollout or experiment as a tree", {get_rollout_command()}),
      group("list", "List rollouts or experiments", {list_rollouts_command()}),
      status_command(),
      promote_command(),
      abort_command(),
      group("retry", "Try an aborted rollout or a finished experiment again", {retry_rollout_command()}),
      pause_command(),
      restart_command(),
      group("set", "Change a rollout's resources", {set_image_command()}),
      undo_command(),
      lint_command(),
      plan_command(),
      group("explain", "Say why something is not moving", {explain_rollout_command()}),
      version_command(),
      completion_command(),
      word_only("controller", "Run the controller on a cluster", is_plugin),
      word_only("up", "Run everything on this machine, without a cluster", is_plugin),
      word_only("down", "Stop what `up --detach` has started", is_plugin),
      word_only("demo", "Release a small application on this machine and watch it", is_plugin),
      word_only("help", "Help about any command", false),
  };
  root.children.push_back(group("terminate", "Stop analysis runs or experiments (not available yet)", {}));
  for (Command& missing : missing_commands("")) root.children.push_back(std::move(missing));
  std::ranges::sort(root.children, {}, &Command::name);
  return root;
}

}  // namespace canaria::cli
