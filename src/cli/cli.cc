// From argv to an exit code: names, help, usage, errors. What the commands do is in commands/.
#include "cli/cli.h"

#include <algorithm>
#include <optional>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/completion.h"
#include "cli/parse.h"
#include "cli/usage.h"

namespace canaria::cli {
namespace {

constexpr const char* kPluginName = "kubectl-argo-rollouts";

std::string base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

int print_error(CliEnvironment& environment, const std::string& message) {
  environment.err << "Error: " << message << "\n";
  environment.err.flush();
  return 1;
}

int print_usage(CliEnvironment& environment, const std::string& program, const std::vector<const Command*>& path) {
  environment.err << usage_text(program, path);
  return 1;
}

int print_help(CliEnvironment& environment, const Command& root, const std::string& program, std::vector<std::string> words) {
  std::vector<std::string> rest;
  const auto path = find_command(root, words, rest);
  const bool unknown = std::ranges::any_of(rest, [](const std::string& word) { return !word.starts_with('-'); });
  if (unknown && path.size() == 1) {
    environment.err << "Unknown help topic \"" << rest.front() << "\"\n" << usage_text(program, path);
    return 1;
  }
  environment.out << help_text(program, path);
  return 0;
}

Task<void> keep(Task<Outcome> task, std::optional<Outcome>* outcome) {
  Outcome result = co_await std::move(task);
  outcome->emplace(std::move(result));
}

int run_parsed(const Command& root, const std::string& program, const std::vector<std::string>& words,
               CliEnvironment& environment) {
  auto parsed = parse_command_line(root, program, words);
  if (!parsed) return print_error(environment, parsed.error().message);
  const Command& command = parsed->command();
  if (parsed->wants_help) {
    environment.out << help_text(program, parsed->path);
    return 0;
  }
  for (const std::string& warning : parsed->warnings) environment.err << warning << "\n";
  if (!command.run) return print_usage(environment, program, parsed->path);
  const std::size_t count = parsed->arguments.words.size();
  if (command.completes == Completes::kWords) {
    if (count != 1) return print_error(environment, "accepts 1 arg(s), received " + std::to_string(count));
    const std::string& word = parsed->arguments.words.front();
    if (std::ranges::find(command.choices, word) == command.choices.end())
      return print_error(environment,
                         "invalid argument \"" + word + "\" for \"" + program + " " + command_words(parsed->path) + "\"");
  }
  if (count < command.words_min || count > command.words_max) return print_usage(environment, program, parsed->path);

  const Call call{program, std::move(parsed->arguments), &environment};
  std::optional<Outcome> outcome;
  environment.loop.run(keep(command.run(&call), &outcome));
  environment.out.flush();
  if (!outcome) return 1;
  if (!*outcome) return print_error(environment, outcome->error().message);
  return **outcome == kShowUsage ? print_usage(environment, program, parsed->path) : **outcome;
}

}  // namespace

int run_cli(int argc, const char* const* argv, CliEnvironment& environment) {
  std::string program = argc > 0 ? base_name(argv[0]) : "canaria";
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (program == "kubectl_complete-argo-rollouts") {
    program = kPluginName;
    words.insert(words.begin(), "__complete");
  }
  const Command root = root_command(program);
  if (words.empty()) return print_usage(environment, program, {&root});
  const std::vector<std::string> behind(words.begin() + 1, words.end());
  if (words.front() == "help") return print_help(environment, root, program, behind);
  if (words.front() == "__complete" || words.front() == "__completeNoDesc") {
    const auto style = words.front() == "__complete" ? Descriptions::kShown : Descriptions::kHidden;
    return complete(root, program, behind, style, environment);
  }
  if (const auto process = environment.processes.find(words.front()); process != environment.processes.end())
    return process->second(behind);
  return run_parsed(root, program, words, environment);
}

}  // namespace canaria::cli
