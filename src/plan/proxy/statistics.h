// HAProxy's answer to "show stat" as rows: one for each frontend, each server and each backend as a whole.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace canaria::plan::proxy {

// By column; points into the text it was read from.
using StatisticsRow = std::map<std::string_view, std::string_view>;
std::vector<StatisticsRow> read_statistics(std::string_view statistics);

// Empty when there is no such column.
std::string_view text_in(const StatisticsRow& row, std::string_view column);
// 0 when there is no such column or it has no number.
std::uint64_t number_in(const StatisticsRow& row, std::string_view column);

}  // namespace canaria::plan::proxy
