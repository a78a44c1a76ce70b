#include "machine/runtime/log_writer.h"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace canaria::machine {
namespace {

std::string stamp_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return format_log_time(now.tv_sec, now.tv_nsec);
}

}  // namespace

std::string format_log_time(std::int64_t seconds, std::int64_t nanoseconds) {
  const std::time_t whole = seconds;
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%09dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(nanoseconds));
  return text;
}

void LogWriter::write(OutputStream stream, std::string_view bytes) {
  stamp_ = stamp_now();
  std::string& unfinished = unfinished_[stream == OutputStream::kOut ? 0 : 1];
  while (!bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    const std::size_t take = std::min(newline == std::string_view::npos ? bytes.size() : newline, kLineLimit - unfinished.size());
    unfinished.append(bytes.substr(0, take));
    bytes.remove_prefix(take);
    if (take == newline) {
      add_line(stream, 'F', unfinished);
      bytes.remove_prefix(1);
    } else if (unfinished.size() == kLineLimit) {
      add_line(stream, 'P', unfinished);
    } else {
      continue;  // the rest of the line is yet to come
    }
    unfinished.clear();
  }
  flush();
}

void LogWriter::finish() {
  stamp_ = stamp_now();
  for (const OutputStream stream : {OutputStream::kOut, OutputStream::kError}) {
    std::string& unfinished = unfinished_[stream == OutputStream::kOut ? 0 : 1];
    if (!unfinished.empty()) add_line(stream, 'P', unfinished);
    unfinished.clear();
  }
  flush();
}

void LogWriter::note(std::string_view text) {
  stamp_ = stamp_now();
  add_line(OutputStream::kError, 'F', std::string("canaria: ").append(text));
  flush();
}

void LogWriter::add_line(OutputStream stream, char tag, std::string_view text) {
  batch_.append(stamp_).append(stream == OutputStream::kOut ? " stdout " : " stderr ");
  batch_.push_back(tag);
  batch_.append(" ").append(text).append("\n");
  if (batch_.size() >= 2 * kLineLimit) flush();
}

void LogWriter::flush() {
  if (batch_.empty()) return;
  if (size_ > 0 && size_ + static_cast<std::int64_t>(batch_.size()) > limits_.bytes) rotate();
  bool written = open_file();
  if (written && lost_bytes_ > 0) {
    written = append(stamp_ + " stderr F canaria: " + std::to_string(lost_bytes_) +
                     " bytes of output were lost: no room on the disk\n");
    if (written) lost_bytes_ = 0;
  }
  written = written && append(batch_);
  if (!written) {
    lost_bytes_ += static_cast<std::int64_t>(batch_.size());
    lost_bytes_total_ += static_cast<std::int64_t>(batch_.size());
  }
  batch_.clear();
}

bool LogWriter::open_file() {
  if (file_) return true;
  file_.reset(::open(log_file(folder_, 0).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  struct stat facts {};
  size_ = file_ && ::fstat(file_.get(), &facts) == 0 ? facts.st_size : 0;
  return static_cast<bool>(file_);
}

void LogWriter::rotate() {
  file_.reset();
  size_ = 0;
  for (int age = limits_.files - 2; age >= 0; --age) ::rename(log_file(folder_, age).c_str(), log_file(folder_, age + 1).c_str());
  if (limits_.files < 2) ::unlink(log_file(folder_, 0).c_str());
}

// All of it or nothing, so that the file holds whole lines only.
bool LogWriter::append(std::string_view text) {
  const std::int64_t before = size_;
  while (!text.empty()) {
    const ssize_t written = ::write(file_.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      if (::ftruncate(file_.get(), before) == 0) size_ = before;
      return false;
    }
    size_ += written;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace canaria::machine
