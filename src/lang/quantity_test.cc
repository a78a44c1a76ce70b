// Spellings observed at the reference, and comparison by amount.
#include "lang/quantity.h"

#include <gtest/gtest.h>

#include <array>

namespace canaria::lang {
namespace {

struct Spelling {
  std::string_view given;
  std::string_view canonical;
};

TEST(Quantity, IsSpelledAsTheApiDoes) {
  static constexpr std::array kSpellings{
      Spelling{"1000m", "1"},       Spelling{"0.5", "500m"},          Spelling{".5", "500m"},
      Spelling{"1024Mi", "1Gi"},    Spelling{"1Gi", "1Gi"},           Spelling{"1.5Gi", "1536Mi"},
      Spelling{"1.1Gi", "1181116006400m"}, Spelling{"0.5Ki", "512"},  Spelling{"0.1Ki", "102400m"},
      Spelling{"512Ki", "512Ki"},   Spelling{"1e3", "1e3"},           Spelling{"12e2", "1200"},
      Spelling{"1e-1", "100e-3"},   Spelling{"1000e3", "1e6"},        Spelling{"1e19", "10e18"},
      Spelling{"0", "0"},           Spelling{"-0", "0"},              Spelling{"0Mi", "0"},
      Spelling{"-1.5Gi", "-1536Mi"}, Spelling{"0.1n", "1n"},          Spelling{"-0.1n", "-1n"},
      Spelling{"1500e-12", "2e-9"}, Spelling{"0.0001", "100u"},       Spelling{"1.23456789012345", "1234567891n"},
      Spelling{"10000000000000000000", "10E"}, Spelling{"1000000", "1M"}, Spelling{"123456", "123456"},
      Spelling{"1.10", "1100m"},    Spelling{"8Ei", "9223372036854775807"}, Spelling{"7Ei", "7Ei"},
      Spelling{"-9Ei", "-9223372036854775807"}, Spelling{"1048576", "1048576"}, Spelling{"2048Ki", "2Mi"},
      Spelling{"0.9Mi", "943718400m"}, Spelling{"3.7Ti", "4068193022771200m"}, Spelling{"999999999999999999999", "999999999999999999999"},
      Spelling{"+5", "+5"},         Spelling{"007", "007"},           Spelling{"1E3", "1E3"},
      Spelling{"1.", "1."},         Spelling{"+1000", "1k"},          Spelling{"+1Gi", "+1Gi"},
      Spelling{"+1024Mi", "1Gi"},   Spelling{"1E19", "10e18"},        Spelling{"1e-12", "1e-9"},
      Spelling{"5000E", "5"},       Spelling{"1023Ki", "1023Ki"},     Spelling{"5.0", "5"},
  };
  for (const auto& [given, canonical] : kSpellings) EXPECT_EQ(canonical_quantity(given).value_or("malformed"), canonical) << given;
}

TEST(Quantity, RejectsWhatIsNone) {
  for (const std::string_view text : {"", "abc", "1.2.3", "1mi", "1KI", "1e", "1m5", "5 ", "--1", ".", "1ei"})
    EXPECT_FALSE(Quantity::parse(text)) << text;
}

TEST(Quantity, ComparesByAmount) {
  const auto amount = [](std::string_view text) { return *Quantity::parse(text); };
  EXPECT_EQ(amount("1"), amount("1000m"));
  EXPECT_EQ(amount("1Gi"), amount("1073741824"));
  EXPECT_EQ(amount("-0"), amount("0"));
  EXPECT_EQ(amount("1.5Gi").amount(), amount("1610612736").amount());
  EXPECT_LT(amount("999m"), amount("1"));
  EXPECT_LT(amount("-2"), amount("-1"));
  EXPECT_LT(amount("-1"), amount("0"));
  EXPECT_LT(amount("0"), amount("1n"));
  EXPECT_GT(amount("1Gi"), amount("1G"));
  EXPECT_DOUBLE_EQ(amount("1.5Gi").to_double(), 1610612736.0);
}

TEST(Quantity, RoundsResourcesUpToMilli) {
  EXPECT_EQ(Quantity::parse("100u")->rounded_up(-3).canonical(), "1m");
  EXPECT_EQ(Quantity::parse("0.9999")->rounded_up(-3).canonical(), "1");
  EXPECT_EQ(Quantity::parse("-1u")->rounded_up(-3).canonical(), "-1m");
  EXPECT_EQ(Quantity::parse("2")->rounded_up(-3).canonical(), "2");
}

}  // namespace
}  // namespace canaria::lang
