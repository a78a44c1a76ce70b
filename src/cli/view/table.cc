#include "cli/view/table.h"

#include <algorithm>

#include "cli/view/paint.h"

namespace canaria::cli {

std::string table_text(const std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& widths_min) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max({widths[i], visible_width(row[i]), i < widths_min.size() ? widths_min[i] : 0});
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      const std::size_t smallest = i < widths_min.size() ? widths_min[i] : 0;
      const std::size_t target = last ? smallest : widths[i] + 2;
      const std::size_t width = visible_width(row[i]);
      text += row[i];
      if (width < target) text.append(target - width, ' ');
    }
    text += '\n';
  }
  return text;
}

}  // namespace canaria::cli
