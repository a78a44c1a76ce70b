#include "telemetry/log.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <fmt/format.h>
#include <unistd.h>

#include "json/write.h"

namespace canaria::telemetry {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"trace", "debug", "info", "warning", "error", "fatal", "panic"};

struct Logger {
  Level level = Level::kInfo;
  LogFormat format = LogFormat::kText;
  std::function<void(std::string_view)> sink;
};

Logger& logger() {
  static Logger instance;
  return instance;
}

void write_to_standard_error(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody listens; a controller must not stop for that
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._/@^+").find(c) != std::string_view::npos;
  });
}

std::string quoted(std::string_view text) { return json::write(json::Value(text)); }

void append_text(std::string& line, std::string_view key, std::string_view value) {
  if (!line.empty()) line += ' ';
  line += key;
  line += '=';
  line += is_plain(value) ? std::string(value) : quoted(value);
}

void append_json(std::string& line, std::string_view key, const std::string& value) {
  line += line.empty() ? '{' : ',';
  line += quoted(key);
  line += ':';
  line += value;
}

}  // namespace

std::string Field::number_text(double value) { return std::isfinite(value) ? json::write_number(value) : "null"; }

Status configure_log(std::string_view level, std::string_view format) {
  std::string name(level);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  if (name == "warn") name = "warning";
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end())
    return fail(Code::kInvalid, fmt::format("log level \"{}\": must be panic, fatal, error, warn, info, debug or trace", level));
  logger().level = static_cast<Level>(found - kNames.begin());
  logger().format = format == "json" ? LogFormat::kJson : LogFormat::kText;
  return {};
}

bool is_logged(Level level) { return level >= logger().level; }

void log(Level level, std::string_view message, const Field* begin, const Field* end) {
  if (!is_logged(level)) return;
  const Time now = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  const std::string line = format_line(logger().format, now, level, message, begin, end) + "\n";
  if (logger().sink) logger().sink(line);
  else write_to_standard_error(line);
}

std::string format_line(LogFormat format, Time time, Level level, std::string_view message, const Field* begin,
                        const Field* end) {
  std::string line;
  const std::string_view name = kNames[static_cast<std::size_t>(level)];
  if (format == LogFormat::kText) {
    line = "time=\"" + format_time(time) + "\"";
    append_text(line, "level", name);
    line += " msg=" + quoted(message);
    for (const Field* field = begin; field != end; ++field) append_text(line, field->key, field->text);
    return line;
  }
  append_json(line, "level", quoted(name));
  append_json(line, "msg", quoted(message));
  append_json(line, "time", quoted(format_time(time)));
  for (const Field* field = begin; field != end; ++field)
    append_json(line, field->key, field->is_literal ? field->text : quoted(field->text));
  return line + "}";
}

void redirect_log(std::function<void(std::string_view)> sink) { logger().sink = std::move(sink); }

}  // namespace canaria::telemetry
