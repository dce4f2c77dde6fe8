// Reads back the tables that tables.hh writes: RFC 4180 fields, quoted ones may hold commas, quotes and line ends.
//
// Nothing here throws: next() is false at the end; a quote that never closes ends with the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft {

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  // The fields of the next row; line() is then the line where the row began.
  bool next(std::vector<std::string>& fields);
  [[nodiscard]] int line() const { return line_; }

 private:
  std::string field();

  std::string_view rest_;
  int line_ = 0;
  int next_line_ = 1;
};

}  // namespace weft
