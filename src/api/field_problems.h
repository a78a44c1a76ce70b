// Collects what is wrong with an object in the words of a Kubernetes API server: "Invalid value: 0: must be between ...".
// Private to api. (The rules on Rollouts have a collector of their own, rollouts/field_errors.h: other order, other texts.)
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/schema.h"
#include "json/value.h"
#include "json/write.h"

namespace canaria::api {

class FieldProblems {
 public:
  using Words = std::initializer_list<std::string_view>;

  void invalid(std::string path, const json::Value& value, std::string_view detail) {
    add(json::Problem::kInvalidValue, std::move(path), "Invalid value: " + spelled(value) + ": " + std::string(detail));
  }
  void invalid_text(std::string path, std::string_view value, std::string_view detail) {
    invalid(std::move(path), json::Value(value), detail);
  }
  // One error for each problem.
  void invalid_text(const std::string& path, std::string_view value, const std::vector<std::string>& problems) {
    for (const std::string& problem : problems) invalid_text(path, value, problem);
  }
  void required(std::string path, std::string_view detail = "") {
    add(json::Problem::kRequired, std::move(path), "Required value" + (detail.empty() ? "" : ": " + std::string(detail)));
  }
  void forbidden(std::string path, std::string_view detail) {
    add(json::Problem::kForbidden, std::move(path), "Forbidden: " + std::string(detail));
  }
  void duplicate(std::string path, const json::Value& value) {
    add(json::Problem::kDuplicate, std::move(path), "Duplicate value: " + spelled(value));
  }
  void not_found(std::string path, std::string_view name) {
    add(json::Problem::kNotFound, std::move(path), "Not found: " + spelled(json::Value(name)));
  }
  void too_long(std::string path, std::size_t bytes_max) {
    add(json::Problem::kTooLong, std::move(path), "Too long: may not be more than " + std::to_string(bytes_max) + " bytes");
  }
  void unsupported(std::string path, const json::Value& value, Words supported) {
    std::string text = "Unsupported value: " + spelled(value) + ": supported values: ";
    const char* separator = "";
    for (const std::string_view word : supported) {
      text.append(separator).append("\"").append(word).append("\"");
      separator = ", ";
    }
    add(json::Problem::kUnsupportedValue, std::move(path), std::move(text));
  }

  // The frequent rules. Texts that are empty and numbers that are absent are nobody's fault here.
  void one_of(const std::string& path, std::string_view value, Words supported) {
    if (!value.empty() && std::ranges::find(supported, value) == supported.end())
      unsupported(path, json::Value(value), supported);
  }
  void not_negative(const std::string& path, std::optional<std::int64_t> number) {
    if (number && *number < 0) invalid(path, *number, "must be greater than or equal to 0");
  }
  void unchanged(const std::string& path, const json::Value* before, const json::Value* now) {
    if ((before ? *before : json::Value(nullptr)) == (now ? *now : json::Value(nullptr))) return;
    invalid(path, now ? *now : json::Value(nullptr), "field is immutable");
  }

  void add(json::Problem problem, std::string path, std::string text) {
    list_.push_back({problem, std::move(path), std::move(text)});
  }
  std::size_t size() const { return list_.size(); }
  std::vector<json::FieldError> take() { return std::move(list_); }

 private:
  static std::string spelled(const json::Value& value) { return value.is_string() ? json::write(value) : json::write_go(value); }

  std::vector<json::FieldError> list_;
};

// "ports[2]".
inline std::string item_path(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

}  // namespace canaria::api
