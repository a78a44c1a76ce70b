// Structured log lines on standard error, as text (key=value) or JSON (one object a line), with the keys that log pipelines
// of existing installations expect: time, level, msg, then the fields.
//
// One logger for the process: where the lines go is decided once, at start. No secrets in messages or fields.
#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace canaria::telemetry {

enum class Level { kTrace, kDebug, kInfo, kWarning, kError, kFatal, kPanic };
enum class LogFormat { kText, kJson };

// A key and a text, number or truth value.
struct Field {
  Field(std::string_view name, std::string_view value) : key(name), text(value) {}
  Field(std::string_view name, const char* value) : key(name), text(value) {}
  Field(std::string_view name, const std::string& value) : key(name), text(value) {}
  template <class T>
    requires std::integral<T> || std::floating_point<T>
  Field(std::string_view name, T value) : key(name), text(number_text(value)), is_literal(true) {}

  std::string key;
  std::string text;
  bool is_literal = false;  // written without quotes in JSON

 private:
  static std::string number_text(bool value) { return value ? "true" : "false"; }
  static std::string number_text(double value);
  template <std::integral T>
  static std::string number_text(T value) {
    return std::to_string(value);
  }
};
using Fields = std::initializer_list<Field>;

// Level: panic, fatal, error, warn, warning, info, debug or trace, in any case; anything else fails. Format: "json"; anything
// else is text.
Status configure_log(std::string_view level, std::string_view format);
bool is_logged(Level level);

void log(Level level, std::string_view message, const Field* begin, const Field* end);
inline void log(Level level, std::string_view message, Fields fields) {
  if (is_logged(level)) log(level, message, fields.begin(), fields.end());
}
inline void log_debug(std::string_view message, Fields fields) { log(Level::kDebug, message, fields); }
inline void log_info(std::string_view message, Fields fields) { log(Level::kInfo, message, fields); }
inline void log_warning(std::string_view message, Fields fields) { log(Level::kWarning, message, fields); }
inline void log_error(std::string_view message, Fields fields) { log(Level::kError, message, fields); }

// One line without its end. Pure; for the logger itself and for tests.
std::string format_line(LogFormat format, Time time, Level level, std::string_view message, const Field* begin, const Field* end);

// Where lines go, with their line break; empty: standard error again. For tests.
void redirect_log(std::function<void(std::string_view)> sink);

}  // namespace canaria::telemetry
