#include "lang/promql/parse.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "lang/promql/functions.h"
#include "lang/promql/token_cursor.h"
#include "lang/promql/type_check.h"
#include "lang/promql/words.h"

namespace canaria::lang::promql {
namespace {

class Parser : private TokenCursor {
 public:
  using TokenCursor::TokenCursor;

  Result<ExpressionPtr> whole() {
    if (token().kind == TokenKind::kEnd) return error(0, "no expression found in input");
    TRY(ExpressionPtr result, expression(0));
    if (token().kind != TokenKind::kEnd) return unexpected("");
    return result;
  }

 private:
  // Every node goes through here: its types are checked and its height is bounded.
  template <class Node>
  Result<ExpressionPtr> made(Node node, std::size_t position, int height_below) {
    auto result = std::make_unique<Expression>();
    result->height = height_below + 1;
    result->position = position;
    if (result->height > kHeightMax) return error(position, "the expression is nested too deeply");
    result->node = std::move(node);
    auto type = checked_type(*result);
    if (!type) return error(type.error().position, type.error().message);
    result->type = *type;
    return result;
  }

  // ---- expressions

  const OperatorRow* operator_here() const {
    const Token& here = token();
    return here.kind == TokenKind::kSymbol || here.kind == TokenKind::kIdentifier ? find_operator(lower(here.text)) : nullptr;
  }

  // Operators that bind at least as tightly as the lowest.
  Result<ExpressionPtr> expression(int lowest) {
    if (++depth_ > kHeightMax) return error(token().position, "the expression is nested too deeply");
    TRY(ExpressionPtr left, unary());
    for (const OperatorRow* row = operator_here(); row && row->precedence >= lowest; row = operator_here()) {
      TRY(left, binary(std::move(left), *row));
    }
    --depth_;
    return left;
  }

  Result<ExpressionPtr> binary(ExpressionPtr left, const OperatorRow& row) {
    BinaryOperation node;
    node.operation = row.operation;
    node.operator_position = take().position;
    if (is_word("bool")) {
      if (!is_comparison(row.operation))
        return error(node.operator_position, "bool modifier can only be used on comparison operators");
      take();
      node.comparison = ComparisonResult::kBool;
    }
    CHECK_OK(matching(node, row));
    const bool is_right_associative = row.operation == Operator::kPower;
    TRY(node.right, expression(is_right_associative ? row.precedence : row.precedence + 1));
    node.left = std::move(left);
    const std::size_t position = node.left->position;
    const int height = std::max(node.left->height, node.right->height);
    return made(std::move(node), position, height);
  }

  Status matching(BinaryOperation& node, const OperatorRow& row) {
    if (!is_word("on") && !is_word("ignoring")) return {};
    node.matching.by = is_word("on") ? MatchBy::kOn : MatchBy::kIgnoring;
    take();
    TRY(node.matching.labels, label_names("grouping opts"));
    if (!is_word("group_left") && !is_word("group_right")) return {};
    node.matching.cardinality = is_word("group_left") ? Cardinality::kManyToOne : Cardinality::kOneToMany;
    const std::size_t position = take().position;
    if (is_set_operator(node.operation))
      return error(position, "no grouping allowed for \"" + std::string(row.text) + "\" operation");
    if (!token().is("(")) return {};
    // What follows may also be the operand in parentheses; a list of names alone is taken as labels, as Prometheus does.
    TRY(node.matching.included, label_names("grouping opts"));
    for (const std::string& name : node.matching.included)
      if (node.matching.by == MatchBy::kOn &&
          std::find(node.matching.labels.begin(), node.matching.labels.end(), name) != node.matching.labels.end())
        return error(position, "label \"" + name + "\" must not occur in ON and GROUP clause at once");
    return {};
  }

  Result<ExpressionPtr> unary() {
    if (!token().is("-") && !token().is("+")) return postfix();
    const Token sign = take();
    // Weaker than ^ and as strong as *: -a^b is -(a^b), -a*b is (-a)*b.
    TRY(ExpressionPtr operand, expression(kPowerPrecedence));
    if (operand->type != ValueType::kScalar && operand->type != ValueType::kVector)
      return error(sign.position,
                   std::string("unary expression only allowed on expressions of type scalar or instant vector, got \"") +
                       to_string(operand->type) + "\"");
    if (sign.text == "+") return operand;
    const int height = operand->height;
    return made(Negation{std::move(operand)}, sign.position, height);
  }

  // What may follow: [range], offset.
  Result<ExpressionPtr> postfix() {
    TRY(ExpressionPtr result, primary());
    bool has_offset = false;
    for (;;) {
      Selector* selector = std::get_if<Selector>(&result->node);
      const std::size_t position = token().position;
      if (take_if("[")) {
        CHECK_OK(range(*result, selector, position, has_offset));
      } else if (is_word("offset")) {
        take();
        const bool is_negative = take_if("-");
        if (token().kind != TokenKind::kDuration) return unexpected("offset", "duration");
        const std::int64_t length = take().duration_ms;
        if (!selector || is_parenthesized_)
          return error(position,
                       "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery");
        if (has_offset) return error(position, "offset may not be set multiple times");
        selector->offset_ms = is_negative ? -length : length;
        has_offset = true;
      } else if (token().is("@")) {
        return error(position, "the @ modifier is not supported by this endpoint");
      } else {
        return result;
      }
      is_parenthesized_ = false;
    }
  }

  Status range(Expression& expression, Selector* selector, std::size_t position, bool has_offset) {
    if (token().kind != TokenKind::kDuration) return unexpected("range", "duration");
    const std::int64_t length = take().duration_ms;
    if (token().text.starts_with(':')) return error(position, "subqueries are not supported by this endpoint");
    CHECK_OK(expect("]", "range"));
    if (!selector || selector->range_ms != 0 || is_parenthesized_)
      return error(position, "ranges only allowed for vector selectors");
    if (has_offset) return error(position, "no offset modifiers allowed before range");
    if (length <= 0) return error(position, "duration must be greater than 0");
    selector->range_ms = length;
    expression.type = ValueType::kMatrix;
    return {};
  }

  Result<ExpressionPtr> primary() {
    is_parenthesized_ = false;
    const Token here = token();
    if (here.kind == TokenKind::kNumber) {
      take();
      return made(NumberLiteral{here.number}, here.position, 0);
    }
    if (here.kind == TokenKind::kString) {
      take();
      return made(TextLiteral{here.text}, here.position, 0);
    }
    if (take_if("(")) {
      TRY(ExpressionPtr inner, expression(0));
      CHECK_OK(expect(")", "paren expression"));
      is_parenthesized_ = true;
      return inner;
    }
    if (here.is("{")) return selector("", here.position);
    if (here.kind != TokenKind::kIdentifier) return unexpected("");
    return named(here);
  }

  Result<ExpressionPtr> named(const Token& here) {
    const std::string word = lower(here.text);
    if (word == "inf" || word == "nan") {
      take();
      const double value = word == "inf" ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
      return made(NumberLiteral{value}, here.position, 0);
    }
    const AggregationRow* row = find_aggregation(word);
    if (row && (token(1).is("(") || is_word("by", 1) || is_word("without", 1))) {
      take();
      return aggregation(*row, here);
    }
    const bool is_reserved =
        word == "bool" || word == "on" || word == "ignoring" || word == "group_left" || word == "group_right";
    if (is_reserved) return unexpected("");
    if (token(1).is("(")) {
      take();
      return call(here);
    }
    take();
    return selector(here.text, here.position);
  }

  // ---- selectors

  Result<ExpressionPtr> selector(const std::string& name, std::size_t position) {
    Selector node;
    if (!name.empty()) {
      TRY(Matcher matcher, Matcher::make(std::string(kMetricName), MatchKind::kEqual, name));
      node.matchers.push_back(std::move(matcher));
    }
    if (take_if("{")) {
      while (!token().is("}")) {
        TRY(Matcher matcher, label_matcher());
        if (!name.empty() && matcher.name() == kMetricName && matcher.kind() == MatchKind::kEqual)
          return error(position, "metric name must not be set twice: \"" + name + "\" or \"" + matcher.value() + "\"");
        node.matchers.push_back(std::move(matcher));
        if (!take_if(",") && !token().is("}")) return unexpected("label matching", "\",\" or \"}\"");
      }
      take();
    }
    const bool selects = std::any_of(node.matchers.begin(), node.matchers.end(), [](const Matcher& m) { return !m.fits(""); });
    if (!selects) return error(position, "vector selector must contain at least one non-empty matcher");
    return made(std::move(node), position, 0);
  }

  Result<Matcher> label_matcher() {
    if (token().kind != TokenKind::kIdentifier || token().text.find(':') != std::string::npos)
      return unexpected("label matching", "identifier or \"}\"");
    const Token name = take();
    std::optional<MatchKind> kind;
    if (token().is("=")) kind = MatchKind::kEqual;
    else if (token().is("!=")) kind = MatchKind::kNotEqual;
    else if (token().is("=~")) kind = MatchKind::kRegex;
    else if (token().is("!~")) kind = MatchKind::kNotRegex;
    if (!kind) return unexpected("label matching", "label matching operator");
    take();
    if (token().kind != TokenKind::kString) return unexpected("label matching", "string");
    auto made_matcher = Matcher::make(name.text, *kind, take().text);
    if (!made_matcher) return error(name.position, made_matcher.error().message);
    return made_matcher;
  }

  Result<std::vector<std::string>> label_names(const std::string& where) {
    CHECK_OK(expect("(", where));
    std::vector<std::string> names;
    while (!token().is(")")) {
      if (token().kind != TokenKind::kIdentifier || token().text.find(':') != std::string::npos)
        return unexpected(where, "label");
      names.push_back(take().text);
      if (!take_if(",") && !token().is(")")) return unexpected(where, "\",\" or \")\"");
    }
    take();
    return names;
  }

  // ---- calls

  Result<std::vector<ExpressionPtr>> arguments() {
    CHECK_OK(expect("(", "function call"));
    std::vector<ExpressionPtr> result;
    while (!take_if(")")) {
      if (!result.empty()) {
        CHECK_OK(expect(",", "function call"));
      }
      TRY(ExpressionPtr argument, expression(0));
      result.push_back(std::move(argument));
    }
    return result;
  }
  static int highest(const std::vector<ExpressionPtr>& arguments) {
    int height = 0;
    for (const ExpressionPtr& argument : arguments) height = std::max(height, argument->height);
    return height;
  }

  Status grouping(Aggregation& node) {
    if (!is_word("by") && !is_word("without")) return {};
    node.by = is_word("by") ? GroupBy::kLabels : GroupBy::kAllBut;
    take();
    TRY(node.labels, label_names("grouping opts"));
    return {};
  }

  Result<ExpressionPtr> aggregation(const AggregationRow& row, const Token& name) {
    Aggregation node;
    node.kind = row.kind;
    const bool is_grouped_first = !token().is("(");
    CHECK_OK(grouping(node));
    TRY(std::vector<ExpressionPtr> operands, arguments());
    if (!is_grouped_first) {
      CHECK_OK(grouping(node));
    }
    const std::size_t wanted = row.has_parameter ? 2 : 1;
    if (operands.empty()) return error(name.position, "no arguments for aggregate expression provided");
    if (operands.size() != wanted)
      return error(name.position, "wrong number of arguments for aggregate expression provided, expected " +
                                      std::to_string(wanted) + ", got " + std::to_string(operands.size()));
    const int height = highest(operands);
    node.operand = std::move(operands.back());
    if (wanted == 2) node.parameter = std::move(operands.front());
    return made(std::move(node), name.position, height);
  }

  Result<ExpressionPtr> call(const Token& name) {
    Call node;
    node.function = find_function(name.text);
    if (!node.function) return error(name.position, "unknown function with name \"" + name.text + "\"");
    TRY(node.arguments, arguments());
    const int height = highest(node.arguments);
    return made(std::move(node), name.position, height);
  }

  int depth_ = 0;
  bool is_parenthesized_ = false;  // what primary() has returned
};

}  // namespace

Result<ExpressionPtr> parse_expression(std::string_view text) {
  if (text.size() > kTextMax) return fail(Code::kBadRequest, "1:1: parse error: the expression is too long");
  TRY(std::vector<Token> tokens, tokens_of(text));
  return Parser(text, std::move(tokens)).whole();
}

Result<std::vector<Matcher>> parse_series_selector(std::string_view text) {
  TRY(ExpressionPtr parsed, parse_expression(text));
  Selector* selector = std::get_if<Selector>(&parsed->node);
  if (!selector || selector->range_ms != 0 || selector->offset_ms != 0)
    return fail(Code::kBadRequest, parse_error(text, parsed->position, "expected a series selector and nothing else"));
  return std::move(selector->matchers);
}

Result<Labels> parse_series(std::string_view text) {
  TRY(const std::vector<Matcher> matchers, parse_series_selector(text));
  Labels labels;
  for (const Matcher& matcher : matchers) {
    if (matcher.kind() != MatchKind::kEqual) return fail(Code::kBadRequest, "not a series: " + std::string(text));
    set_label(labels, matcher.name(), matcher.value());
  }
  return labels;
}

}  // namespace canaria::lang::promql
