#include "kube/fenced_client.h"

#include <gtest/gtest.h>

#include "async/loop.h"

namespace canaria::kube {
namespace {

// Answers everything and counts what arrives.
class CountingClient final : public ObjectClient {
 public:
  int reads = 0;
  int writes = 0;

  Task<Result<json::Value>> get(api::Resource, api::ObjectKey) override {
    ++reads;
    co_return json::Value(json::Object());
  }
  Task<Result<ObjectList>> list(api::Resource, ListQuery) override {
    ++reads;
    co_return ObjectList();
  }
  Task<Status> watch(api::Resource, WatchQuery, WatchSink) override {
    ++reads;
    co_return Status();
  }
  Task<Result<json::Value>> create(api::Resource, api::ObjectKey, json::Value object, WriteOptions) override {
    ++writes;
    co_return object;
  }
  Task<Result<json::Value>> update(api::Resource, api::ObjectKey, json::Value object, WriteOptions) override {
    ++writes;
    co_return object;
  }
  Task<Result<json::Value>> patch(api::Resource, api::ObjectKey, PatchKind, json::Value body, WriteOptions) override {
    ++writes;
    co_return body;
  }
  Task<Status> remove(api::Resource, api::ObjectKey, Propagation) override {
    ++writes;
    co_return Status();
  }
};

struct Fence {
  async::Loop loop;
  CountingClient inner;
  bool may_write = true;
  FencedClient client{inner, [this] { return may_write; }};
  const api::Resource& rollouts = api::resources::rollouts();
  const api::ObjectKey key{"shop", "web"};

  // The code of every kind of write, kInternal for success.
  std::vector<Code> write_all() {
    const auto code = [](const auto& result) { return result ? Code::kInternal : result.error().code; };
    return {code(loop.block_on(client.create(rollouts, key, json::Value(), WriteOptions()))),
            code(loop.block_on(client.update(rollouts, key, json::Value(), WriteOptions()))),
            code(loop.block_on(client.patch(rollouts, key, PatchKind::kMerge, json::Value(), WriteOptions()))),
            code(loop.block_on(client.remove(rollouts, key, Propagation::kBackground)))};
  }
  void read_all() {
    EXPECT_TRUE(loop.block_on(client.get(rollouts, key)));
    EXPECT_TRUE(loop.block_on(client.list(rollouts, ListQuery())));
    EXPECT_TRUE(loop.block_on(client.watch(rollouts, WatchQuery(), [](const WatchEvent&) {})));
  }
};

TEST(FencedClient, PassesEverythingOnWhileItMay) {
  Fence fence;
  EXPECT_EQ(fence.write_all(), std::vector<Code>(4, Code::kInternal));
  fence.read_all();
  EXPECT_EQ(fence.inner.writes, 4);
  EXPECT_EQ(fence.inner.reads, 3);
}

TEST(FencedClient, ReadsButNeverWritesAfterTheLeaseIsGone) {
  Fence fence;
  fence.may_write = false;
  EXPECT_EQ(fence.write_all(), std::vector<Code>(4, Code::kUnavailable));
  fence.read_all();
  EXPECT_EQ(fence.inner.writes, 0);
  EXPECT_EQ(fence.inner.reads, 3);
}

}  // namespace
}  // namespace canaria::kube
