// BenchUec: the subcommand `weft bench uec DIR`. See bench_uec.cc for its rules.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/exit_code.hh"

namespace CLI {
class App;
}

namespace weft {

class Interrupt;
class Table;
struct UecRow;

class BenchUec {
 public:
  void add_to(CLI::App& bench);
  [[nodiscard]] bool asked() const;
  // Errors: InputError for a table, a matrix or a folder that cannot be used.
  ExitCode run();

 private:
  std::int64_t tail(const UecRow& row, std::uint64_t seed);
  std::vector<std::int64_t> tails(const UecRow& row);
  void judge(const UecRow& row, const Table& table);

  CLI::App* command_ = nullptr;           // not owned: the parser's
  const Interrupt* interrupt_ = nullptr;  // not owned: lives as long as run()
  std::string folder_;
  unsigned threads_ = 1, many_ = 0, many_good_ = 0, single_ = 0, single_good_ = 0;
  bool commands_ = false, stuck_ = false;
};

}  // namespace weft
