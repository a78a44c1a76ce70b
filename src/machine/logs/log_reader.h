// Reads what a container has written, as `kubectl logs` shows it, from files in the CRI log format that are turned over while
// they are read (runtime/log_writer.h writes them, podman's k8s-file driver writes the same).
//
// A line marked partial is shown without its newline; the rest of it follows. Malformed lines are left out.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "async/task.h"
#include "base/result.h"
#include "base/time.h"
#include "machine/runtime/descriptor.h"
#include "ports/pod_logs.h"

namespace canaria::machine {

struct LogLine {
  std::string_view stamp;
  std::string_view stream;  // "stdout" or "stderr"
  bool is_partial = false;
  std::string_view text;    // without the newline
};
// Of one line of the file, without its newline; empty when malformed.
std::optional<LogLine> parse_log_line(std::string_view line);

struct LogSelection {
  LogSelection() = default;
  explicit LogSelection(const LogQuery& query)
      : tail_lines(query.tail_lines), since(query.since), limit_bytes(query.limit_bytes), has_timestamps(query.timestamps) {}
  std::optional<std::int64_t> tail_lines;
  std::optional<Time> since;
  std::optional<std::int64_t> limit_bytes;
  bool has_timestamps = false;
};

// The paths that exist now, oldest first; asked again whenever the end is reached.
using LogFileList = std::function<std::vector<std::string>()>;

class LogReader {
 public:
  LogReader(LogFileList list, LogSelection selection);

  // The next piece of text, of bounded size; empty when there is nothing more for now.
  std::string next();
  // Whether limit_bytes have been given.
  bool is_complete() const { return selection_.limit_bytes && *selection_.limit_bytes <= 0; }

 private:
  struct OpenFile {
    OwnedDescriptor descriptor;
    dev_t device = 0;
    ino_t inode = 0;
    off_t offset = 0;  // of the first line that was not read
  };

  bool open_newer();
  void skip_to_tail();
  std::string read_lines(OpenFile& file);
  void add_line(std::string_view line, std::string& text);

  LogFileList list_;
  LogSelection selection_;
  std::string since_stamp_;
  std::deque<OpenFile> files_;
  bool is_opened_ = false;
  bool is_new_line_ = true;
};

// Gives the whole log to the sink. With `is_running` it follows: it waits for more as long as that says so.
// Fails only with the sink's error.
Task<Status> read_log(LogFileList list, LogSelection selection, std::function<bool()> is_running, LogSink sink);

}  // namespace canaria::machine
