#include "plan/proxy/statistics.h"

#include <charconv>

namespace canaria::plan::proxy {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0;;) {
    const std::size_t end = text.find(separator, start);
    parts.push_back(text.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

}  // namespace

std::vector<StatisticsRow> read_statistics(std::string_view statistics) {
  std::vector<StatisticsRow> rows;
  std::vector<std::string_view> header;
  for (std::string_view line : split(statistics, '\n')) {
    if (line.starts_with("# table:")) break;  // what was asked after it
    if (line.starts_with("# ")) header = split(line.substr(2), ',');
    else if (!line.empty() && !header.empty()) {
      const auto values = split(line, ',');
      StatisticsRow row;
      for (std::size_t i = 0; i < header.size() && i < values.size(); ++i) row.emplace(header[i], values[i]);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::string_view text_in(const StatisticsRow& row, std::string_view column) {
  const auto found = row.find(column);
  return found == row.end() ? std::string_view() : found->second;
}

std::uint64_t number_in(const StatisticsRow& row, std::string_view column) {
  const std::string_view text = text_in(row, column);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace canaria::plan::proxy
