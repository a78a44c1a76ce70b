#include "store/owner_graph.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace canaria::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

enum class Blocks { kNo, kYes };

json::Value object(const std::string& uid, const std::vector<std::string>& owners, const std::string& finalizer = "",
                   Blocks blocks = Blocks::kNo) {
  json::Object metadata{{"name", "n-" + uid}, {"namespace", "shop"}, {"uid", uid}};
  json::Array references;
  for (const std::string& owner : owners)
    references.push_back(json::Object{{"uid", owner}, {"blockOwnerDeletion", blocks == Blocks::kYes}});
  if (!owners.empty()) metadata["ownerReferences"] = references;
  if (!finalizer.empty()) {
    metadata["finalizers"] = json::Array{json::Value(finalizer)};
    metadata["deletionTimestamp"] = "2026-08-01T12:00:00Z";
  }
  return json::Object{{"metadata", metadata}};
}

struct Print {
  std::string operator()(const DeleteObject& action) const { return "delete " + action.object.uid; }
  std::string operator()(const DropOwner& action) const { return action.object.uid + " without owner " + action.owner_uid; }
  std::string operator()(const DropFinalizer& action) const { return action.object.uid + " without " + action.finalizer; }
};

class OwnerGraphTest : public testing::Test {
 protected:
  void put(const json::Value& value) { graph_.put(api::resources::pods(), value); }
  std::vector<std::string> verdict(const std::string& uid) const {
    std::vector<std::string> lines;
    for (const CollectorAction& action : graph_.verdict(uid)) lines.push_back(std::visit(Print(), action));
    return lines;
  }
  OwnerGraph graph_;
};

TEST_F(OwnerGraphTest, AGoneOwnerTakesItsDependentsAlong) {
  put(object("owner", {}));
  put(object("a", {"owner"}));
  put(object("b", {"owner", "other"}));
  put(object("other", {}));
  EXPECT_THAT(verdict("owner"), IsEmpty());
  EXPECT_THAT(graph_.drop("owner"), ElementsAre("owner"));
  EXPECT_THAT(verdict("owner"), ElementsAre("delete a", "b without owner owner"));
}

TEST_F(OwnerGraphTest, AnObjectMadeAfterItsOwnerHadGoneIsDeleted) {
  put(object("late", {"never"}));
  EXPECT_THAT(verdict("late"), ElementsAre("delete late"));
  EXPECT_THAT(graph_.uids(), ElementsAre("late", "never"));
}

TEST_F(OwnerGraphTest, ForegroundWaitsForThoseThatBlock) {
  put(object("owner", {}, "foregroundDeletion"));
  put(object("a", {"owner"}, "", Blocks::kYes));
  put(object("b", {"owner"}));
  EXPECT_THAT(verdict("owner"), ElementsAre("delete a", "delete b"));
  put(object("a", {"owner"}, "its/own", Blocks::kYes));
  EXPECT_THAT(verdict("owner"), ElementsAre("delete b")) << "a is being deleted and still blocks";
  graph_.drop("a");
  EXPECT_THAT(verdict("owner"), ElementsAre("delete b", "owner without foregroundDeletion"));
}

TEST_F(OwnerGraphTest, OrphaningKeepsTheDependents) {
  put(object("owner", {}, "orphan"));
  put(object("a", {"owner"}));
  EXPECT_THAT(verdict("owner"), ElementsAre("a without owner owner"));
  put(object("a", {}));
  EXPECT_THAT(verdict("owner"), ElementsAre("owner without orphan"));
}

TEST_F(OwnerGraphTest, ObjectsWithoutRelationsAreNobodysConcern) {
  EXPECT_THAT(graph_.put(api::resources::pods(), object("alone", {})), IsEmpty());
  EXPECT_THAT(graph_.drop("alone"), IsEmpty());
}

}  // namespace
}  // namespace canaria::store
