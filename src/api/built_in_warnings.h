// What a Kubernetes API server accepts and yet warns of: kubectl prints it as "Warning: ...".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace canaria::api {

// The warnings about an object with its defaults. Of custom resources only metadata is looked at.
std::vector<std::string> warnings(std::string_view api_version, std::string_view kind, const json::Value& object);

}  // namespace canaria::api
