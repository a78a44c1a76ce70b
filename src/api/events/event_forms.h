// An Event in the forms of v1, in which it is stored, and of events.k8s.io/v1: the same members under other names.
#pragma once

#include "json/value.h"

namespace canaria::api {

// Total: what is not there stays away.
json::Value event_as_grouped(json::Value object);  // events.k8s.io/v1
json::Value event_as_core(json::Value object);     // v1

}  // namespace canaria::api
