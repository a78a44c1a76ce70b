// What the server itself decides when an object is made belongs to nobody in metadata.managedFields: its status, what
// admission fills in, what is allocated. Defaults of the types do belong to who made the object; they are not here.
#pragma once

#include <string_view>
#include <vector>

#include "json/value.h"

namespace canaria::apiserver {

// The places (JSON pointers) where the server decides in a new object, because `wanted`, what the writer sent, says nothing.
std::vector<std::string_view> places_of_server(std::string_view kind, const json::Value& wanted);

// The object without what is at these places: the part that its writer owns.
json::Value owned_part(json::Value made, const std::vector<std::string_view>& places);

}  // namespace canaria::apiserver
