// CHECK: our own mistakes stop the program, in every build, with the place and the values that broke the rule.
// Use: CHECK(used <= limit, "used", used, "limit", limit);
#pragma once

#include <iostream>

namespace weft::detail {

[[noreturn]] void check_stop();

template <class... Values>
[[noreturn]] __attribute__((noinline, cold)) void check_failed(const char* file, int line, const char* rule, const Values&... values) {
  std::cerr << file << ':' << line << ": CHECK(" << rule << ") failed";
  ((std::cerr << ' ' << values), ...);
  std::cerr << '\n';
  check_stop();
}

}  // namespace weft::detail

#define CHECK(rule, ...)                                                                  \
  do {                                                                                    \
    if (!(rule)) [[unlikely]]                                                             \
      ::weft::detail::check_failed(__FILE__, __LINE__, #rule __VA_OPT__(, ) __VA_ARGS__); \
  } while (false)
