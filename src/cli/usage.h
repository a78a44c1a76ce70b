// Help and usage texts, made from the command table.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace canaria::cli {

// From "Usage:" to the end: what is printed on a wrong number of arguments.
std::string usage_text(const std::string& program, const std::vector<const Command*>& path);

// What the command is for, then its usage.
std::string help_text(const std::string& program, const std::vector<const Command*>& path);

// "get rollout": the words of a command behind the program's name.
std::string command_words(const std::vector<const Command*>& path);

}  // namespace canaria::cli
