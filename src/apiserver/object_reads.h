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
// A field selector in the names of the stored form.
std::string stored_field_selector(const ServedResource& served, std::string_view selector);
// "ListOptions.meta.k8s.io "" is invalid": options that do not go together.
tl::unexpected<Error> invalid_list_options(std::string_view field, std::string_view problem);
// A selector that cannot be read is a bad request, while the store calls it invalid.
Error as_bad_request(Error error);

}  // namespace canaria::apiserver
