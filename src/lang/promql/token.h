// The words of PromQL: identifiers, numbers, durations, strings, operators. Comments (# to the end of the line) are skipped.
// Whether an identifier is a keyword is decided by the parser, because nearly all keywords may be names too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace canaria::lang::promql {

enum class TokenKind { kEnd, kIdentifier, kNumber, kDuration, kString, kSymbol };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;                // as written; of a string what it means
  std::size_t position = 0;
  double number = 0;               // of kNumber
  std::int64_t duration_ms = 0;    // of kDuration
  bool is(std::string_view symbol) const { return kind == TokenKind::kSymbol && text == symbol; }
};

// Always ends with a kEnd. Fails with kBadRequest: "1:5: parse error: ...".
Result<std::vector<Token>> tokens_of(std::string_view text);

// "1:5: parse error: <what>" with line and column of the position.
std::string parse_error(std::string_view text, std::size_t position, const std::string& what);

// "5m", "1h30m", "500ms"; units ms s m h d w y, each at most once, the largest first. Fails with kBadRequest.
Result<std::int64_t> parse_duration_ms(std::string_view text);

}  // namespace canaria::lang::promql
