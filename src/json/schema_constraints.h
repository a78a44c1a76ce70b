// What a schema of a custom resource asks of a value beyond its type: enum, bounds, lengths, pattern, format, counts. Part of
// check() in schema.h; the texts are those of the API server.
#pragma once

#include <string>
#include <vector>

#include "json/schema.h"
#include "json/value.h"

namespace canaria::json {

// Appends what is wrong with a value that has the right type.
void check_constraints(const Value& value, const Constraints& wanted, const std::string& path, std::vector<FieldError>& errors);

// Whether the constraints allow null.
inline bool allows_null(const Schema& schema) { return schema.constraints && schema.constraints->nullable; }

}  // namespace canaria::json
