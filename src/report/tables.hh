// flows.csv, links.csv, traces.csv, collectives.csv: comma-separated tables with one header line; docs/results.md documents every column.
//
// Rule: RFC 4180 (fields with comma, quote or line end are quoted, quotes doubled), except that lines end in \n. Figures are
// integers or fixed decimals made from integers, so equal results are equal bytes whatever the locale or thread count.
// A figure that does not exist is an empty field.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "report/context.hh"
#include "report/results.hh"

namespace weft {

// Takes the text piece by piece, so that a table of a million flows never stands in memory as a whole.
using TextSink = std::function<void(std::string_view)>;

void write_flows_csv(const ReportContext& context, const Results& results, const TextSink& sink);
void write_links_csv(const Results& results, const TextSink& sink);   // one row a direction
void write_traces_csv(const Results& results, const TextSink& sink);  // one row a bin

void write_collectives_csv(const Results& results, const TextSink& sink);  // one row a repetition

[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace weft
