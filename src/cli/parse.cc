#include "cli/parse.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

#include "lang/duration.h"

namespace canaria::cli {
namespace {

// The number of single-character edits between two words.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

Error unknown_command(const Command& root, const std::string& program, const std::string& word) {
  std::string message = "unknown command \"" + word + "\" for \"" + program + "\"";
  std::string suggestions;
  for (const Command& command : root.children)
    if (!command.hidden && (edit_distance(word, command.name) <= 2 || command.name.starts_with(word)))
      suggestions += "\n\t" + command.name;
  if (!suggestions.empty()) message += "\n\nDid you mean this?" + suggestions + "\n";
  return Error{Code::kInvalid, message, std::nullopt};
}

// Whether the value of a flag fits its kind; the error text says why not.
Status check_value(const Flag& flag, const std::string& value) {
  std::string reason;
  if (flag.kind == FlagKind::kSwitch) {
    if (value != "true" && value != "false") reason = "must be true or false";
  } else if (flag.kind == FlagKind::kInteger) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) reason = "must be a whole number";
  } else if (flag.kind == FlagKind::kDuration) {
    if (const auto parsed = lang::parse_duration(value); !parsed) reason = parsed.error().message;
  }
  if (reason.empty()) return {};
  const std::string spelled = (flag.letter ? std::string("-") + flag.letter + ", --" : "--") + flag.name;
  return fail(Code::kInvalid, "invalid argument \"" + value + "\" for \"" + spelled + "\" flag: " + reason);
}

bool takes_value(const Flag& flag) { return flag.kind != FlagKind::kSwitch; }

// Walks the words behind the command's name.
class FlagReader {
 public:
  FlagReader(Parsed& parsed, const std::vector<std::string>& words) : parsed_(parsed), words_(words) {}

  Status read() {
    for (; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      if (word == "--") {
        parsed_.arguments.words.insert(parsed_.arguments.words.end(), words_.begin() + static_cast<std::ptrdiff_t>(at_) + 1,
                                       words_.end());
        return {};
      }
      if (word.starts_with("--")) {
        CHECK_OK(read_long(word.substr(2)));
      } else if (word.size() > 1 && word.front() == '-') {
        CHECK_OK(read_letters(word.substr(1)));
      } else {
        parsed_.arguments.words.push_back(word);
      }
    }
    return {};
  }

 private:
  Status read_long(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const Flag* flag = find_flag(parsed_.command(), name);
    if (!flag) {
      if (name != "help") return fail(Code::kInvalid, "unknown flag: --" + name);
      parsed_.wants_help = true;
      return {};
    }
    if (equals != std::string::npos) return set(*flag, word.substr(equals + 1));
    if (!takes_value(*flag)) return set(*flag, "true");
    if (at_ + 1 == words_.size()) return fail(Code::kInvalid, "flag needs an argument: --" + name);
    return set(*flag, words_[++at_]);
  }

  Status read_letters(const std::string& letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const char letter = letters[i];
      const Flag* flag = find_flag(parsed_.command(), letter);
      if (!flag) {
        if (letter != 'h') return fail(Code::kInvalid, std::string("unknown shorthand flag: '") + letter + "' in -" + letters);
        parsed_.wants_help = true;
        continue;
      }
      std::string behind = letters.substr(i + 1);
      if (behind.starts_with('=')) return set(*flag, behind.substr(1));
      if (!takes_value(*flag)) {
        CHECK_OK(set(*flag, "true"));
        continue;
      }
      if (!behind.empty()) return set(*flag, behind);
      if (at_ + 1 == words_.size())
        return fail(Code::kInvalid, std::string("flag needs an argument: '") + letter + "' in -" + letters);
      return set(*flag, words_[++at_]);
    }
    return {};
  }

  Status set(const Flag& flag, std::string value) {
    CHECK_OK(check_value(flag, value));
    if (!flag.deprecated.empty()) parsed_.warnings.push_back("Flag --" + flag.name + " has been deprecated, " + flag.deprecated);
    parsed_.arguments.set(flag, std::move(value));
    return {};
  }

  Parsed& parsed_;
  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
};

// Whether a word that looks like a flag takes the next word as its value. Unknown flags are taken to do so, so that a
// command's own flags may stand before its name.
bool swallows_next(const Command& command, const std::string& word) {
  if (word.find('=') != std::string::npos) return false;
  if (word.starts_with("--")) {
    const Flag* flag = find_flag(command, std::string_view(word).substr(2));
    return flag ? takes_value(*flag) : word != "--help";
  }
  if (word.size() != 2) return false;
  const Flag* flag = find_flag(command, word[1]);
  return flag ? takes_value(*flag) : word[1] != 'h';
}

}  // namespace

const Flag* find_flag(const Command& command, std::string_view name) {
  for (const auto* flags : {&command.flags, &global_flags()})
    for (const Flag& flag : *flags)
      if (flag.name == name) return &flag;
  return nullptr;
}

const Flag* find_flag(const Command& command, char letter) {
  for (const auto* flags : {&command.flags, &global_flags()})
    for (const Flag& flag : *flags)
      if (flag.letter == letter) return &flag;
  return nullptr;
}

std::vector<const Command*> find_command(const Command& root, const std::vector<std::string>& words,
                                         std::vector<std::string>& rest) {
  std::vector<const Command*> path = {&root};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--" || path.back()->children.empty()) {
      rest.insert(rest.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
      break;
    }
    if (word.size() > 1 && word.front() == '-') {
      rest.push_back(word);
      if (swallows_next(*path.back(), word) && i + 1 < words.size()) rest.push_back(words[++i]);
      continue;
    }
    if (const Command* child = path.back()->child(word)) {
      path.push_back(child);
      continue;
    }
    rest.insert(rest.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
    break;
  }
  return path;
}

Result<Parsed> parse_command_line(const Command& root, const std::string& program, const std::vector<std::string>& words) {
  Parsed parsed;
  std::vector<std::string> rest;
  parsed.path = find_command(root, words, rest);
  for (const auto* flags : {&global_flags(), &parsed.command().flags})
    for (const Flag& flag : *flags) parsed.arguments.set_default(flag);
  CHECK_OK(FlagReader(parsed, rest).read());
  if (parsed.path.size() == 1 && !parsed.arguments.words.empty() && !parsed.wants_help)
    return fail(unknown_command(root, program, parsed.arguments.words.front()));
  static const std::vector<std::string> levels = {"panic", "fatal", "error", "warn", "warning", "info", "debug", "trace"};
  const std::string level = parsed.arguments.text("loglevel");
  if (std::ranges::find(levels, level) == levels.end())
    return fail(Code::kInvalid, "not a valid log level: \"" + level + "\"; use panic, fatal, error, warn, info, debug or trace");
  return parsed;
}

}  // namespace canaria::cli
