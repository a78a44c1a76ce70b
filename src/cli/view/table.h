// Text in columns, two blanks apart, each as wide as its widest cell. The last column is not padded to that width.
#pragma once

#include <string>
#include <vector>

namespace canaria::cli {

// Cells may hold escape codes. `widths_min` pads every cell of a column, the last one too; missing entries count as 0.
std::string table_text(const std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& widths_min = {});

}  // namespace canaria::cli
