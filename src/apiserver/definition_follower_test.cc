// Definitions that come and go while the server runs, on a real store.
#include "apiserver/definition_follower.h"

#include "apiserver/server_fixture.h"

namespace canaria::apiserver {
namespace {

const std::string kDefinitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const std::string kWidgets = "/apis/shop.example.com/v1/namespaces/default/widgets";

const std::string kDefinition =
    R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.shop.example.com"},)"
    R"("spec":{"group":"shop.example.com","scope":"Namespaced","names":{"kind":"Widget","plural":"widgets"},)"
    R"("versions":[{"name":"v1",)"
    R"("served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object",)"
    R"("x-kubernetes-preserve-unknown-fields":true}}}]}})";
const std::string kWidget = R"({"apiVersion":"shop.example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":{"a":1}})";

class DefinitionTest : public ServerTest {
 protected:
  bool is_established() {
    const auto definition = get(kDefinitions + "/widgets.shop.example.com");
    const json::Value* conditions = json::find(definition.body, "status.conditions");
    return conditions && conditions->as_array().size() == 2;
  }
};

TEST_F(DefinitionTest, IsServedAtOnceAndEstablishedSoon) {
  EXPECT_EQ(post(kWidgets, kWidget).status, 404);
  ASSERT_EQ(post(kDefinitions, kDefinition).status, 201);
  EXPECT_EQ(post(kWidgets, kWidget).status, 201);
  EXPECT_TRUE(eventually([&] { return is_established(); }));
  const auto definition = get(kDefinitions + "/widgets.shop.example.com");
  EXPECT_EQ(text_at(definition, "status.acceptedNames.listKind"), "WidgetList");
  EXPECT_EQ(json::find(definition.body, "status.storedVersions")->as_array().front(), "v1");
}

TEST_F(DefinitionTest, TakesItsObjectsWithIt) {
  ASSERT_EQ(post(kDefinitions, kDefinition).status, 201);
  ASSERT_EQ(post(kWidgets, kWidget).status, 201);
  EXPECT_EQ(remove(kDefinitions + "/widgets.shop.example.com").status, 200);
  EXPECT_TRUE(eventually([&] {
    clock_.time += Seconds(1);
    return get(kDefinitions + "/widgets.shop.example.com").status == 404;
  }));
  EXPECT_EQ(get(kWidgets).status, 404);
  // Nothing comes back with a new definition of that name.
  ASSERT_EQ(post(kDefinitions, kDefinition).status, 201);
  EXPECT_TRUE(get(kWidgets).body.at("items").as_array().empty());
}

TEST_F(DefinitionTest, RefusesWhatMakesNoSense) {
  std::string wrong = kDefinition;
  wrong.replace(wrong.find("\"Namespaced\""), 12, "\"Galaxy\"");
  const auto refused = post(kDefinitions, wrong);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(text_at(refused, "message"), testing::HasSubstr("spec.scope: Unsupported value: \"Galaxy\""));
}

}  // namespace
}  // namespace canaria::apiserver
