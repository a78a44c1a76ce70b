// Errors as values. Every boundary returns Result<T>; callers branch on the code, never on the text.
//
// The codes are the Kubernetes status reasons, because that is what most errors of this program are in the end.
// TRY and CHECK_OK leave the enclosing function with the error; CO_TRY and CO_CHECK do the same in a coroutine.
// They are statement macros on purpose: g++ 12 crashes on statement expressions inside coroutines.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace canaria {

enum class Code {
  kInternal,         // a bug or something nobody planned for
  kInvalid,          // the request or input is wrong; repeating it is useless
  kBadRequest,       // the request cannot even be understood; where nobody has to tell it from kInvalid, that is used
  kNotFound,
  kAlreadyExists,
  kConflict,         // somebody else wrote first: observe again
  kExpired,          // a watch or list position is too old (410): list again
  kForbidden,
  kUnauthorized,
  kTooManyRequests,  // look at retry_after
  kTimeout,
  kUnavailable,      // the peer cannot be reached or does not answer sensibly
};

// The Kubernetes reason of a code, such as "NotFound".
std::string_view to_string(Code code);

// One of several things that are wrong, as the API server lists them in Status.details.causes.
struct ErrorCause {
  std::string reason;   // "FieldValueRequired", "FieldManagerConflict" ...
  std::string message;
  std::string field;    // "spec.replicas"
};

struct Error {
  Code code = Code::kInternal;
  std::string message;                              // lower case, no full stop, no secrets
  std::optional<std::chrono::seconds> retry_after;  // what the peer asked for
  std::vector<ErrorCause> causes = {};              // what a server tells beside the message; often empty
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(Code code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::nullopt});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// The same error with "<what>: " before its message; each layer says once what it was about.
inline tl::unexpected<Error> wrap(std::string_view what, Error error) {
  error.message = std::string(what) + ": " + error.message;
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace canaria

#define CANARIA_JOIN_(a, b) a##b
#define CANARIA_JOIN(a, b) CANARIA_JOIN_(a, b)
#define CANARIA_TRY_(leave, name, target, ...)               \
  auto name = (__VA_ARGS__);                                 \
  if (!name) leave ::canaria::fail(std::move(name).error()); \
  target = *std::move(name)
#define TRY(target, ...) CANARIA_TRY_(return, CANARIA_JOIN(try_result_, __LINE__), target, __VA_ARGS__)
#define CO_TRY(target, ...) CANARIA_TRY_(co_return, CANARIA_JOIN(try_result_, __LINE__), target, __VA_ARGS__)
#define CANARIA_CHECK_(leave, name, ...) \
  auto name = (__VA_ARGS__);             \
  if (!name) leave ::canaria::fail(std::move(name).error())
#define CHECK_OK(...) CANARIA_CHECK_(return, CANARIA_JOIN(check_result_, __LINE__), __VA_ARGS__)
#define CO_CHECK(...) CANARIA_CHECK_(co_return, CANARIA_JOIN(check_result_, __LINE__), __VA_ARGS__)
