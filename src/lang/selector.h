// Label selectors, in both notations of Kubernetes: the object of specs (matchLabels, matchExpressions) and the text of
// `kubectl -l` and status.selector ("app=web,tier in (a,b),!legacy").
//
// Both become Requirements, a list that must hold as a whole. Field selectors are not here.
#pragma once

#include <boost/describe/class.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace canaria::lang {

using Labels = std::map<std::string, std::string>;

struct LabelSelectorRequirement {
  std::string key;
  std::string operator_;  // In, NotIn, Exists, DoesNotExist
  std::vector<std::string> values;
  bool operator==(const LabelSelectorRequirement&) const = default;
};
BOOST_DESCRIBE_STRUCT(LabelSelectorRequirement, (), (key, operator_, values))

struct LabelSelector {
  Labels matchLabels;
  std::vector<LabelSelectorRequirement> matchExpressions;
  bool operator==(const LabelSelector&) const = default;
  bool empty() const { return matchLabels.empty() && matchExpressions.empty(); }
};
BOOST_DESCRIBE_STRUCT(LabelSelector, (), (matchLabels, matchExpressions))

enum class Match { kEquals, kNotEquals, kIn, kNotIn, kExists, kDoesNotExist, kGreaterThan, kLessThan };

// One condition on one label. kEquals and kNotEquals have one value, kIn and kNotIn at least one, kGreaterThan and
// kLessThan one integer, the rest none. kNotEquals and kNotIn also hold when the label is missing.
struct Requirement {
  std::string key;
  Match match = Match::kExists;
  std::vector<std::string> values;  // sorted
  bool operator==(const Requirement&) const = default;
};

// All must hold; an empty list matches everything. Sorted by key.
using Requirements = std::vector<Requirement>;

bool matches(const Requirements& requirements, const Labels& labels);
std::string selector_text(const Requirements& requirements);

// The requirements of a selector object. Fails with kInvalid on an operator, key or value that Kubernetes refuses.
Result<Requirements> to_requirements(const LabelSelector& selector);

// The requirements in a `kubectl -l` text. Fails with kInvalid and Kubernetes' text ("unable to parse requirement: ...").
Result<Requirements> parse_selector(std::string_view text);

// Shorthands: an unusable selector matches nothing and has no text. Each call checks the selector anew; who matches many
// objects makes the Requirements once.
// An empty selector matches everything; absence of a selector is the caller's std::optional.
bool matches(const LabelSelector& selector, const Labels& labels);
std::string selector_text(const LabelSelector& selector);

// What Kubernetes has against a label key or value; empty when it is fine. Texts are those of its API server.
std::vector<std::string> label_key_problems(std::string_view key);
std::vector<std::string> label_value_problems(std::string_view value);

// One fault of a selector object as field errors spell it: "<path>: <text>", where text is such as
// `Invalid value: "Foo": not a valid selector operator`.
struct SelectorProblem {
  std::string path;
  std::string text;
};

// Every fault, in the order of the API server's validation; `path` is where the selector stands ("spec.selector").
std::vector<SelectorProblem> selector_problems(const LabelSelector& selector, std::string_view path);

}  // namespace canaria::lang
