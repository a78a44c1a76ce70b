// `plan FILE`: what applying a changed manifest would do, step by step, without writing anything. Reads the live objects and
// leaves the deciding to plan/rollout/preview.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/release_facts.h"
#include "cli/view/table.h"
#include "json/patch.h"
#include "json/yaml.h"
#include "lang/duration.h"
#include "plan/rollout/preview.h"

namespace canaria::cli {
namespace {

bool is_rollout(const json::Value& document) {
  return json::text_at(document, "kind") == "Rollout" && json::text_at(document, "apiVersion").starts_with("argoproj.io/");
}

std::string spoken(Seconds time) { return lang::format_duration(time); }

// The live Rollout as it will be once the manifest is applied; without a live one, a new object.
json::Value applied(const json::Value& manifest, const json::Value& live, const std::string& namespace_, Time now) {
  json::Value result = live.is_null() ? manifest : live;
  json::Object& object = result.get_object();
  const json::Value* wanted_spec = json::find(manifest, "spec");
  json::Value spec = wanted_spec ? *wanted_spec : json::Value(json::Object());
  if (live.is_null()) {
    json::Value metadata = {
        {"namespace", namespace_}, {"uid", "planned"}, {"generation", 1}, {"creationTimestamp", format_time(now)}};
    const json::Value* given = json::find(manifest, "metadata");
    object["metadata"] = json::merge_patch(given ? *given : json::Value(json::Object()), metadata);
    object.erase("status");
  } else {
    const json::Value* replicas = json::find(live, "spec.replicas");
    if (spec.is_object() && !spec.get_object().contains("replicas") && replicas) spec.get_object()["replicas"] = *replicas;
    json::Value metadata = object["metadata"];
    for (const char* part : {"labels", "annotations"})
      if (const json::Value* given = json::find(manifest, std::string("metadata.") + part))
        metadata = json::merge_patch(std::move(metadata), json::Object{{part, *given}});
    const json::Value* live_spec = json::find(live, "spec");
    if (!live_spec || !json::same_json(spec, *live_spec))
      metadata.get_object()["generation"] = json::int_at(live, "metadata.generation") + 1;
    object["metadata"] = std::move(metadata);
  }
  object["spec"] = std::move(spec);
  return result;
}

void print_steps(std::ostream& out, const plan::Preview& preview, std::size_t total) {
  std::vector<std::vector<std::string>> rows = {{"STEP", "ACTION", "NEW", "OLD", "WEIGHT", "COMPLETE AFTER"}};
  for (const plan::PreviewStep& step : preview.steps)
    rows.push_back({std::to_string(step.index + 1) + "/" + std::to_string(total), step.text, std::to_string(step.pods.canary),
                    std::to_string(step.pods.stable), std::to_string(step.weight),
                    spoken(step.after) + (step.waits_for_person ? ", waits for a person" : "")});
  if (preview.stopped.empty())
    rows.push_back({"end", "promoted", std::to_string(preview.pods_at_end), "0", "100", spoken(preview.shortest)});
  out << table_text(rows);
}

void print_preview(std::ostream& out, const plan::Preview& preview, const api::Rollout& rollout) {
  out << "Rollout " << rollout.metadata.key().text() << ", " << rollout.replicas() << " replicas\n";
  if (preview.actions.empty() && preview.steps.empty() && preview.stopped.empty()) {
    out << "Nothing to do: no pod changes.\n";
    return;
  }
  if (preview.is_first_release) out << "First release: steps do not apply, all pods start at once.\n";
  out << "\n";
  print_steps(out, preview, static_cast<std::size_t>(rollout.step_count()));
  if (!preview.stopped.empty()) out << "\nStops: " << preview.stopped << "\n";
  out << "\nShortest duration: " << spoken(preview.shortest) << ", with pods ready at once";
  if (preview.waits_for_person > 0)
    out << " and without the " << preview.waits_for_person << (preview.waits_for_person == 1 ? " wait" : " waits")
        << " for a person";
  out << "\n\nActions:\n";
  std::vector<std::vector<std::string>> rows;
  for (const plan::PreviewAction& action : preview.actions)
    rows.push_back({"  " + spoken(action.after), action.text, action.reason.empty() ? "" : "(" + action.reason + ")"});
  out << table_text(rows);
}

Task<Outcome> preview_one(const Call* call, Connection connection, json::Value manifest) {
  const std::string name(json::text_at(manifest, "metadata.name"));
  if (name.empty()) co_return fail(Code::kInvalid, "the Rollout in the file has no metadata.name");
  if (const auto own = json::text_at(manifest, "metadata.namespace"); !own.empty()) connection.namespace_ = own;
  auto live = co_await get_object(connection, api::resources::rollouts(), name);
  if (!live && live.error().code != Code::kNotFound) co_return fail(std::move(live).error());
  const json::Value none;
  const json::Value changed = applied(manifest, live ? *live : none, connection.namespace_, call->now());

  plan::Snapshot world;
  world.now = call->now();
  world.rollout = api::parse_rollout(changed);
  CO_TRY(world.sets, co_await read_sets(connection, world.rollout.metadata.uid));
  CO_TRY(world.workload, co_await read_workload(connection, world.rollout));
  CO_TRY(world.services, co_await read_services(connection, world.rollout));
  const api::Rollout rollout = world.rollout;
  const plan::Preview preview = plan::preview(std::move(world));
  print_preview(call->out(), preview, rollout);
  co_return preview.stopped.empty() ? 0 : 1;
}

Task<Outcome> run(const Call* call) {
  std::string path = call->arguments.text("filename");
  const auto& words = call->arguments.words;
  if (path.empty() && words.size() == 1) path = words.front();
  else if (path.empty() || !words.empty()) co_return kShowUsage;
  CO_TRY(const std::string text, call->environment->read_file(path));
  auto documents = json::parse_yaml_documents(text);
  if (!documents) co_return wrap(path, std::move(documents).error());
  std::vector<json::Value> rollouts;
  for (json::Value& document : *documents)
    if (is_rollout(document)) rollouts.push_back(std::move(document));
  if (rollouts.empty()) co_return fail(Code::kInvalid, path + ": no Rollout in this file");
  CO_TRY(Connection connection, co_await connect(call));
  int worst = 0;
  for (std::size_t i = 0; i < rollouts.size(); ++i) {
    if (i > 0) call->out() << "\n";
    CO_TRY(const int code, co_await preview_one(call, connection, rollouts[i]));
    worst = std::max(worst, code);
  }
  co_return worst;
}

}  // namespace

Command plan_command() {
  Command command;
  command.name = "plan";
  command.operands = "FILE";
  command.summary = "Show what applying a changed manifest would do, without doing it";
  command.example = "plan rollout.yaml\nplan -f rollout.yaml";
  command.flags = {{"filename", 'f', FlagKind::kText, "", "the manifest; - is standard input", ""}};
  command.words_max = 1;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
