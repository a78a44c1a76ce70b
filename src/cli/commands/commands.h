// The table of all commands; each file of this folder makes one entry.
#pragma once

#include "cli/command.h"

namespace canaria::cli {

// The whole table, for the program under the given name.
Command root_command(const std::string& program);

Command get_rollout_command();
Command list_rollouts_command();
Command status_command();
Command promote_command();
Command abort_command();
Command retry_rollout_command();
Command pause_command();
Command restart_command();
Command set_image_command();
Command undo_command();
Command lint_command();
Command plan_command();
Command explain_rollout_command();
Command version_command();
Command completion_command();

// A command of the reference that this version does not have: it says so and fails.
Command missing_command(std::string name, std::vector<std::string> aliases, std::string operands, std::string summary,
                        std::vector<Flag> flags, Task<Outcome> (*run)(const Call* call));
// The commands that are missing, by the group they belong to ("" for the root).
std::vector<Command> missing_commands(const std::string& group);

}  // namespace canaria::cli
