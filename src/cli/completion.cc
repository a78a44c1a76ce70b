#include "cli/completion.h"

#include <algorithm>
#include <ostream>

#include "cli/parse.h"
#include "cli/requests.h"

namespace canaria::cli {
namespace {

struct Candidate {
  std::string word;
  std::string description;
};
struct Answer {
  std::vector<Candidate> candidates;
  int directive = directive::kDefault;
};

Answer flag_names(const Command& command, const std::string& prefix) {
  Answer answer;
  answer.directive = directive::kNoFiles;
  std::vector<Flag> flags = command.flags;
  flags.insert(flags.end(), global_flags().begin(), global_flags().end());
  flags.push_back({"help", 'h', FlagKind::kSwitch, "false", "help for " + command.name, ""});
  std::ranges::sort(flags, {}, &Flag::name);
  for (const Flag& flag : flags) {
    if (!flag.deprecated.empty()) continue;
    const std::string word = "--" + flag.name;
    if (word.starts_with(prefix)) answer.candidates.push_back({word, flag.meaning});
    if (prefix == "-" && flag.letter) answer.candidates.push_back({std::string("-") + flag.letter, flag.meaning});
  }
  return answer;
}

Answer child_names(const Command& command, const std::string& prefix) {
  Answer answer;
  answer.directive = directive::kNoFiles;
  for (const Command& child : command.children)
    if (!child.hidden && child.name.starts_with(prefix)) answer.candidates.push_back({child.name, child.summary});
  return answer;
}

// Whether the word before the one being completed is a flag that still lacks its value.
bool wants_value(const Command& command, const std::vector<std::string>& words) {
  if (words.empty()) return false;
  const std::string& last = words.back();
  if (last.size() < 2 || last.front() != '-' || last.find('=') != std::string::npos) return false;
  const Flag* flag =
      last.starts_with("--") ? find_flag(command, std::string_view(last).substr(2)) : find_flag(command, last.back());
  return flag && flag->kind != FlagKind::kSwitch;
}

const api::Resource* completed_resource(Completes completes) {
  switch (completes) {
    case Completes::kRolloutNames: return &api::resources::rollouts();
    case Completes::kExperimentNames: return &api::resources::experiments();
    case Completes::kAnalysisRunNames: return &api::resources::analysis_runs();
    case Completes::kNothing:
    case Completes::kWords: break;
  }
  return nullptr;
}

Task<Outcome> list_names(const Call* call, const api::Resource* resource, std::string prefix, Answer* answer) {
  CO_TRY(Connection connection, co_await connect(call));
  ListQuery query;
  query.namespace_ = connection.namespace_;
  query.resource_version = "0";
  CO_TRY(const ObjectList list, co_await list_all(connection.client, *resource, std::move(query), MissingResource::kIsEmpty));
  for (const json::Value& object : list.items)
    if (std::string name(json::text_at(object, "metadata.name")); name.starts_with(prefix))
      answer->candidates.push_back({std::move(name), ""});
  co_return 0;
}

Task<void> keep(Task<Outcome> task, Outcome* outcome) {
  Outcome result = co_await std::move(task);
  *outcome = std::move(result);
}

Answer names_answer(const Parsed& parsed, const std::string& program, const std::string& prefix, CliEnvironment& environment) {
  Answer answer;
  answer.directive = directive::kNoFiles;
  const api::Resource* resource = completed_resource(parsed.command().completes);
  if (!resource || !parsed.arguments.words.empty()) return answer;
  const Call call{program, parsed.arguments, &environment};
  Outcome outcome = 0;
  environment.loop.run(keep(list_names(&call, resource, prefix, &answer), &outcome));
  if (!outcome) answer.directive = directive::kError;
  std::ranges::sort(answer.candidates, {}, &Candidate::word);
  return answer;
}

Answer answer_for(const Command& root, const std::string& program, const std::vector<std::string>& words,
                  CliEnvironment& environment) {
  if (words.empty()) return {{}, directive::kError};
  const std::string prefix = words.back();
  std::vector<std::string> before(words.begin(), words.end() - 1), rest;
  const auto path = find_command(root, before, rest);
  const Command& command = *path.back();
  if (wants_value(command, rest)) return {};
  if (prefix.starts_with('-')) {
    if (prefix.find('=') != std::string::npos) return {};
    return flag_names(command, prefix);
  }
  const auto parsed = parse_command_line(root, program, before);
  if (!parsed) return {{}, directive::kError};
  if (!command.children.empty() && parsed->arguments.words.empty()) return child_names(command, prefix);
  if (command.completes == Completes::kWords) {
    Answer answer{{}, directive::kNoFiles};
    if (parsed->arguments.words.empty())
      for (const std::string& choice : command.choices)
        if (choice.starts_with(prefix)) answer.candidates.push_back({choice, ""});
    return answer;
  }
  return command.completes == Completes::kNothing ? Answer{} : names_answer(*parsed, program, prefix, environment);
}

}  // namespace

int complete(const Command& root, const std::string& program, const std::vector<std::string>& words, Descriptions style,
             CliEnvironment& environment) {
  const Answer answer = answer_for(root, program, words, environment);
  for (const Candidate& candidate : answer.candidates) {
    environment.out << candidate.word;
    if (style == Descriptions::kShown && !candidate.description.empty()) environment.out << "\t" << candidate.description;
    environment.out << "\n";
  }
  environment.out << ":" << answer.directive << "\n";
  environment.out.flush();
  return 0;
}

}  // namespace canaria::cli
