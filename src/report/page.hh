// One self-contained page: template, style, scripts and data in one file that works offline and from file://.
//
// Rule: text of the run enters as JSON in which `<` is written \u003c, and reaches the page as text nodes only; the title is
// escaped for HTML. A name can never become markup or end the script that carries it.
// Source: the WHATWG HTML standard, 4.12.1.3 (restrictions for contents of script elements).
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "report/context.hh"
#include "report/results.hh"

namespace weft {

[[nodiscard]] std::string report_page(const ReportContext& context, const Results& results);

// `data` holds "page": "report" or "compare", and what web/page/main.js wants for it.
[[nodiscard]] std::string page_with(std::string_view title, const nlohmann::ordered_json& data);

[[nodiscard]] std::string html_text(std::string_view text);  // & < > " ' escaped

}  // namespace weft
