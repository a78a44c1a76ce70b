// The items of a list of built-in kinds do not say what they are, the list does: a real server leaves apiVersion and kind away
// there, and clients that compare what two lists hold notice.
#pragma once

#include <string>
#include <string_view>

namespace canaria::apiserver {

// Adds the text of an object to a list without its members apiVersion and kind. REQUIRES: `object` is a JSON object as
// json::write makes it: no spaces between the parts.
void add_untyped(std::string& list, std::string_view object);

}  // namespace canaria::apiserver
