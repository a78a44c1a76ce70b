// Cuts a stream of bytes into lines as they arrive; a line that is whole in one chunk is passed on without copying.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace canaria::net {

class LineSplitter {
 public:
  explicit LineSplitter(std::size_t limit) : limit_(limit) {}

  // Calls sink(line) for each line ended by the chunk, without "\n" or "\r\n". False: a line passed the limit.
  template <class Sink>
  bool feed(std::string_view chunk, const Sink& sink) {
    for (;;) {
      const std::size_t end = chunk.find('\n');
      if (end == std::string_view::npos) break;
      std::string_view line = chunk.substr(0, end);
      chunk.remove_prefix(end + 1);
      if (!partial_.empty()) {
        partial_.append(line);
        if (partial_.size() > limit_) return false;
        const std::string whole = std::move(partial_);
        partial_.clear();
        sink(without_return(whole));
      } else {
        sink(without_return(line));
      }
    }
    partial_.append(chunk);
    return partial_.size() <= limit_;
  }

  // What came after the last line end.
  std::string take_rest() { return std::exchange(partial_, {}); }

 private:
  static std::string_view without_return(std::string_view line) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
  }

  std::size_t limit_;
  std::string partial_;
};

}  // namespace canaria::net
