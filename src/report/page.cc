#include "report/page.hh"

#include <array>
#include <nlohmann/json.hpp>

#include "base/check.hh"
#include "report/embedded.hh"
#include "report/page_data.hh"

namespace weft {
namespace {

struct Part {
  std::string_view mark;
  std::string_view text;
};

// Replaces the marks of the template in one pass: what is put in is never searched.
std::string fill(std::string_view page_template, const std::array<Part, 5>& parts) {
  std::string page;
  while (!page_template.empty()) {
    const std::size_t mark = page_template.find("{{");
    page += page_template.substr(0, mark);
    if (mark == std::string_view::npos) break;
    page_template.remove_prefix(mark);
    bool known = false;
    for (const Part& part : parts) {
      if (page_template.substr(0, part.mark.size()) != part.mark) continue;
      page += part.text;
      page_template.remove_prefix(part.mark.size());
      known = true;
      break;
    }
    CHECK(known, "template", page_template.substr(0, 20));
  }
  return page;
}

std::string script_safe(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string page_with(std::string_view title, const nlohmann::ordered_json& data) {
  const std::string safe_title = html_text(title);
  const std::string safe_data = script_safe(data.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace));
  return fill(embedded::page_template(), {{{"{{title}}", safe_title},
                                           {"{{style}}", embedded::style()},
                                           {"{{data}}", safe_data},
                                           {"{{charts}}", embedded::charts()},
                                           {"{{script}}", embedded::script()}}});
}

std::string report_page(const ReportContext& context, const Results& results) {
  return page_with(context.name + " - weft", page_data(context, results));
}

}  // namespace weft
