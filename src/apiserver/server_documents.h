// What the server tells everybody about itself: that it lives, and which version of the Kubernetes API it speaks.
#pragma once

#include <optional>

#include "net/http_server.h"

namespace canaria::apiserver {

// Health, liveness, readiness and version; empty for every other path.
std::optional<net::ServerResponse> public_document(const net::ServerRequest& request);

}  // namespace canaria::apiserver
