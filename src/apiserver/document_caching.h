// Discovery and OpenAPI documents are large and seldom change, so clients keep them: each has an ETag, an answer to a client
// that has it already holds no body, and a document that is asked for by its hash need not be asked for again for a year.
#pragma once

#include <string>
#include <string_view>

#include "apiserver/discovery.h"
#include "base/time.h"
#include "net/http_server.h"

namespace canaria::apiserver {

// What documents are kept under: the hash of an OpenAPI document in its index.
std::string document_hash(std::string_view text);

// The answer to this request for a document that exists.
net::ServerResponse cacheable_answer(const net::ServerRequest& request, TypedDocument document, Time now);

}  // namespace canaria::apiserver
