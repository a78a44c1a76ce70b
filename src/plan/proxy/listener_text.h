// One listener as a frontend section: matches, filters and weights of its rules.
#pragma once

#include <string>

#include "plan/proxy/proxy_model.h"

namespace canaria::plan::proxy {

std::string listener_text(const Listener& listener, const std::string& weights_file);

// A word of the configuration with nothing special in it, whatever the text is. REQUIRES: no control characters.
std::string quoted(const std::string& text);

}  // namespace canaria::plan::proxy
