// Real inputs for tests: files below the folder that the environment variable WEFT_DATA names. A test that needs one begins
// with: if (!test::has_real_data()) GTEST_SKIP() << test::no_real_data;
#pragma once

#include <cstdlib>
#include <string>

namespace weft::test {

inline constexpr const char* no_real_data = "WEFT_DATA does not name the folder of real inputs";

inline bool has_real_data() { return std::getenv("WEFT_DATA") != nullptr && *std::getenv("WEFT_DATA") != '\0'; }
inline std::string real_data(const std::string& name) { return std::string(std::getenv("WEFT_DATA")) + '/' + name; }

}  // namespace weft::test
