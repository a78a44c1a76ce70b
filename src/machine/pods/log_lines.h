// The log files of one container as a stream of lines: across rotations, from the start or the last lines, as text.
//
// The files are in the CRI format, "<RFC 3339 nano> stdout F <line>"; P instead of F marks a piece of a line that goes on.
// Reads at most 64 KiB at once; blocks for as long as the page cache needs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace canaria::machine {

class LogLines {
 public:
  // Names the files there are now, oldest first.
  using FileNames = std::function<std::vector<std::string>()>;

  explicit LogLines(FileNames names) : names_(std::move(names)) {}
  ~LogLines();
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;

  // Where reading begins; without it at the oldest line.
  void start_at_last(std::int64_t lines);
  // Whole raw lines that have not been read yet; empty when there are none now.
  std::string next();

 private:
  bool open(const std::string& path, std::int64_t offset);
  bool open_following();
  void close();

  FileNames names_;
  int file_ = -1;
  std::uint64_t inode_ = 0;
  std::string rest_;  // the beginning of a line whose end is not there yet
};

struct LogFormat {
  bool has_timestamps = false;
  std::optional<Time> since;
};
// What kubectl prints for raw lines. Lines that are not in the format are printed as they are.
std::string format_log_lines(std::string_view raw, const LogFormat& format);

}  // namespace canaria::machine
