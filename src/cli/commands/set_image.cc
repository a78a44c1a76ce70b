// `set image NAME CONTAINER=IMAGE`: reads the object, changes the image and writes it back, so that fields nobody here knows
// survive. With workloadRef the referenced object is changed.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/requests.h"

namespace canaria::cli {
namespace {

constexpr int kAttempts = 5;

// Sets the image of the named containers ("*": all) and says whether there was one.
bool set_images(json::Value& object, const std::string& container, const std::string& image) {
  bool found = false;
  for (const char* list : {"initContainers", "containers", "ephemeralContainers"}) {
    auto* containers = const_cast<json::Value*>(json::find(object, std::string("spec.template.spec.") + list));
    if (!containers || !containers->is_array()) continue;
    for (json::Value& entry : containers->get_array()) {
      if (!entry.is_object() || (container != "*" && json::text_at(entry, "name") != container)) continue;
      entry.get_object()["image"] = image;
      found = true;
    }
  }
  return found;
}

struct Target {
  api::Resource resource;
  std::string name;
};

// Compat: the reference always edits a Deployment; other kinds of workloadRef are edited as what they are here.
Result<Target> target_of(const json::Value& rollout, const std::string& name) {
  const std::string kind(json::text_at(rollout, "spec.workloadRef.kind"));
  if (kind.empty()) return Target{api::resources::rollouts(), name};
  const api::Resource* resource = api::find_resource(json::text_at(rollout, "spec.workloadRef.apiVersion"), kind);
  if (!resource || kind == "PodTemplate") return fail(Code::kInvalid, "workload of type " + kind + " is not supported");
  return Target{*resource, std::string(json::text_at(rollout, "spec.workloadRef.name"))};
}

std::string lower(std::string text) {
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return text;
}

Task<Outcome> run(const Call* call) {
  const std::string name = call->arguments.words[0], assignment = call->arguments.words[1];
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0 || assignment.find('=', equals + 1) != std::string::npos) co_return kShowUsage;
  const std::string container = assignment.substr(0, equals), image = assignment.substr(equals + 1);
  CO_TRY(Connection connection, co_await connect(call));
  for (int attempt = 1;; ++attempt) {
    CO_TRY(json::Value object, co_await get_object(connection, api::resources::rollouts(), name));
    CO_TRY(const Target target, target_of(object, name));
    if (target.resource.kind != "Rollout") {
      auto workload = co_await get_object(connection, target.resource, target.name);
      if (!workload) co_return fail(std::move(workload).error());
      object = *std::move(workload);
    }
    if (!set_images(object, container, image))
      co_return fail(Code::kNotFound, "unable to find container named \"" + container + "\"");
    api::ObjectKey key{connection.namespace_, target.name};
    WriteOptions options;
    auto written = co_await connection.client->update(target.resource, std::move(key), std::move(object), std::move(options));
    if (!written && written.error().code == Code::kConflict && attempt < kAttempts) continue;
    if (!written) co_return fail(named(std::move(written).error(), target.resource, target.name));
    call->out() << lower(target.resource.kind) << " \"" << target.name << "\" image updated\n";
    co_return 0;
  }
}

}  // namespace

Command set_image_command() {
  Command command;
  command.name = "image";
  command.operands = "ROLLOUT_NAME CONTAINER=IMAGE";
  command.summary = "Set the image of a container, or of all containers with *";
  command.example = "set image guestbook guestbook=registry.example/guestbook:v2";
  command.words_min = command.words_max = 2;
  command.completes = Completes::kRolloutNames;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
