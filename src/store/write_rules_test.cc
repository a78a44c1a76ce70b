// The store with rules for content and Namespaces: what it asks them, when, and what becomes of their answers.
#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/loop.h"
#include "async/timers.h"
#include "json/patch.h"
#include "store/metadata.h"
#include "store/object_store.h"

namespace canaria::store {
namespace {

using testing::HasSubstr;

struct ManualClock : Clock {
  Time time = *parse_time("2026-08-01T12:00:00Z");
  Time now() const override { return time; }
};

// Fills in spec.filled, refuses spec.forbidden, counts, and takes every patch with a schema for a merge patch.
struct FakeRules : ContentRules {
  Result<json::Value> admitted(const ContentWrite& write, json::Value wanted) const override {
    ++asked;
    was_applied = write.is_applied;
    had_before = write.before != nullptr;
    if (json::find(wanted, "spec.forbidden")) return fail(Code::kInvalid, "spec.forbidden: not allowed");
    json::Value& spec = wanted.get_object()["spec"];
    if (!spec.is_object()) spec.emplace_object();
    spec.get_object()["filled"] = true;
    return wanted;
  }
  Result<json::Value> patched(const ContentWrite& write, PatchKind kind, const json::Value& patch) const override {
    last_kind = kind;
    json::Value base = write.before ? *write.before : json::Value(json::Object());
    return json::merge_patch(std::move(base), patch);
  }
  mutable int asked = 0;
  mutable bool was_applied = false;
  mutable bool had_before = false;
  mutable PatchKind last_kind = PatchKind::kMerge;
};

class WriteRulesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "canaria-rules-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    StoreOptions options;
    options.directory = directory_;
    options.rules.content = &rules_;
    options.rules.namespaces = NamespaceRule::kMustExist;
    auto opened = ObjectStore::open(loop_, clock_, std::move(options));
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    json::Value shop = json::Object{{"metadata", {{"name", "shop"}}}};
    ASSERT_TRUE(loop_.block_on(store_->create(api::resources::namespaces(), {"", "shop"}, std::move(shop), WriteOptions())));
  }
  void TearDown() override {
    loop_.block_on(store_->stop());
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  Result<json::Value> create(json::Value spec, const std::string& namespace_ = "shop") {
    json::Value object = json::Object{{"metadata", {{"name", "web"}}}, {"spec", std::move(spec)}};
    return loop_.block_on(store_->create(api::resources::rollouts(), {namespace_, "web"}, std::move(object), WriteOptions()));
  }
  Result<json::Value> patch(PatchKind kind, json::Value body, WriteOptions options = {}) {
    return loop_.block_on(store_->patch(api::resources::rollouts(), {"shop", "web"}, kind, std::move(body), std::move(options)));
  }
  Result<json::Value> remove_shop() {
    return loop_.block_on(store_->remove_object(api::resources::namespaces(), {"", "shop"}, DeleteOptions()));
  }

  async::Loop loop_;
  ManualClock clock_;
  FakeRules rules_;
  std::string directory_;
  std::unique_ptr<ObjectStore> store_;
};

TEST_F(WriteRulesTest, StoresWhatWasAdmitted) {
  const auto created = create(json::Object{{"replicas", 1}});
  ASSERT_TRUE(created) << created.error().message;
  EXPECT_TRUE(created->at("spec").at("filled").as_bool());
  EXPECT_FALSE(rules_.had_before);
  EXPECT_EQ(loop_.block_on(store_->get(api::resources::rollouts(), {"shop", "web"})), *created);
  EXPECT_EQ(create(json::Object{{"forbidden", 1}}).error().code, Code::kInvalid);
}

TEST_F(WriteRulesTest, WhatTheRulesFillInIsNoChangeOfTheUsers) {
  const auto created = create(json::Object{{"replicas", 1}});
  json::Value wanted = *created;
  wanted.at("spec").as_object().erase("filled");
  const auto updated =
      loop_.block_on(store_->update(api::resources::rollouts(), {"shop", "web"}, std::move(wanted), WriteOptions()));
  ASSERT_TRUE(updated) << updated.error().message;
  EXPECT_EQ(*updated, *created) << "neither generation nor resourceVersion have moved";
  EXPECT_TRUE(rules_.had_before);
}

TEST_F(WriteRulesTest, PatchesWithASchemaAreTheRules) {
  ASSERT_TRUE(create(json::Object{{"replicas", 1}}));
  const auto strategic = patch(PatchKind::kStrategic, json::Object{{"spec", {{"replicas", 2}}}});
  ASSERT_TRUE(strategic) << strategic.error().message;
  EXPECT_EQ(rules_.last_kind, PatchKind::kStrategic);
  EXPECT_FALSE(rules_.was_applied);
  EXPECT_EQ(json::int_at(*strategic, "metadata.generation"), 2);
  const auto refused = patch(PatchKind::kApply, json::Object{{"spec", {{"forbidden", 2}}}});
  EXPECT_EQ(refused.error().code, Code::kInvalid);
  EXPECT_TRUE(rules_.was_applied);
  WriteOptions on_status;
  on_status.subresource = "status";
  const auto status = patch(PatchKind::kApply, json::Object{{"status", {{"phase", "Healthy"}}}}, std::move(on_status));
  EXPECT_EQ(json::text_at(*status, "status.phase"), "Healthy");
}

TEST_F(WriteRulesTest, ApplyCreatesWhatIsMissing) {
  const auto applied = patch(PatchKind::kApply, json::Object{{"spec", {{"replicas", 3}}}});
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(json::text_at(*applied, "metadata.name"), "web");
  EXPECT_EQ(json::text_at(*applied, "metadata.namespace"), "shop");
  EXPECT_NE(json::text_at(*applied, "metadata.uid"), "");
  EXPECT_TRUE(rules_.was_applied);
  EXPECT_EQ(patch(PatchKind::kApply, json::Object{{"spec", {{"replicas", 4}}}})->at("metadata").at("uid"),
            applied->at("metadata").at("uid"));
}

TEST_F(WriteRulesTest, NothingIsCreatedInANamespaceThatIsNotThereOrGoes) {
  const auto nowhere = create(json::Object(), "nowhere");
  EXPECT_EQ(nowhere.error().code, Code::kNotFound);
  EXPECT_EQ(nowhere.error().message, "namespaces \"nowhere\" not found");
  ASSERT_TRUE(remove_shop());
  const auto refused = create(json::Object());
  EXPECT_EQ(refused.error().code, Code::kForbidden);
  EXPECT_EQ(refused.error().message,
            "rollouts.argoproj.io \"web\" is forbidden: unable to create new content in namespace shop because it is being "
            "terminated");
  ASSERT_EQ(refused.error().causes.size(), 1U);
  EXPECT_EQ(refused.error().causes[0].reason, "NamespaceTerminating");
}

Task<void> watch_slowly(ObjectStore* store, std::vector<Revision>* seen, std::size_t* pauses) {
  WatchQuery query;
  query.timeout = Seconds(1);
  StoredSink sink = [seen](const StoredEvent& event) { seen->push_back(event.object->revision); };
  StoredPause pause = [pauses]() -> Task<Status> {
    ++*pauses;
    co_await async::sleep_for(Millis(20));
    co_return Status();
  };
  const Status ended =
      co_await store->watch_stored(api::resources::rollouts(), std::move(query), std::move(sink), std::move(pause));
  EXPECT_TRUE(ended);
}

TEST_F(WriteRulesTest, AWatchThatPausesMissesNothing) {
  std::vector<Revision> seen;
  std::size_t pauses = 0;
  async::Scope scope(loop_);
  scope.spawn(watch_slowly(store_.get(), &seen, &pauses));
  ASSERT_TRUE(create(json::Object{{"replicas", 0}}));
  for (int i = 1; i <= 10; ++i) ASSERT_TRUE(patch(PatchKind::kMerge, json::Object{{"spec", {{"replicas", i}}}}));
  loop_.block_on(scope.join());
  // The last one is the bookmark at the end, if anything came after; eleven changes in order before it.
  ASSERT_GE(seen.size(), 11U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_LT(pauses, 30U);
}

}  // namespace
}  // namespace canaria::store
