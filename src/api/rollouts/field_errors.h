// Collects field errors in the notation of the Kubernetes API: "<path>: <kind>[: <value>][: <detail>]". Numbers and booleans
// are printed bare, strings in quotes, everything else as compact JSON. Private to api/rollouts.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/rollouts/validation.h"
#include "json/value.h"
#include "json/write.h"

namespace canaria::api {

class FieldErrors {
 public:
  void invalid(std::string path, const json::Value& value, std::string_view detail) {
    add(std::move(path), "Invalid value", &value, detail);
  }
  void required(std::string path, std::string_view detail = "") { add(std::move(path), "Required value", nullptr, detail); }
  void forbidden(std::string path, std::string_view detail) { add(std::move(path), "Forbidden", nullptr, detail); }
  void internal(std::string path, std::string_view detail) { add(std::move(path), "Internal error", nullptr, detail); }
  void duplicate(std::string path, const json::Value& value) { add(std::move(path), "Duplicate value", &value, ""); }
  void not_found(std::string path, const json::Value& value) { add(std::move(path), "Not found", &value, ""); }
  // `supported` as it is to be printed: "Always", "Never" with quotes.
  void unsupported(std::string path, const json::Value& value, std::string_view supported) {
    add(std::move(path), "Unsupported value", &value, "supported values: " + std::string(supported));
  }
  // One that is already spelled out.
  void add(std::string path, std::string detail) { list_.push_back({std::move(path), std::move(detail)}); }

  bool empty() const { return list_.empty(); }
  std::vector<FieldError> take() { return std::move(list_); }

 private:
  void add(std::string path, std::string text, const json::Value* value, std::string_view detail) {
    if (value) text += ": " + (value->is_string() ? json::write(*value) : json::write_go(*value));
    if (!detail.empty()) text.append(": ").append(detail);
    add(std::move(path), std::move(text));
  }

  std::vector<FieldError> list_;
};

// "steps[2]".
inline std::string element(const std::string& list, std::size_t index) { return list + "[" + std::to_string(index) + "]"; }

inline const char* yes_no(bool flag) { return flag ? "true" : "false"; }

}  // namespace canaria::api
