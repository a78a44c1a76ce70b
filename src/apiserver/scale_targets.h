// The scale subresource for controllers in this process: the same view of an object that clients get over HTTP.
#pragma once

#include "apiserver/served_resources.h"
#include "ports/scale_client.h"
#include "store/object_store.h"

namespace canaria::apiserver {

class ScaleTargets final : public ScaleClient {
 public:
  // Both must outlive this object.
  ScaleTargets(const ServedResources& served, store::ObjectStore& store) : served_(served), store_(store) {}

  Task<Result<Scale>> scale_of(ScaleTarget target) override;
  Task<Status> resize(ScaleTarget target, std::int32_t replicas, std::string resource_version) override;

 private:
  Result<const ServedResource*> resource_of(const ScaleTarget& target) const;

  const ServedResources& served_;
  store::ObjectStore& store_;
};

}  // namespace canaria::apiserver
