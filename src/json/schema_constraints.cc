// Formats other than date-time are not checked: the documented ones are hints, and clients may not rely on them.
#include "json/schema_constraints.h"

#include <algorithm>
#include <cmath>

#include "base/time.h"
#include "json/patch.h"
#include "json/write.h"

namespace canaria::json {

namespace {

// Code points, as OpenAPI counts.
std::int64_t length_of(std::string_view text) {
  return std::ranges::count_if(text, [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U; });
}

class Constraint {
 public:
  Constraint(const Value& value, const Constraints& wanted, const std::string& path, std::vector<FieldError>& errors)
      : value_(value), wanted_(wanted), path_(path), errors_(errors) {}

  void check() {
    if (value_.is_string()) check_text(value_.get_string());
    if (value_.is_number()) check_number(value_.to_number<double>());
    if (const Array* array = value_.if_array()) check_count(array->size(), wanted_.min_items, wanted_.max_items, "items");
    if (const Object* object = value_.if_object())
      check_count(object->size(), wanted_.min_properties, wanted_.max_properties, "properties");
    check_allowed();
  }

 private:
  void invalid(const std::string& shown, const std::string& text) {
    errors_.push_back({Problem::kInvalidValue, path_, "Invalid value: " + shown + ": " + path_ + " in body " + text});
  }

  void check_text(std::string_view text) {
    const std::string shown = write(value_);
    if (wanted_.max_length && length_of(text) > *wanted_.max_length)
      errors_.push_back(
          {Problem::kTooLong, path_, "Too long: may not be more than " + std::to_string(*wanted_.max_length) + " bytes"});
    if (wanted_.min_length && length_of(text) < *wanted_.min_length)
      invalid(shown, "should be at least " + std::to_string(*wanted_.min_length) + " chars long");
    if (!wanted_.pattern.empty() && wanted_.matches && !wanted_.matches(wanted_.pattern, text))
      invalid(shown, "should match '" + wanted_.pattern + "'");
    if (wanted_.format == "date-time" && !parse_time(text)) invalid(shown, "must be of type date-time: " + shown);
  }

  void check_number(double number) {
    const std::string shown = write(value_);
    if (wanted_.maximum) {
      const double most = wanted_.maximum->to_number<double>();
      if (wanted_.exclusive_maximum ? number >= most : number > most)
        invalid(shown, (wanted_.exclusive_maximum ? "should be less than " : "should be less than or equal to ") +
                           write(*wanted_.maximum));
    }
    if (wanted_.minimum) {
      const double least = wanted_.minimum->to_number<double>();
      if (wanted_.exclusive_minimum ? number <= least : number < least)
        invalid(shown, (wanted_.exclusive_minimum ? "should be greater than " : "should be greater than or equal to ") +
                           write(*wanted_.minimum));
    }
    if (wanted_.multiple_of && *wanted_.multiple_of > 0 && std::fabs(std::remainder(number, *wanted_.multiple_of)) > 1e-9)
      invalid(shown, "should be a multiple of " + write_number(*wanted_.multiple_of));
  }

  void check_count(std::size_t size, std::optional<std::int64_t> least, std::optional<std::int64_t> most, std::string_view what) {
    const auto count = static_cast<std::int64_t>(size);
    const std::string shown = std::to_string(size);
    if (least && count < *least) invalid(shown, "should have at least " + std::to_string(*least) + " " + std::string(what));
    if (most && count > *most)
      errors_.push_back(
          {Problem::kTooMany, path_, "Too many: " + shown + ": must have at most " + std::to_string(*most) + " items"});
  }

  void check_allowed() {
    if (wanted_.allowed.empty()) return;
    if (std::ranges::any_of(wanted_.allowed, [&](const Value& allowed) { return same_json(allowed, value_); })) return;
    std::string texts;
    for (const Value& allowed : wanted_.allowed) {
      const std::string text = allowed.is_string() ? write(allowed) : "\"" + write(allowed) + "\"";
      texts += (texts.empty() ? "" : ", ") + text;
    }
    errors_.push_back(
        {Problem::kUnsupportedValue, path_, "Unsupported value: " + write(value_) + ": supported values: " + texts});
  }

  const Value& value_;
  const Constraints& wanted_;
  const std::string& path_;
  std::vector<FieldError>& errors_;
};

}  // namespace

void check_constraints(const Value& value, const Constraints& wanted, const std::string& path, std::vector<FieldError>& errors) {
  Constraint(value, wanted, path, errors).check();
}

}  // namespace canaria::json
