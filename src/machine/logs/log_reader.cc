#include "machine/logs/log_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "async/timers.h"
#include "machine/runtime/log_writer.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kPiece = 64 << 10;  // more than the longest line
constexpr Millis kFollowPause{100};

std::string read_at(int file, off_t offset, std::size_t size) {
  std::string text(size, '\0');
  ssize_t read = -1;
  do read = ::pread(file, text.data(), size, offset);
  while (read < 0 && errno == EINTR);
  text.resize(read > 0 ? static_cast<std::size_t>(read) : 0);
  return text;
}

off_t size_of(int file) {
  struct stat facts {};
  return ::fstat(file, &facts) == 0 ? facts.st_size : 0;
}

// Where the last `count` lines begin, going backwards; what is missing is left in `count`.
off_t find_tail(int file, std::int64_t& count) {
  const off_t size = size_of(file);
  for (off_t end = size; end > 0;) {
    const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(kPiece));
    const std::string piece = read_at(file, begin, static_cast<std::size_t>(end - begin));
    for (std::size_t at = piece.size(); at > 0; --at) {
      const off_t position = begin + static_cast<off_t>(at);
      if (piece[at - 1] != '\n' || position == size) continue;  // the newline at the very end begins no line
      if (--count == 0) return position;
    }
    end = begin;
  }
  if (size > 0) --count;  // the first line of the file
  return 0;
}

}  // namespace

std::optional<LogLine> parse_log_line(std::string_view line) {
  LogLine result;
  const auto take = [&line](std::string_view& word) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || space == 0) return false;
    word = line.substr(0, space);
    line.remove_prefix(space + 1);
    return true;
  };
  std::string_view tags;
  if (!take(result.stamp) || !take(result.stream)) return std::nullopt;
  if (result.stream != "stdout" && result.stream != "stderr") return std::nullopt;
  if (!take(tags)) {  // an empty line may come without the space before its text
    tags = line;
    line = {};
  }
  const std::string_view first = tags.substr(0, tags.find(':'));
  if (first != "F" && first != "P") return std::nullopt;
  result.is_partial = first == "P";
  result.text = line;
  return result;
}

LogReader::LogReader(LogFileList list, LogSelection selection) : list_(std::move(list)), selection_(std::move(selection)) {
  if (!selection_.since) return;
  const auto whole = std::chrono::floor<Seconds>(*selection_.since);
  const auto rest = std::chrono::nanoseconds(*selection_.since - whole);
  since_stamp_ = format_log_time(whole.time_since_epoch().count(), rest.count());
}

// Opens what is newer than the newest open file. If that one is gone already, so are some lines: goes on with the oldest.
bool LogReader::open_newer() {
  std::vector<OpenFile> found;
  for (const std::string& path : list_()) {
    OpenFile file;
    file.descriptor.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts {};
    if (!file.descriptor || ::fstat(file.descriptor.get(), &facts) != 0) continue;
    file.device = facts.st_dev;
    file.inode = facts.st_ino;
    const auto is_same = [&file](const OpenFile& other) { return other.device == file.device && other.inode == file.inode; };
    if (!files_.empty() && is_same(files_.back())) found.clear();  // what came before is older
    else if (std::none_of(found.begin(), found.end(), is_same)) found.push_back(std::move(file));
  }
  for (OpenFile& file : found) files_.push_back(std::move(file));
  return !found.empty();
}

void LogReader::skip_to_tail() {
  std::int64_t missing = *selection_.tail_lines;
  for (std::size_t number = files_.size(); number > 0; --number) {
    OpenFile& file = files_[number - 1];
    file.offset = missing > 0 ? find_tail(file.descriptor.get(), missing) : size_of(file.descriptor.get());
  }
}

std::string LogReader::next() {
  if (is_complete()) return "";
  if (!is_opened_) {
    is_opened_ = open_newer();
    if (is_opened_ && selection_.tail_lines) skip_to_tail();
  }
  for (;;) {
    if (files_.empty()) return "";
    std::string text = read_lines(files_.front());
    if (!text.empty() || is_complete()) return text;
    // At the end of the oldest. Whether there is a newer one is asked before the last look, which therefore sees everything.
    if (files_.size() == 1 && !open_newer()) return "";
    text = read_lines(files_.front());
    if (!text.empty()) return text;
    files_.pop_front();
  }
}

// Only whole lines, until some text has come together or the file is at its end.
std::string LogReader::read_lines(OpenFile& file) {
  std::string text;
  while (text.empty() && !is_complete()) {
    // The writer takes back what it could not write completely.
    if (const off_t size = size_of(file.descriptor.get()); size < file.offset) file.offset = size;
    const std::string piece = read_at(file.descriptor.get(), file.offset, kPiece);
    const std::size_t end = piece.rfind('\n');
    if (end == std::string::npos) {
      if (piece.size() == kPiece) file.offset += static_cast<off_t>(kPiece);  // no line of ours
      else break;
      continue;
    }
    std::string_view lines(piece.data(), end + 1);
    file.offset += static_cast<off_t>(lines.size());
    while (!lines.empty()) {
      const std::size_t newline = lines.find('\n');
      add_line(lines.substr(0, newline), text);
      lines.remove_prefix(newline + 1);
    }
    if (selection_.limit_bytes) {
      text.resize(std::min(text.size(), static_cast<std::size_t>(*selection_.limit_bytes)));
      *selection_.limit_bytes -= static_cast<std::int64_t>(text.size());
    }
  }
  return text;
}

void LogReader::add_line(std::string_view line, std::string& text) {
  const auto parsed = parse_log_line(line);
  if (!parsed || parsed->stamp < since_stamp_) return;
  if (selection_.has_timestamps && is_new_line_) text.append(parsed->stamp).append(" ");
  text.append(parsed->text);
  if (!parsed->is_partial) text.push_back('\n');
  is_new_line_ = !parsed->is_partial;
}

Task<Status> read_log(LogFileList list, LogSelection selection, std::function<bool()> is_running, LogSink sink) {
  LogReader reader(std::move(list), std::move(selection));
  while (!reader.is_complete()) {
    // Asked before reading: what was written until the end is read then.
    const bool more_may_come = is_running && is_running();
    for (std::string text = reader.next(); !text.empty(); text = reader.next()) {
      Task<Status> given = sink(std::move(text));
      const Status taken = co_await std::move(given);
      CO_CHECK(taken);
    }
    if (!more_may_come) break;
    co_await async::sleep_for(kFollowPause);
  }
  co_return Status();
}

}  // namespace canaria::machine
