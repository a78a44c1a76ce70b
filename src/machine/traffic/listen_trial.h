// Whether this machine lets us listen somewhere, found out by trying. One address in use must not keep the proxy from all the
// others, so everything is tried before it goes into a configuration.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/proxy/proxy_model.h"

namespace canaria::machine {

// Where a port below 1024 goes when only root may listen there: 80 becomes 8080.
inline constexpr std::int32_t kUnprivilegedOffset = 8000;

// The port that can be listened on: the one asked for, or the moved one. Fails with kAlreadyExists when somebody else has it.
Result<std::int32_t> try_to_listen(const plan::proxy::ListenPlace& place);

// Gives every listener its port and removes those that cannot run. `held`: what our proxy already listens on, which is
// therefore not tried. Returns, by listener, what people have to know: "listens on port 8080 ..." or why it does not run.
std::map<std::string, std::string> settle_ports(plan::proxy::ProxyModel& model,
                                                const std::vector<plan::proxy::ListenPlace>& held);

}  // namespace canaria::machine
