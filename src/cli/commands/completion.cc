// `completion SHELL`: prints the script that makes a shell complete this program's words.
#include "cli/completion.h"

#include <ostream>

#include "cli/commands/commands.h"

namespace canaria::cli {
namespace {

Task<Outcome> run(const Call* call) {
  call->out() << completion_script(call->arguments.words.front(), call->program);
  co_return 0;
}

}  // namespace

Command completion_command() {
  Command command;
  command.name = "completion";
  command.operands = "bash|zsh|fish|powershell";
  command.summary = "Print the completion script for a shell";
  command.example = "completion bash > /etc/bash_completion.d/canaria";
  command.words_max = kAnyNumber;
  command.completes = Completes::kWords;
  command.choices = {"bash", "zsh", "fish", "powershell"};
  command.run = run;
  return command;
}

}  // namespace canaria::cli
