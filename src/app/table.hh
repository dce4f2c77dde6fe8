// A table for the terminal, printed line by line: columns are as wide as their titles, at least 8, and grow no more.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace weft {

class Table {
 public:
  explicit Table(std::vector<std::string> titles) : titles_(std::move(titles)) {}

  [[nodiscard]] std::string header() const { return row(titles_); }

  [[nodiscard]] std::string row(const std::vector<std::string>& cells) const {
    constexpr std::size_t least = 9;
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t width = std::max(titles_[i].size(), least);
      line += std::string(width > cells[i].size() ? width - cells[i].size() : 0, ' ') + cells[i] + (i + 1 < cells.size() ? "  " : "");
    }
    return line;
  }

 private:
  std::vector<std::string> titles_;
};

}  // namespace weft
