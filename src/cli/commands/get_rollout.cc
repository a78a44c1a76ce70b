// `get rollout NAME`: the header and the tree, once or redrawn on every change.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/live_objects.h"
#include "cli/view/rollout_tree.h"

namespace canaria::cli {
namespace {

constexpr Millis kRedrawAtMost{200};
constexpr Millis kRedrawAtLeast{1000};
// Homes the cursor and clears the screen.
constexpr const char* kClearScreen = "\033[H\033[2J\033[0;0H";

// Reads come from a cache in the reference, which names the singular.
Error missing_rollout(const std::string& name) {
  return Error{Code::kNotFound, "rollout.argoproj.io \"" + name + "\" not found", std::nullopt};
}

// The five kinds a tree is made of. ReplicaSets and Pods are narrowed to those that carry the hash label.
struct Sources {
  std::shared_ptr<LiveObjects> rollout, replica_sets, pods, experiments, analysis_runs;
  std::vector<std::shared_ptr<LiveObjects>> all() const { return {rollout, replica_sets, pods, experiments, analysis_runs}; }
};

Sources make_sources(const Connection& connection, const std::string& name) {
  const auto live = [&](const api::Resource& resource, std::string labels, std::string fields, MissingResource missing) {
    ListQuery scope;
    scope.namespace_ = connection.namespace_;
    scope.label_selector = std::move(labels);
    scope.field_selector = std::move(fields);
    return std::make_shared<LiveObjects>(connection.client, resource, std::move(scope), missing);
  };
  namespace r = api::resources;
  return {live(r::rollouts(), "", "metadata.name=" + name, MissingResource::kIsError),
          live(r::replica_sets(), api::kHashLabel, "", MissingResource::kIsError),
          live(r::pods(), api::kHashLabel, "", MissingResource::kIsError),
          live(r::experiments(), "", "", MissingResource::kIsEmpty), live(r::analysis_runs(), "", "", MissingResource::kIsEmpty)};
}

std::optional<NamespaceObjects> objects_of(const Sources& sources, const api::ObjectKey& key) {
  const json::Value* rollout = sources.rollout->find(key);
  if (!rollout) return std::nullopt;
  NamespaceObjects objects;
  objects.rollout = *rollout;
  objects.replica_sets = sources.replica_sets->objects();
  objects.pods = sources.pods->objects();
  objects.experiments = sources.experiments->objects();
  objects.analysis_runs = sources.analysis_runs->objects();
  return objects;
}

Task<Outcome> redraw(const Call* call, Sources sources, api::ObjectKey key, ColorMode colors) {
  Loop& loop = call->environment->loop;
  loop.hold_interrupts();
  for (const auto& source : sources.all()) {
    auto followed = LiveObjects::follow(source, &loop);
    loop.spawn(std::move(followed));
  }
  const auto limit = Seconds(call->arguments.integer("timeout-seconds"));
  const Time begun = call->now();
  std::optional<Time> drawn;
  while (!loop.is_interrupted() && (limit.count() <= 0 || call->now() - begun < limit)) {
    bool changed = !drawn || call->now() - *drawn >= kRedrawAtLeast;
    for (const auto& source : sources.all()) {
      if (source->failure()) co_return fail(*source->failure());
      if (source->take_changed()) changed = true;
    }
    if (changed) {
      const auto objects = objects_of(sources, key);
      if (!objects) co_return fail(missing_rollout(key.name));
      call->out() << kClearScreen << rollout_text(*objects, call->now(), colors);
      call->out().flush();
      drawn = call->now();
    }
    co_await loop.sleep(kRedrawAtMost);
  }
  co_return 0;
}

Task<Outcome> run(const Call* call) {
  CO_TRY(Connection connection, co_await connect(call));
  const std::string name = call->arguments.words.front();
  Sources sources = make_sources(connection, name);
  api::ObjectKey key{connection.namespace_, name};
  for (const auto& source : sources.all()) {
    CO_CHECK(co_await source->load());
    if (source == sources.rollout && !source->find(key)) co_return fail(missing_rollout(name));
  }
  const bool plain = call->arguments.is_on("no-color") || call->environment->term == "dumb";
  const ColorMode colors = plain ? ColorMode::kOff : ColorMode::kOn;
  if (call->arguments.is_on("watch")) co_return co_await redraw(call, std::move(sources), std::move(key), colors);
  call->out() << rollout_text(*objects_of(sources, key), call->now(), colors);
  co_return 0;
}

}  // namespace

Command get_rollout_command() {
  Command command;
  command.name = "rollout";
  command.aliases = {"ro", "rollouts"};
  command.operands = "ROLLOUT_NAME";
  command.summary = "Show a rollout with its revisions, ReplicaSets and Pods";
  command.example = "get rollout guestbook\nget rollout guestbook --watch";
  command.flags = {{"watch", 'w', FlagKind::kSwitch, "false", "redraw on every change until interrupted", ""},
                   {"no-color", 0, FlagKind::kSwitch, "false", "print without colors", ""},
                   {"timeout-seconds", 0, FlagKind::kInteger, "0",
                    "stop watching after that many seconds, with exit code 0; 0 means never", ""}};
  command.words_min = command.words_max = 1;
  command.completes = Completes::kRolloutNames;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
