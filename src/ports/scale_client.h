// The door to the scale subresource of any kind that has one: how many pods there are, and how many there are to be, without
// knowing the kind. What an autoscaler works on.
#pragma once

#include <cstdint>
#include <string>

#include "api/meta/resource.h"
#include "async/task.h"
#include "base/result.h"

namespace canaria {

// What is scaled, as an object refers to it.
struct ScaleTarget {
  ScaleTarget() = default;  // not an aggregate: g++ 12 mishandles those in co_await expressions
  std::string api_version;
  std::string kind;
  api::ObjectKey key;
};

struct Scale {
  Scale() = default;
  std::int32_t wanted = 0;       // spec.replicas
  std::int32_t present = 0;      // status.replicas
  std::string selector;          // of the pods, as text; empty: none
  std::string resource_version;
};

class ScaleClient {
 public:
  virtual ~ScaleClient() = default;

  // Any version of the kind will do. Fails with kNotFound when there is no such kind, object or scale subresource.
  virtual Task<Result<Scale>> scale_of(ScaleTarget target) = 0;
  // Fails with kConflict when the object has changed since resource_version.
  virtual Task<Status> resize(ScaleTarget target, std::int32_t replicas, std::string resource_version) = 0;
};

}  // namespace canaria
