// Stored objects as the client asked to see them: in the version of the path, as they are, as a Table or as mere metadata, in
// JSON or YAML. The plain form is the stored text itself: nothing is parsed on the way.
#pragma once

#include <string>
#include <vector>

#include "apiserver/api_request.h"
#include "base/time.h"
#include "store/object_store.h"

namespace canaria::apiserver {

// The text in the version that is served here.
std::string object_text(const ServedResource& served, const store::StoredObject& object);

// One object as the whole answer.
net::ServerResponse show_object(const ApiRequest& request, int status, std::string text, Time now);
// A written object as the whole answer, without writing its text anew when the store has it.
net::ServerResponse show_written(const ApiRequest& request, store::ObjectStore& store, int status, const json::Value& object,
                                 Time now);
net::ServerResponse show_list(const ApiRequest& request, const store::Page& page, Time now);
// A JSON document of the server's own: Scale, Status.
net::ServerResponse show_document(const ApiRequest& request, int status, const json::Value& document);

// What is answered when something was done that leaves no object behind.
net::ServerResponse created_status(const ApiRequest& request);

// The object of one watch event. `is_first`: nothing was sent on this watch before. Text of kind and version of the bookmark
// are as the shape demands.
std::string event_object_text(const ApiRequest& request, const store::StoredEvent& event, bool is_first, Time now);

}  // namespace canaria::apiserver
