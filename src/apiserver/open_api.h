// The OpenAPI documents, as far as clients read them: an index and one document for each group version (v3), from which
// `kubectl explain` and server-side validation live, and all types in one document (v2, JSON alone) for older clients.
//
// Types of Kubernetes are components that refer to each other, custom resources are whole, as on a real server. Of the
// operations only what clients look for is there: verbs, kinds and query parameters. Patches name no body on purpose:
// kubectl then merges by the types that it has itself.
#pragma once

#include <optional>
#include <string_view>

#include "apiserver/discovery.h"
#include "apiserver/served_resources.h"

namespace canaria::apiserver {

// /openapi/v3, /openapi/v3/<api/v1 | apis/group/version> and /openapi/v2. Empty for other paths, and when the client takes
// nothing but protobuf; of v2 there is one in protobuf that describes no types, which is all that kubectl needs. The hash in the
// query is not looked at: the index changes with the documents.
std::optional<TypedDocument> open_api_document(const ServedResources& served, std::string_view path, std::string_view accept,
                                               std::string_view query);

}  // namespace canaria::apiserver
