// What a Kubernetes API server means by an answer that is not a success, or by an ERROR event in a watch: an Error whose code
// callers branch on and whose message is the server's own.
#pragma once

#include "base/result.h"
#include "json/value.h"
#include "ports/http_client.h"

namespace canaria::kube {

// From a Status object.
Error error_from_status(const json::Value& status);

// From a response with status 300 or above. Its body is a Status object or any text; Retry-After is honoured.
Error error_from_response(const HttpResponse& response);

}  // namespace canaria::kube
