#include "cli/usage.h"

#include <algorithm>
#include <sstream>

namespace canaria::cli {
namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string value_word(FlagKind kind) {
  switch (kind) {
    case FlagKind::kSwitch: return "";
    case FlagKind::kText: return " string";
    case FlagKind::kInteger: return " int";
    case FlagKind::kDuration: return " duration";
    case FlagKind::kList: return " stringArray";
  }
  return "";
}

std::string flag_lines(std::vector<Flag> flags) {
  std::ranges::sort(flags, {}, &Flag::name);
  std::vector<std::pair<std::string, std::string>> lines;
  std::size_t width = 0;
  for (const Flag& flag : flags) {
    if (!flag.deprecated.empty()) continue;
    std::string left = flag.letter ? std::string("  -") + flag.letter + ", --" : std::string("      --");
    left += flag.name + value_word(flag.kind);
    std::string meaning = flag.meaning;
    const std::string& value = flag.default_value;
    if (!value.empty() && value != "false" && value != "0")
      meaning += flag.kind == FlagKind::kText ? " (default \"" + value + "\")" : " (default " + value + ")";
    width = std::max(width, left.size());
    lines.emplace_back(left, meaning);
  }
  std::string text;
  for (const auto& [left, meaning] : lines) text += padded(left, width) + "   " + meaning + "\n";
  return text;
}

}  // namespace

std::string command_words(const std::vector<const Command*>& path) {
  std::string words;
  for (std::size_t i = 1; i < path.size(); ++i) words += (words.empty() ? "" : " ") + path[i]->name;
  return words;
}

std::string usage_text(const std::string& program, const std::vector<const Command*>& path) {
  const Command& command = *path.back();
  const std::string words = command_words(path);
  const std::string full = words.empty() ? program : program + " " + words;
  std::string text = "Usage:\n";
  if (command.run) text += "  " + full + (command.operands.empty() ? "" : " " + command.operands) + " [flags]\n";
  else text += "  " + full + " [command]\n";
  if (!command.aliases.empty()) {
    text += "\nAliases:\n  " + command.name;
    for (const std::string& alias : command.aliases) text += ", " + alias;
    text += "\n";
  }
  if (!command.example.empty()) {
    text += "\nExamples:\n";
    std::istringstream lines(command.example);
    for (std::string line; std::getline(lines, line);)
      text += line.starts_with('#') ? "  " + line + "\n" : "  " + program + " " + line + "\n";
  }
  if (!command.children.empty()) {
    text += "\nAvailable Commands:\n";
    std::vector<std::pair<std::string, std::string>> entries;
    for (const Command& child : command.children)
      if (!child.hidden) entries.emplace_back(child.name, child.summary);
    std::ranges::sort(entries);
    std::size_t width = 0;
    for (const auto& entry : entries) width = std::max(width, entry.first.size());
    for (const auto& [name, summary] : entries) text += "  " + padded(name, width) + " " + summary + "\n";
  }
  std::vector<Flag> own = command.flags;
  own.push_back({"help", 'h', FlagKind::kSwitch, "false", "help for " + (words.empty() ? program : command.name), ""});
  if (path.size() == 1) {
    own.insert(own.end(), global_flags().begin(), global_flags().end());
    text += "\nFlags:\n" + flag_lines(own);
  } else {
    text += "\nFlags:\n" + flag_lines(own) + "\nGlobal Flags:\n" + flag_lines(global_flags());
  }
  if (!command.children.empty()) text += "\nUse \"" + full + " [command] --help\" for more information about a command.\n";
  return text;
}

std::string help_text(const std::string& program, const std::vector<const Command*>& path) {
  return path.back()->summary + "\n\n" + usage_text(program, path);
}

}  // namespace canaria::cli
