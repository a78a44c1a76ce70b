// Request bodies in protobuf: which requests may have one, and what it must be for this path. How it is read: protobuf/.
#pragma once

#include "apiserver/api_request.h"
#include "base/result.h"
#include "json/value.h"

namespace canaria::apiserver {

// Objects of Kubernetes' own kinds, and DeleteOptions and Scales of all; custom resources have no protobuf.
bool takes_protobuf(const ApiRequest& request);

// The object as JSON, apiVersion and kind included. REQUIRES takes_protobuf. Fails with kBadRequest, in the words of Kubernetes,
// on malformed bytes and on another kind than the path asks for.
Result<json::Value> protobuf_body(const ApiRequest& request);

}  // namespace canaria::apiserver
