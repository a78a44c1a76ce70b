// `version`: facts of this build, without asking the cluster.
#include <ostream>

#include "cli/commands/commands.h"

namespace canaria::cli {
namespace {

Task<Outcome> run(const Call* call) {
  const BuildFacts& build = call->environment->build;
  call->out() << call->program << ": " << build.version << "\n";
  if (!call->arguments.is_on("short"))
    call->out() << "  BuildDate: " << build.build_date << "\n  GitCommit: " << build.git_commit
                << "\n  GitTreeState: " << build.git_tree_state << "\n  GoVersion: " << build.go_version
                << "\n  Compiler: " << build.compiler << "\n  Platform: " << build.platform << "\n";
  co_return 0;
}

}  // namespace

Command version_command() {
  Command command;
  command.name = "version";
  command.summary = "Print the version";
  command.flags = {{"short", 0, FlagKind::kSwitch, "false", "print the version number only", ""}};
  command.words_max = kAnyNumber;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
