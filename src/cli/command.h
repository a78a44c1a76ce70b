// What a command is: its words, flags and argument count as a table, and the coroutine that carries it out. Parsing,
// help, usage and completion are all read off this table, so they cannot disagree.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/cli.h"

namespace canaria::cli {

enum class FlagKind { kSwitch, kText, kInteger, kDuration, kList };

struct Flag {
  std::string name;              // without dashes
  char letter = 0;               // shorthand, or 0
  FlagKind kind = FlagKind::kSwitch;
  std::string default_value;     // as shown in the help; "" or "false" or "0" mean unset
  std::string meaning;
  std::string deprecated;        // non-empty: works, hidden, and prints this advice
};

// The words and flags of one invocation, already checked against the table.
class Arguments {
 public:
  std::vector<std::string> words;

  void set(const Flag& flag, std::string value);
  bool has(const std::string& name) const;
  bool is_on(const std::string& name) const;             // a switch, or its default
  std::string text(const std::string& name) const;       // the last value, or the default
  std::int64_t integer(const std::string& name) const;
  Millis duration(const std::string& name) const;
  std::vector<std::string> list(const std::string& name) const;
  void set_default(const Flag& flag) { defaults_[flag.name] = flag.default_value; }

 private:
  std::map<std::string, std::vector<std::string>> values_;
  std::map<std::string, std::string> defaults_;
};

// One invocation under way. Commands receive it by pointer: it outlives the coroutine.
struct Call {
  std::string program;  // the name the user called, for texts
  Arguments arguments;
  CliEnvironment* environment = nullptr;

  std::ostream& out() const { return environment->out; }
  std::ostream& err() const { return environment->err; }
  Time now() const { return environment->clock.now(); }
  // The command line that does something, as the user would type it: "kubectl argo rollouts promote shop".
  std::string spelled(const std::string& rest) const;
};

// The exit code, or what to print after "Error: ". kShowUsage prints the command's usage on stderr and exits with 1.
using Outcome = Result<int>;
inline constexpr int kShowUsage = -1;

enum class Completes { kNothing, kRolloutNames, kExperimentNames, kAnalysisRunNames, kWords };

struct Command {
  std::string name;
  std::vector<std::string> aliases;
  std::string operands;          // "ROLLOUT_NAME...", shown in the usage line
  std::string summary;           // one line
  std::string example;           // each line starts with the command words; the program's name is put in front
  std::vector<Flag> flags;
  std::size_t words_min = 0;
  std::size_t words_max = 0;
  Completes completes = Completes::kNothing;
  std::vector<std::string> choices;  // for Completes::kWords; anything else is an error
  Task<Outcome> (*run)(const Call* call) = nullptr;  // null: a group, which only prints its usage
  std::vector<Command> children;
  bool hidden = false;

  const Command* child(const std::string& word) const;  // by name or alias
};

inline constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

// The global flags, in the order of the help.
const std::vector<Flag>& global_flags();
ConnectionFlags connection_flags(const Arguments& arguments);

// Connects with the flags of the call.
Task<Result<Connection>> connect(const Call* call);

}  // namespace canaria::cli
