// One condition on a label: service="web", code=~"5..". Regular expressions are RE2's and have to fit the whole value.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lang/promql/labels.h"

namespace re2 {
class RE2;
}

namespace canaria::lang::promql {

enum class MatchKind { kEqual, kNotEqual, kRegex, kNotRegex };

class Matcher {
 public:
  // Fails with kBadRequest on a regular expression that is none, or one that would need too much memory.
  static Result<Matcher> make(std::string name, MatchKind kind, std::string value);

  const std::string& name() const { return name_; }
  MatchKind kind() const { return kind_; }
  const std::string& value() const { return value_; }
  bool fits(std::string_view value) const;

 private:
  Matcher() = default;
  std::string name_;
  MatchKind kind_ = MatchKind::kEqual;
  std::string value_;
  std::shared_ptr<const re2::RE2> regex_;
};

bool fits_all(const std::vector<Matcher>& matchers, const Labels& labels);

// A regular expression that has to fit the whole text; what label_replace() works with.
class WholePattern {
 public:
  static Result<WholePattern> make(const std::string& pattern);
  // What the groups of the pattern matched, the whole text first; empty when it does not fit.
  std::vector<std::string> groups(const std::string& text) const;
  // The number of a named group; -1: none.
  int group_number(const std::string& name) const;

 private:
  std::shared_ptr<const re2::RE2> regex_;
};

}  // namespace canaria::lang::promql
