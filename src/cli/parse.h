// From the words of the shell to a command and its checked flags. Flags may stand anywhere, in every spelling kubectl
// takes: --name value, --name=value, -n value, -nvalue, -n=value, and several switches in one (-Aw). "--" ends them.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace canaria::cli {

struct Parsed {
  std::vector<const Command*> path;  // from the root to the command that was named
  Arguments arguments;
  std::vector<std::string> warnings;  // about deprecated flags
  bool wants_help = false;
  const Command& command() const { return *path.back(); }
};

// Which command the words name, without looking at the values of flags. The words that are left go to `rest`.
std::vector<const Command*> find_command(const Command& root, const std::vector<std::string>& words,
                                         std::vector<std::string>& rest);

// Fails with the text kubectl plugins print: "unknown flag: --x", "flag needs an argument: 'n' in -n",
// `invalid argument "x" for "--to-revision" flag: ...`, `unknown command "x" for "<program>"`.
Result<Parsed> parse_command_line(const Command& root, const std::string& program, const std::vector<std::string>& words);

// The flag of a command or the global one with that name or letter; null when there is none.
const Flag* find_flag(const Command& command, std::string_view name);
const Flag* find_flag(const Command& command, char letter);

}  // namespace canaria::cli
