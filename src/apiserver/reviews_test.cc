// What a client may ask about itself.
#include "apiserver/server_fixture.h"

namespace canaria::apiserver {
namespace {

const std::string kAccess = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const std::string kRules = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
const std::string kWho = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

class ReviewsTest : public ServerTest {
 protected:
  bool may(const std::string& spec) {
    const Reply reply = post(kAccess, R"({"spec":)" + spec + "}");
    EXPECT_EQ(reply.status, 201) << reply.text;
    return json::find(reply.body, "status.allowed")->as_bool();
  }
};

TEST_F(ReviewsTest, TheMasterMayEverythingAndOthersLookAround) {
  const std::string pods = R"({"resourceAttributes":{"verb":"list","resource":"pods","namespace":"default"}})";
  const std::string paths = R"({"nonResourceAttributes":{"verb":"get","path":"/apis/apps"}})";
  EXPECT_TRUE(may(pods));
  EXPECT_TRUE(may(paths));
  token_ = "guest-token";
  EXPECT_FALSE(may(pods));
  EXPECT_TRUE(may(paths));
  EXPECT_FALSE(may(R"({"nonResourceAttributes":{"verb":"get","path":"/metrics"}})"));
}

TEST_F(ReviewsTest, AreRefusedWithoutAQuestion) {
  for (const char* spec : {"{}", R"({"resourceAttributes":{},"nonResourceAttributes":{}})"})
    EXPECT_EQ(post(kAccess, R"({"spec":)" + std::string(spec) + "}").status, 422) << spec;
  EXPECT_EQ(post(kRules, R"({"spec":{}})").status, 400);
  EXPECT_EQ(get(kAccess).status, 405) << "there is nothing to list";
}

TEST_F(ReviewsTest, TellRulesAndWhoAsks) {
  const Reply rules = post(kRules, R"({"spec":{"namespace":"default"}})");
  EXPECT_EQ(rules.status, 201);
  EXPECT_EQ(json::write(json::find(rules.body, "status.resourceRules")->as_array()[0]),
            R"({"verbs":["*"],"apiGroups":["*"],"resources":["*"]})");
  EXPECT_EQ(json::write(*json::find(post(kWho, "{}").body, "status.userInfo")),
            R"({"username":"admin","groups":["system:masters","system:authenticated"]})");
  token_ = "guest-token";
  const Reply guest = post(kRules, R"({"spec":{"namespace":"default"}})");
  EXPECT_TRUE(json::find(guest.body, "status.resourceRules")->as_array().empty());
  EXPECT_EQ(text_at(post(kWho, "{}"), "status.userInfo.username"), "guest");
}

}  // namespace
}  // namespace canaria::apiserver
