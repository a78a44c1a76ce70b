#include "lang/pattern.h"

#include <gtest/gtest.h>

namespace canaria::lang {
namespace {

TEST(Pattern, MatchesAnywhereUnlessAnchored) {
  EXPECT_TRUE(contains_match("b+", "abbc"));
  EXPECT_FALSE(contains_match("^b+$", "abbc"));
  EXPECT_TRUE(contains_match("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "web-1"));
  EXPECT_FALSE(contains_match("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "Web"));
  EXPECT_TRUE(contains_match(R"(^\d{3}$)", "123"));
}

TEST(Pattern, SaysWhatIsWrong) {
  EXPECT_EQ(pattern_problem("a(b)"), "");
  EXPECT_EQ(pattern_problem("a(b"), "error parsing regexp: missing ): a(b");
  EXPECT_NE(pattern_problem("(?=x)"), "") << "no look-ahead, as in Go";
  EXPECT_TRUE(contains_match("a(b", "zzz")) << "nobody is refused for a pattern that means nothing";
}

TEST(Pattern, ManyPatternsAreStillRight) {
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 600; ++i) {
      const std::string number = std::to_string(i);
      ASSERT_TRUE(contains_match("^" + number + "$", number));
    }
}

TEST(Pattern, HostilePatternEndsSoon) {
  EXPECT_FALSE(contains_match("^(a|a)*(a|a)*(a|a)*b$", std::string(2000, 'a')));
}

}  // namespace
}  // namespace canaria::lang
