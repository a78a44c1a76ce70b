// Writes what a container says into its log, line by line in the CRI format, and turns the file over when it is full:
//
//   2026-08-01T11:58:03.123456789Z stdout F a whole line
//   2026-08-01T11:58:03.123456789Z stderr P the beginning of a long or unfinished line
//
// A full disk never stops the container: what cannot be written is counted, and said in the log once there is room again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "machine/runtime/container_files.h"
#include "machine/runtime/descriptor.h"

namespace canaria::machine {

enum class OutputStream { kOut, kError };

class LogWriter {
 public:
  // Lines longer than this are written in pieces.
  static constexpr std::size_t kLineLimit = 16 << 10;

  LogWriter(std::string folder, LogLimits limits) : folder_(std::move(folder)), limits_(limits) {}

  void write(OutputStream stream, std::string_view bytes);
  // Writes what has no newline yet. Nothing may follow for that stream.
  void finish();
  // A line of our own about the container.
  void note(std::string_view text);
  std::int64_t lost_bytes() const { return lost_bytes_total_; }

 private:
  void add_line(OutputStream stream, char tag, std::string_view text);
  void flush();
  bool open_file();
  void rotate();
  bool append(std::string_view text);

  std::string folder_;
  LogLimits limits_;
  OwnedDescriptor file_;
  std::int64_t size_ = 0;
  std::string unfinished_[2];  // by stream
  std::string batch_;          // lines of this call, in one write
  std::string stamp_;
  std::int64_t lost_bytes_ = 0;
  std::int64_t lost_bytes_total_ = 0;
};

// "2026-08-01T11:58:03.123456789Z": the time of a log line, of fixed width so that texts compare as times do.
std::string format_log_time(std::int64_t seconds, std::int64_t nanoseconds);

}  // namespace canaria::machine
