// What metadata.name may be. The texts are those of the Kubernetes API server.
#pragma once

#include <string>
#include <string_view>

#include "store/resource_policy.h"

namespace canaria::store {

// What is wrong with a name, or empty.
std::string name_problem(NameRule rule, std::string_view name);

}  // namespace canaria::store
