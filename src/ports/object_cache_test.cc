#include "ports/object_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace canaria {
namespace {

struct Thing {
  api::ObjectMeta metadata;
};

Thing parse_thing(const json::Value& value) {
  Thing thing;
  thing.metadata.namespace_ = json::text_at(value, "metadata.namespace");
  thing.metadata.name = json::text_at(value, "metadata.name");
  thing.metadata.resourceVersion = json::text_at(value, "metadata.resourceVersion");
  return thing;
}

json::Value thing(const std::string& name, int version) {
  const json::Object metadata = {{"namespace", "shop"}, {"name", name}, {"resourceVersion", std::to_string(version)}};
  return json::Object{{"metadata", metadata}};
}

class Cache : public testing::Test {
 protected:
  Cache() {
    cache.on_change([this](const auto& before, const auto& after) {
      const std::string name = (after ? after : before)->metadata.name;
      changes.push_back((before ? (after ? "~" : "-") : "+") + name);
    });
    cache.on_sync([this] { changes.push_back("synced"); });
  }
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& [key, object] : cache.all()) result.push_back(key.name + "@" + object->metadata.resourceVersion);
    return result;
  }
  ObjectCache<Thing> cache{parse_thing};
  std::vector<std::string> changes;
};

TEST_F(Cache, ARelistDropsWhatIsNotInIt) {
  cache.replace({thing("a", 1), thing("b", 2)}, "2");
  EXPECT_TRUE(cache.has_synced());
  changes.clear();
  cache.replace({thing("a", 1), thing("c", 5)}, "5");
  EXPECT_THAT(names(), testing::ElementsAre("a@1", "c@5"));
  EXPECT_THAT(changes, testing::ElementsAre("+c", "-b"));
}

TEST_F(Cache, ARelistThatFailsHalfwayLosesNothing) {
  cache.replace({thing("a", 1), thing("b", 2)}, "2");
  cache.begin_replace();
  cache.put(thing("a", 1));
  cache.begin_replace();
  cache.put(thing("b", 2));
  cache.end_replace("3");
  EXPECT_THAT(names(), testing::ElementsAre("b@2"));
}

TEST_F(Cache, ARelistKeepsWhatWasWrittenAfterIt) {
  cache.begin_replace();
  cache.put(thing("a", 1));
  cache.put(thing("ours", 9));  // the response to our own create, while the list is of version 5
  cache.begin_replace();
  cache.put(thing("a", 1));
  cache.end_replace("5");
  EXPECT_THAT(names(), testing::ElementsAre("a@1", "ours@9"));
}

TEST_F(Cache, SyncIsAnnouncedOnceAndAfterTheObjects) {
  cache.replace({thing("a", 1)}, "1");
  cache.replace({thing("a", 1)}, "1");
  EXPECT_THAT(changes, testing::ElementsAre("+a", "synced"));
}

TEST_F(Cache, OldVersionsAreIgnored) {
  cache.put(thing("a", 5));
  cache.put(thing("a", 4));
  cache.put(thing("a", 5));
  EXPECT_THAT(changes, testing::ElementsAre("+a"));
  cache.drop(thing("a", 3));
  EXPECT_EQ(cache.all().size(), 1U);
}

TEST_F(Cache, ALateResponseDoesNotBringADeletedObjectBack) {
  cache.put(thing("a", 5));
  cache.drop(thing("a", 8));
  cache.put(thing("a", 7));
  EXPECT_TRUE(cache.all().empty());
  cache.put(thing("a", 10));
  EXPECT_EQ(cache.all().size(), 1U) << "created again";
}

}  // namespace
}  // namespace canaria
