// An ObjectClient that reads always and writes only while it may: the last line of defense against two controllers acting at
// once. A process that was frozen and wakes up after its lease has passed to another would otherwise carry out what it had
// planned before it notices. A request that is already on its way cannot be held back; nothing can do that.
#pragma once

#include <functional>
#include <utility>

#include "ports/object_client.h"

namespace canaria::kube {

class FencedClient final : public ObjectClient {
 public:
  // Asked before every write, on the loop. The inner client must outlive this one.
  FencedClient(ObjectClient& inner, std::function<bool()> may_write) : inner_(inner), may_write_(std::move(may_write)) {}

  Task<Result<json::Value>> get(api::Resource resource, api::ObjectKey key) override {
    return inner_.get(std::move(resource), std::move(key));
  }
  Task<Result<ObjectList>> list(api::Resource resource, ListQuery query) override {
    return inner_.list(std::move(resource), std::move(query));
  }
  Task<Status> watch(api::Resource resource, WatchQuery query, WatchSink sink) override {
    return inner_.watch(std::move(resource), std::move(query), std::move(sink));
  }

  // Refused writes fail with kUnavailable.
  Task<Result<json::Value>> create(api::Resource resource, api::ObjectKey key, json::Value object, WriteOptions options) override;
  Task<Result<json::Value>> update(api::Resource resource, api::ObjectKey key, json::Value object, WriteOptions options) override;
  Task<Result<json::Value>> patch(api::Resource resource, api::ObjectKey key, PatchKind kind, json::Value body,
                                  WriteOptions options) override;
  Task<Status> remove(api::Resource resource, api::ObjectKey key, Propagation propagation) override;
  Task<Status> remove_now(api::Resource resource, api::ObjectKey key, std::string uid) override;

 private:
  Status check() const;

  ObjectClient& inner_;
  std::function<bool()> may_write_;
};

}  // namespace canaria::kube
