// What clients may keep, and how they ask whether it is still the same.
#include "apiserver/document_caching.h"

#include <gtest/gtest.h>

namespace canaria::apiserver {
namespace {

net::ServerRequest asked(std::string path, std::string query = "", std::string tag = "") {
  net::ServerRequest request;
  request.method = "GET";
  request.path = std::move(path);
  request.query = std::move(query);
  if (!tag.empty()) request.headers.emplace_back("If-None-Match", std::move(tag));
  return request;
}

TypedDocument document() { return {"application/json", "{}"}; }

const Time kNow = *parse_time("2026-11-24T03:04:05Z");

TEST(DocumentCaching, AnswersWithoutBodyWhoHasItAlready) {
  const net::ServerResponse first = cacheable_answer(asked("/apis"), document(), kNow);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "{}");
  const std::string tag(find_header(first.headers, "ETag"));
  EXPECT_EQ(tag, '"' + document_hash("{}") + '"');
  const net::ServerResponse second = cacheable_answer(asked("/apis", "", tag), document(), kNow);
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.body, "");
  EXPECT_EQ(cacheable_answer(asked("/apis", "", "\"other\""), document(), kNow).status, 200);
}

TEST(DocumentCaching, WhatIsAskedForByItsHashIsKeptForAYear) {
  const net::ServerResponse lasting = cacheable_answer(asked("/openapi/v3/api/v1", "hash=ABC&timeout=32s"), document(), kNow);
  EXPECT_EQ(find_header(lasting.headers, "Cache-Control"), "public, immutable");
  EXPECT_EQ(find_header(lasting.headers, "Expires"), "Wed, 24 Nov 2027 03:04:05 GMT");
  EXPECT_EQ(find_header(lasting.headers, "Date"), "Tue, 24 Nov 2026 03:04:05 GMT");
  const net::ServerResponse index = cacheable_answer(asked("/openapi/v3", "timeout=32s"), document(), kNow);
  EXPECT_EQ(find_header(index.headers, "Cache-Control"), "public");
  EXPECT_EQ(find_header(index.headers, "Expires"), "");
}

}  // namespace
}  // namespace canaria::apiserver
