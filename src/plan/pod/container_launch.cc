#include "plan/pod/container_launch.h"

#include <cmath>

#include "lang/quantity.h"
#include "plan/pod/environment.h"

namespace canaria::plan {
namespace {

std::optional<std::int64_t> limit(const api::Container& container, const char* resource, double units_per_one) {
  const auto found = container.resources.limits.find(resource);
  if (found == container.resources.limits.end()) return std::nullopt;
  const auto amount = lang::Quantity::parse(api::quantity_text(found->second));
  if (!amount || amount->is_zero()) return std::nullopt;
  return static_cast<std::int64_t>(std::ceil(amount->to_double() * units_per_one - 1e-9));
}

}  // namespace

Result<ContainerLaunch> container_launch(const PodSnapshot& snapshot, const api::Container& container, std::int32_t attempt) {
  TRY(const Environment environment, container_environment(snapshot, container));
  ContainerLaunch launch;
  launch.name = container.name;
  launch.attempt = attempt;
  launch.image = container.image;
  for (const std::string& word : container.command) launch.command.push_back(environment.expand(word));
  for (const std::string& word : container.args) launch.arguments.push_back(environment.expand(word));
  launch.environment = environment.variables();
  launch.working_directory = container.workingDir;
  TRY(launch.mounts, container_mounts(snapshot, container, environment));
  launch.cpu_limit_millis = limit(container, "cpu", 1000);
  launch.memory_limit_bytes = limit(container, "memory", 1);
  const api::RunAs& of_pod = snapshot.pod->spec.securityContext;
  const api::RunAs& own = container.securityContext;
  launch.user = own.runAsUser ? own.runAsUser : of_pod.runAsUser;
  launch.group = own.runAsGroup ? own.runAsGroup : of_pod.runAsGroup;
  return launch;
}

}  // namespace canaria::plan
