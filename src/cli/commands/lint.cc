// `lint -f FILE`: checks the Rollouts of a manifest file as the controller would, without a cluster.
// Services in the same file are checked with them.
//
// Not here yet: unknown fields, Ingresses and VirtualServices.
#include <ostream>

#include "api/core/pod_template.h"
#include "api/rollouts/validation.h"
#include "cli/commands/commands.h"
#include "cli/requests.h"
#include "json/yaml.h"

namespace canaria::cli {
namespace {

// Services of the file that the Rollout names. Missing ones are not a finding: they may be anywhere else.
std::vector<api::Service> services_of(const api::Rollout& rollout, const std::vector<json::Value>& documents) {
  std::vector<api::Service> services;
  for (const std::string& name : api::referenced_services(rollout))
    for (const json::Value& document : documents)
      if (json::text_at(document, "kind") == "Service" && json::text_at(document, "metadata.name") == name)
        services.push_back(api::parse_service(document));
  return services;
}

std::vector<api::FieldError> findings(const json::Value& document, const std::vector<json::Value>& documents) {
  const api::Rollout rollout = api::parse_rollout(document);
  if (rollout.spec.workloadRef) return {};  // the template and the selector live in another object
  std::vector<api::FieldError> errors = api::validate(rollout, rollout.pod_template, rollout.spec.selector);
  const auto services = services_of(rollout, documents);
  if (!errors.empty()) return errors;
  for (api::FieldError& error : api::validate_services(rollout, rollout.pod_template, services))
    if (error.detail.find("not found") == std::string::npos) errors.push_back(std::move(error));
  return errors;
}

Task<Outcome> run(const Call* call) {
  const std::string path = call->arguments.text("filename");
  if (path.empty()) co_return kShowUsage;
  CO_TRY(const std::string text, call->environment->read_file(path));
  const auto parsed = json::parse_yaml_documents(text);
  if (!parsed) co_return wrap(path, parsed.error());
  const std::vector<json::Value>& documents = *parsed;
  std::vector<api::FieldError> errors;
  for (const json::Value& document : documents) {
    if (json::text_at(document, "kind").empty())
      co_return fail(Code::kInvalid, path + ": a document has no kind; add apiVersion and kind");
    if (json::text_at(document, "kind") != "Rollout" || !json::text_at(document, "apiVersion").starts_with("argoproj.io/"))
      continue;
    for (api::FieldError& error : findings(document, documents)) errors.push_back(std::move(error));
  }
  for (const api::FieldError& error : errors) call->out() << error.detail << "\n";
  if (!errors.empty()) co_return fail(Code::kInvalid, errors.front().text());
  co_return 0;
}

}  // namespace

Command lint_command() {
  Command command;
  command.name = "lint";
  command.summary = "Check the rollouts of a manifest file";
  command.example = "lint -f rollout.yaml";
  command.flags = {{"filename", 'f', FlagKind::kText, "", "the file to check; - is standard input", ""}};
  command.words_max = kAnyNumber;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
