// Subresources that are kinds of their own: scale (autoscaling/v1 Scale, a view of a few fields of the object), a Pod's eviction
// (evictions.h) and a Pod's binding (its node). Each becomes an ordinary write of the object.
#pragma once

#include "apiserver/api_request.h"
#include "apiserver/evictions.h"
#include "store/object_store.h"

namespace canaria::apiserver {

// The Scale of an object.
json::Value scale_of(const ServedResource& served, const json::Value& object);
// The merge patch of the object that gives it so many replicas, as long as it has this version.
json::Value scale_patch(const ServedResource& served, std::int64_t replicas, std::string_view resource_version);

class Subresources {
 public:
  Subresources(store::ObjectStore& store, const Clock& clock) : store_(store), evictions_(store, clock) {}

  static bool serves(std::string_view subresource);
  // REQUIRES: serves(request->path.subresource).
  Task<net::ServerResponse> serve(RequestPointer request);

 private:
  Task<net::ServerResponse> serve_scale(RequestPointer request);
  Task<Result<json::Value>> write_scale(RequestPointer request);
  Task<net::ServerResponse> bind(RequestPointer request);
  // The object itself. Fails with kNotFound.
  Result<json::Value> current(const ApiRequest& request) const;

  store::ObjectStore& store_;
  Evictions evictions_;
};

}  // namespace canaria::apiserver
