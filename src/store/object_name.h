// What metadata.name may be. The texts are those of the Kubernetes API server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/resource_policy.h"

namespace canaria::store {

// Everything that is wrong with a name.
std::vector<std::string> name_problems(NameRule rule, std::string_view name);
// The first of it, or empty.
std::string name_problem(NameRule rule, std::string_view name);

}  // namespace canaria::store
