#include "api/meta/name_syntax.h"

#include <gtest/gtest.h>

namespace canaria::api {
namespace {

TEST(NameSyntax, TellsAddressesFromOtherTexts) {
  for (const char* good :
       {"1.2.3.4", "127.255.0.0", "::", "::1", "2001:db8::ffff", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "fe80::"})
    EXPECT_TRUE(is_ip_address(good)) << good;
  for (const char* bad : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "x", ":", ":::", "1::2::3",
                          "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "1:2:3:4:5:6:7:", "g::"})
    EXPECT_FALSE(is_ip_address(bad)) << bad;
  EXPECT_FALSE(is_ipv4_address("::1"));
}

TEST(NameSyntax, KnowsLabelsAndSubdomains) {
  EXPECT_TRUE(dns_label_problems("a-1").empty());
  for (const char* bad : {"", "-a", "a-", "A", "a.b", "a_b"}) EXPECT_EQ(dns_label_problems(bad).size(), 1U) << bad;
  EXPECT_EQ(dns_label_problems(std::string(64, 'a')), std::vector<std::string>{"must be no more than 63 characters"});
  EXPECT_EQ(dns_label_problems("a.b"), std::vector<std::string>{"must not contain dots"});
  EXPECT_TRUE(dns_label_problems("A.b").front().starts_with("a lowercase RFC 1123 label must"));
  EXPECT_TRUE(dns_subdomain_problems("a.b-c.d").empty());
  for (const char* bad : {"", ".", "a.", "a..b", "A.b"}) EXPECT_EQ(dns_subdomain_problems(bad).size(), 1U) << bad;
  EXPECT_TRUE(wildcard_subdomain_problems("*.a.b").empty());
  for (const char* bad : {"*", "*.", "a.*.b", "**.a"}) EXPECT_EQ(wildcard_subdomain_problems(bad).size(), 1U) << bad;
}

TEST(NameSyntax, KnowsPortNamesAndPercentages) {
  for (const char* good : {"http", "a", "1a", "web-2"}) EXPECT_TRUE(port_name_problems(good).empty()) << good;
  for (const char* bad : {"123", "a--b", "-a", "Http"}) EXPECT_FALSE(port_name_problems(bad).empty()) << bad;
  for (const char* good : {"0%", "25%", "100%"}) EXPECT_TRUE(is_percentage(good)) << good;
  for (const char* bad : {"", "%", "-1%", "5", "1.5%", "5%%"}) EXPECT_FALSE(is_percentage(bad)) << bad;
}

TEST(NameSyntax, KnowsPathsBelowADomain) {
  for (const char* good : {"acme.io/foo", "a/b/c_D", "k8s.io/x:y"}) EXPECT_TRUE(domain_path_problems(good).empty()) << good;
  for (const char* bad : {"", "x", "/x", "x/", "A/x", "a/b c"}) EXPECT_EQ(domain_path_problems(bad).size(), 1U) << bad;
}

TEST(NameSyntax, KnowsFinalizers) {
  for (const char* good : {"kubernetes", "orphan", "foregroundDeletion", "example.com/x"})
    EXPECT_TRUE(finalizer_problems(good).empty()) << good;
  for (const char* bad : {"foo", "a b/c", ""}) EXPECT_FALSE(finalizer_problems(bad).empty()) << bad;
}

}  // namespace
}  // namespace canaria::api
