// BenchCollectives: the subcommand `weft bench collectives`. See bench_collectives.cc for its rules.
#pragma once

#include <cstdint>
#include <string>

#include "app/exit_code.hh"
#include "base/units.hh"

namespace CLI {
class App;
}

namespace weft {

class Interrupt;
class Table;
struct CollectiveRow;

class BenchCollectives {
 public:
  void add_to(CLI::App& bench);
  [[nodiscard]] bool asked() const;
  // Errors: InputError for a size that is none.
  ExitCode run();

 private:
  [[nodiscard]] Duration time_of(const std::string& scenario) const;
  void judge(const CollectiveRow& row, const Table& table);

  CLI::App* command_ = nullptr;           // not owned: the parser's
  const Interrupt* interrupt_ = nullptr;  // not owned: lives as long as run()
  std::string most_ = "1GB", only_;
  unsigned threads_ = 1, rows_ = 0, good_ = 0;
};

}  // namespace weft
