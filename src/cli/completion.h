// Answers the shell: what could the last word of this command line become? The hidden commands __complete and
// __completeNoDesc print one candidate per line (a TAB and a description may follow) and then ":<n>", a bit mask.
//
// Compat: kubectl 1.26 and later, and every generated script, depend on this protocol.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace canaria::cli {

enum class Descriptions { kShown, kHidden };

namespace directive {
inline constexpr int kDefault = 0;      // the shell may complete files
inline constexpr int kError = 1;
inline constexpr int kNoSpace = 2;
inline constexpr int kNoFiles = 4;
}  // namespace directive

// `words` are those behind __complete; the last is the one to complete and may be empty. Returns the exit code.
int complete(const Command& root, const std::string& program, const std::vector<std::string>& words, Descriptions style,
             CliEnvironment& environment);

// The script that connects a shell with __complete. `shell` is bash, zsh, fish or powershell.
std::string completion_script(const std::string& shell, const std::string& program);

}  // namespace canaria::cli
