#include "kube/fenced_client.h"

namespace canaria::kube {

Status FencedClient::check() const {
  if (may_write_()) return Status();
  return fail(Code::kUnavailable, "this process does not hold the lease any more, another controller may be acting");
}

Task<Result<json::Value>> FencedClient::create(api::Resource resource, api::ObjectKey key, json::Value object,
                                               WriteOptions options) {
  CO_CHECK(check());
  co_return co_await inner_.create(std::move(resource), std::move(key), std::move(object), std::move(options));
}

Task<Result<json::Value>> FencedClient::update(api::Resource resource, api::ObjectKey key, json::Value object,
                                               WriteOptions options) {
  CO_CHECK(check());
  co_return co_await inner_.update(std::move(resource), std::move(key), std::move(object), std::move(options));
}

Task<Result<json::Value>> FencedClient::patch(api::Resource resource, api::ObjectKey key, PatchKind kind, json::Value body,
                                              WriteOptions options) {
  CO_CHECK(check());
  co_return co_await inner_.patch(std::move(resource), std::move(key), kind, std::move(body), std::move(options));
}

Task<Status> FencedClient::remove(api::Resource resource, api::ObjectKey key, Propagation propagation) {
  CO_CHECK(check());
  co_return co_await inner_.remove(std::move(resource), std::move(key), propagation);
}

Task<Status> FencedClient::remove_now(api::Resource resource, api::ObjectKey key, std::string uid) {
  CO_CHECK(check());
  co_return co_await inner_.remove_now(std::move(resource), std::move(key), std::move(uid));
}

}  // namespace canaria::kube
