// Field errors as the API server answers them: one message for all and the causes one by one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/meta/resource.h"
#include "base/result.h"
#include "json/schema.h"

namespace canaria::apiserver {

// "Required value" at "spec.selector" as a cause: {FieldValueRequired, Required value, spec.selector}.
ErrorCause cause_of(const json::FieldError& error);

// `Deployment.apps "web" is invalid: spec.selector: Required value`; several in brackets. REQUIRES: there are some.
Error invalid_object(const api::Resource& resource, std::string_view name, std::vector<ErrorCause> causes);

// A value that the Go model of a built-in kind cannot hold: refused before anything is looked at, as the API server does.
Error cannot_be_decoded(const api::Resource& resource, const json::Schema& schema, const json::Value& object,
                        const json::FieldError& misfit);

Error cannot_be_decoded(const api::Resource& resource, std::string_view problem);

}  // namespace canaria::apiserver
