// How clients learn what is served: the documents at /api, /apis and below, in the old form (one document per group version)
// and as one aggregated document for all groups (apidiscovery.k8s.io) when the Accept header asks for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apiserver/served_resources.h"

namespace canaria::apiserver {

struct TypedDocument {
  TypedDocument() = default;  // not an aggregate: g++ 12 mishandles those in co_await expressions
  TypedDocument(std::string type, std::string body) : content_type(std::move(type)), text(std::move(body)) {}
  std::string content_type;
  std::string text;
};

// Empty when the path names nothing that is served. A slash at the end makes no difference. Made anew for each request: it
// takes less than a millisecond and clients keep it.
std::optional<TypedDocument> discovery_document(const ServedResources& served, std::string_view path, std::string_view accept);

}  // namespace canaria::apiserver
