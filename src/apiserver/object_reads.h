// get and list: questions to the store's memory, answered with the stored text.
#pragma once

#include "apiserver/api_request.h"
#include "ports/clock.h"
#include "store/object_store.h"

namespace canaria::apiserver {

net::ServerResponse get_object(const ApiRequest& request, store::ObjectStore& store, const Clock& clock);
net::ServerResponse list_objects(const ApiRequest& request, store::ObjectStore& store, const Clock& clock);

// Selectors, limit, continue and resourceVersion of a list. Fails with kBadRequest and kInvalid.
Result<ListQuery> list_query(const ApiRequest& request);
// A selector that cannot be read is a bad request, while the store calls it invalid.
Error as_bad_request(Error error);

}  // namespace canaria::apiserver
