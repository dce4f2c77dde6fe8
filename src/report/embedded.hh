// The parts of a page that live in web/, as text inside the program: made at build time by web/embed.cmake.
#pragma once

#include <string_view>

namespace weft::embedded {

[[nodiscard]] std::string_view page_template();  // web/report.html, with {{title}} {{style}} {{data}} {{charts}} {{script}}
[[nodiscard]] std::string_view style();          // web/report.css
[[nodiscard]] std::string_view script();         // web/page/*.js
[[nodiscard]] std::string_view charts();         // web/dist/report.js; empty when the bundle was not there at build time

}  // namespace weft::embedded
