// A place in a list of tokens: looking ahead, taking, and saying what was not expected there.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/promql/token.h"
#include "lang/promql/words.h"

namespace canaria::lang::promql {

class TokenCursor {
 public:
  // REQUIRES: the last token is a kEnd; the text they were made from outlives the cursor.
  TokenCursor(std::string_view text, std::vector<Token> tokens) : text_(text), tokens_(std::move(tokens)) {}

 protected:
  const Token& token(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  const Token& take() {
    const Token& taken = token();
    ++at_;
    return taken;
  }
  bool take_if(std::string_view symbol) {
    if (!token().is(symbol)) return false;
    ++at_;
    return true;
  }
  bool is_word(std::string_view word, std::size_t ahead = 0) const {
    return token(ahead).kind == TokenKind::kIdentifier && lower(token(ahead).text) == word;
  }
  tl::unexpected<Error> error(std::size_t position, const std::string& what) const {
    return fail(Code::kBadRequest, parse_error(text_, position, what));
  }
  tl::unexpected<Error> unexpected(const std::string& where, const std::string& expected = "") const {
    return error(token().position, "unexpected " + shown(token()) + (where.empty() ? "" : " in " + where) +
                                       (expected.empty() ? "" : ", expected " + expected));
  }
  Status expect(std::string_view symbol, const std::string& where) {
    if (!take_if(symbol)) return unexpected(where, "\"" + std::string(symbol) + "\"");
    return {};
  }

 private:
  static std::string shown(const Token& token) {
    switch (token.kind) {
      case TokenKind::kEnd: return "end of input";
      case TokenKind::kIdentifier: return "identifier \"" + token.text + "\"";
      case TokenKind::kNumber: return "number \"" + token.text + "\"";
      case TokenKind::kDuration: return "duration \"" + token.text + "\"";
      case TokenKind::kString: return "string \"" + token.text + "\"";
      case TokenKind::kSymbol: return "\"" + token.text + "\"";
    }
    return "";
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace canaria::lang::promql
