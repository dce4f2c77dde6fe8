#include "app/uec_table.hh"

#include "base/error.hh"
#include "base/parse.hh"
#include "base/text_file.hh"
#include "report/csv_reader.hh"
#include "workload/cm_file.hh"

namespace weft {

namespace {

constexpr std::size_t columns = 6;

UecRow parse_row(const std::vector<std::string>& fields, const std::string& where) {
  const auto bad = [&](const std::string& what) { return InputError(where, what, "the table has the columns of published.csv"); };
  if (fields.size() < columns) throw bad("the row has " + std::to_string(fields.size()) + " fields");
  UecRow row{.experiment = fields[0], .congestion = fields[1], .matrix = fields[2]};
  const auto paths = parse_unsigned<std::uint32_t>(fields[3]);
  const auto least = parse_scaled(fields[4], 6), tail = parse_scaled(fields[5], 6);
  if (!paths || *paths == 0) throw bad("'" + fields[3] + "' is no number of paths");
  if (!least || !tail || *tail == 0) throw bad("'" + fields[4] + "' and '" + fields[5] + "' should be times in microseconds");
  row.paths = *paths;
  row.least_ps = *least;
  row.tail_ps = *tail;
  return row;
}

// k for k^3/4 hosts, k even; 0 when there is none.
std::uint32_t arity(std::uint32_t hosts) {
  for (std::uint32_t k = 2; k <= 128; k += 2) {
    if (k * k * k / 4 == hosts) return k;
  }
  return 0;
}

}  // namespace

std::vector<UecRow> read_uec_table(const std::string& folder) {
  const std::string file = folder + "/published.csv";
  const std::string text = read_text_file(file);
  CsvReader reader(text);
  std::vector<UecRow> rows;
  std::vector<std::string> fields;
  while (reader.next(fields)) {
    if (reader.line() > 1) rows.push_back(parse_row(fields, place(file, reader.line())));
  }
  if (rows.empty()) throw InputError(file, "the table has no rows", "a heading, then one row a line");
  return rows;
}

std::vector<std::string> uec_overrides(const UecRow& row, const std::string& folder) {
  const std::string matrix = folder + "/" + row.matrix;
  const std::uint32_t nodes = parse_cm(read_text_file(matrix), matrix).nodes;
  const std::uint32_t k = arity(nodes);
  if (k == 0) {
    throw InputError(matrix, "the matrix is for " + std::to_string(nodes) + " nodes, which no k-ary fat tree has",
                     "16, 128 and 1024 nodes make trees of k = 4, 8 and 16");
  }
  const std::string half = std::to_string(k / 2);
  return {"name=" + row.experiment + " (" + row.congestion + ")",
          "topology.pods=" + std::to_string(k),
          "topology.leaves_per_pod=" + half,
          "topology.hosts_per_leaf=" + half,
          "topology.aggs_per_pod=" + half,
          "topology.cores=" + std::to_string(k * k / 4),
          "fabric.congestion=" + row.congestion,
          "fabric.paths=" + std::to_string(row.paths),
          "workloads.0.matrix=" + matrix};
}

}  // namespace weft
