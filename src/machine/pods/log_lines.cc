#include "machine/pods/log_lines.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace canaria::machine {
namespace {

constexpr std::size_t kChunk = 64 << 10;

// The offset behind the n-th line break from the end, counting those of whole lines; or how many are missing.
struct Back {
  std::int64_t offset = 0;
  std::int64_t missing = 0;
};
Back line_from_end(int file, std::int64_t lines) {
  std::array<char, 16 << 10> block;
  std::int64_t at = ::lseek(file, 0, SEEK_END);
  std::int64_t breaks = 0;
  while (at > 0) {
    const auto size = std::min<std::int64_t>(at, static_cast<std::int64_t>(block.size()));
    at -= size;
    const auto got = ::pread(file, block.data(), static_cast<std::size_t>(size), at);
    if (got != size) break;
    for (std::int64_t i = size - 1; i >= 0; --i)
      if (block.at(static_cast<std::size_t>(i)) == '\n' && breaks++ == lines) return {at + i + 1, 0};
  }
  return {0, lines - breaks};
}

std::uint64_t inode_of(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_ino : 0;
}

}  // namespace

LogLines::~LogLines() { close(); }

void LogLines::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

bool LogLines::open(const std::string& path, std::int64_t offset) {
  close();
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) return false;
  struct stat facts {};
  ::fstat(file_, &facts);
  inode_ = facts.st_ino;
  ::lseek(file_, offset, SEEK_SET);
  return true;
}

void LogLines::start_at_last(std::int64_t lines) {
  const std::vector<std::string> paths = names_();
  for (auto path = paths.rbegin(); path != paths.rend(); ++path) {
    if (!open(*path, 0)) continue;
    const Back back = line_from_end(file_, lines);
    ::lseek(file_, back.offset, SEEK_SET);
    if (back.missing <= 0) return;
    lines = back.missing;
  }
}

// The file after the one that has been read to its end; a rotation may have renamed that or taken it away.
bool LogLines::open_following() {
  const std::vector<std::string> paths = names_();
  if (paths.empty()) return false;
  if (file_ < 0) return open(paths.front(), 0);
  const auto current = std::find_if(paths.begin(), paths.end(), [this](const auto& path) { return inode_of(path) == inode_; });
  if (current == paths.end()) return open(paths.front(), 0);
  return current + 1 != paths.end() && open(*(current + 1), 0);
}

std::string LogLines::next() {
  std::string text = std::move(rest_);
  rest_.clear();
  for (;;) {
    const std::size_t begin = text.size();
    if (file_ >= 0) {
      text.resize(begin + kChunk);
      const auto got = ::read(file_, text.data() + begin, kChunk);
      text.resize(begin + (got > 0 ? static_cast<std::size_t>(got) : 0));
    }
    const std::size_t end = text.rfind('\n');
    if (end != std::string::npos) {
      rest_ = text.substr(end + 1);
      text.resize(end + 1);
      return text;
    }
    if (text.size() > begin) continue;  // a line longer than a chunk
    if (!open_following()) break;
  }
  rest_ = std::move(text);
  return {};
}

std::string format_log_lines(std::string_view raw, const LogFormat& format) {
  std::string result;
  bool is_line_begin = true;
  while (!raw.empty()) {
    const std::size_t end = raw.find('\n');
    std::string_view line = raw.substr(0, end);
    raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 1);
    const std::size_t first = line.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    const std::size_t third = second == std::string_view::npos ? second : line.find(' ', second + 1);
    const std::string_view tag = third == std::string_view::npos ? "" : line.substr(second + 1, third - second - 1);
    if (tag != "F" && tag != "P") {
      result.append(line).append("\n");
      continue;
    }
    const std::string_view time = line.substr(0, first);
    if (format.since) {
      const auto at = parse_time(time);
      if (at && *at < *format.since) continue;
    }
    if (format.has_timestamps && is_line_begin) result.append(time).append(" ");
    result.append(line.substr(third + 1));
    is_line_begin = tag == "F";
    if (is_line_begin) result.append("\n");
  }
  return result;
}

}  // namespace canaria::machine
