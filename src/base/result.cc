#include "base/result.h"

namespace canaria {

std::string_view to_string(Code code) {
  switch (code) {
    case Code::kInternal: return "InternalError";
    case Code::kInvalid: return "Invalid";
    case Code::kBadRequest: return "BadRequest";
    case Code::kNotFound: return "NotFound";
    case Code::kAlreadyExists: return "AlreadyExists";
    case Code::kConflict: return "Conflict";
    case Code::kExpired: return "Expired";
    case Code::kForbidden: return "Forbidden";
    case Code::kUnauthorized: return "Unauthorized";
    case Code::kTooManyRequests: return "TooManyRequests";
    case Code::kTimeout: return "Timeout";
    case Code::kUnavailable: return "ServiceUnavailable";
  }
  return "InternalError";
}

}  // namespace canaria
