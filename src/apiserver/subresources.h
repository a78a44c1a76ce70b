// Subresources that are kinds of their own: scale (autoscaling/v1 Scale, a view of a few fields of the object), a Pod's eviction
// (a deletion) and a Pod's binding (its node). Each becomes an ordinary write of the object.
#pragma once

#include "apiserver/api_request.h"
#include "store/object_store.h"

namespace canaria::apiserver {

// The Scale of an object.
json::Value scale_of(const ServedResource& served, const json::Value& object);

class Subresources {
 public:
  explicit Subresources(store::ObjectStore& store) : store_(store) {}

  static bool serves(std::string_view subresource);
  // REQUIRES: serves(request->path.subresource).
  Task<net::ServerResponse> serve(RequestPointer request);

 private:
  Task<net::ServerResponse> serve_scale(RequestPointer request);
  Task<Result<json::Value>> write_scale(RequestPointer request);
  Task<net::ServerResponse> evict(RequestPointer request);
  Task<net::ServerResponse> bind(RequestPointer request);
  // The object itself. Fails with kNotFound.
  Result<json::Value> current(const ApiRequest& request) const;

  store::ObjectStore& store_;
};

}  // namespace canaria::apiserver
