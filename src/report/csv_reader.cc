#include "report/csv_reader.hh"

#include <algorithm>

namespace weft {

// One field; leaves the separator or the line end that follows it at the front of rest_.
std::string CsvReader::field() {
  std::string text;
  if (rest_.empty() || rest_.front() != '"') {
    const std::size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
    text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text;
  }
  rest_.remove_prefix(1);
  while (!rest_.empty()) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') {
      if (rest_.empty() || rest_.front() != '"') return text;
      rest_.remove_prefix(1);
    }
    if (c == '\n') ++next_line_;
    text += c;
  }
  return text;
}

bool CsvReader::next(std::vector<std::string>& fields) {
  fields.clear();
  if (rest_.empty()) return false;
  line_ = next_line_;
  for (;;) {
    fields.push_back(field());
    if (rest_.empty()) return true;
    const char separator = rest_.front();
    rest_.remove_prefix(1);
    if (separator == ',') continue;
    ++next_line_;
    return true;
  }
}

}  // namespace weft
