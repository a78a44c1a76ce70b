// What a Kubernetes API server fills into objects of its own kinds when they are written: the defaults of the types, and what
// its admission and its creation strategies add without asking anybody.
#pragma once

#include <string_view>

#include "json/value.h"

namespace canaria::api {

// The object with its defaults. Null members are gone afterwards, and what a kind needs of its status on creation is there;
// who keeps users from writing the status strips it before. Objects of other kinds come back unchanged. Idempotent.
//
// On creations metadata.name and metadata.uid are set already: the selector and labels of a Job contain them.
// Not here: addresses of Services (they are allocated), conditions of CRDs (they are found), tokens of service accounts.
json::Value with_defaults(std::string_view api_version, std::string_view kind, json::Value object);

// The object of an update with what was allocated for the stored one and is not mentioned any more: the addresses and node
// ports of a Service, as people replace Services by files that know nothing of them. To be called before with_defaults().
json::Value with_allocations(std::string_view api_version, std::string_view kind, json::Value object, const json::Value& before);

}  // namespace canaria::api
