// InputError: what went wrong with something the user gave (a file, a key, a socket). Thrown while setting up, caught in
// main, which prints `file:line: message` and `hint` and leaves with exit code 2. Never thrown by engines or the core.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace weft {

class InputError : public std::runtime_error {
 public:
  // `where` is "file:line", "file", or what was attempted; `hint` is the nearest right thing, or empty.
  InputError(std::string where, const std::string& message, std::string hint = {})
      : std::runtime_error(message), where_(std::move(where)), hint_(std::move(hint)) {}
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] const std::string& hint() const { return hint_; }

 private:
  std::string where_;
  std::string hint_;
};

}  // namespace weft
