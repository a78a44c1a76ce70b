// The environment of a container: Service links, envFrom, env with its sources, in the order in which later ones win.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "plan/pod/pod_snapshot.h"

namespace canaria::plan {

// Variables in the order in which they were first set; setting one again replaces its value.
class Environment {
 public:
  void set(const std::string& name, std::string value);
  const std::string* find(std::string_view name) const;
  // $(NAME) by the variable's value, $$ by $; references to unknown variables stay as they are.
  std::string expand(std::string_view text) const;
  const std::vector<std::pair<std::string, std::string>>& variables() const { return variables_; }

 private:
  std::vector<std::pair<std::string, std::string>> variables_;
};

// The value of a downward API field: "metadata.name", "metadata.labels['app']", "status.podIP" ...
Result<std::string> pod_field(const PodSnapshot& snapshot, const std::string& path);
// A request or limit in units of the divisor, rounded up. `own`: the container that is meant when the reference names none.
Result<std::string> resource_field(const PodSnapshot& snapshot, const api::Container& own, const api::ContainerResourceRef& ref);

Result<Environment> container_environment(const PodSnapshot& snapshot, const api::Container& container);

}  // namespace canaria::plan
