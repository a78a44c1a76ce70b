// Small questions about and changes of the metadata of an object in JSON, for the rules of writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace canaria::store {

// Text of a member; empty when it is missing or no string.
std::string_view text_member(const json::Object& object, std::string_view key);

// The metadata of an object; made an object when it is not one.
json::Object& metadata_of(json::Object& object);

// Makes the member what it is in `from`, also when it is missing there.
void keep_member(const json::Object& from, json::Object& to, std::string_view key);

// Removes a member without changing the order of the others.
void remove_member(json::Object& object, std::string_view key);

bool is_being_deleted(const json::Object& metadata);
std::vector<std::string> finalizers_of(const json::Object& metadata);
void set_finalizers(json::Object& metadata, const std::vector<std::string>& finalizers);

// One more, where the object has a generation at all.
void raise_generation(json::Object& metadata);

}  // namespace canaria::store
