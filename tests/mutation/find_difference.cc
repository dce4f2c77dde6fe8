// Looks for a random scenario in which the windowed core and the oracle disagree. Built once for each broken rule of
// core/rules.hh, in which there must be one, and once with the rules as they are, in which there must be none.
//
// Each scenario runs in a process of its own: a broken rule may also end in a failed check, a fault or an endless loop, which
// is a disagreement too.
// Use: find_difference SCENARIOS. Exit code: 0 when one was found, 1 when none, 2 for any other trouble.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "support/oracle_comparison.hh"
#include "support/random_scenario.hh"

namespace {

using namespace weft;

constexpr int same = 0, different = 1;
constexpr unsigned most_seconds = 30;  // a scenario takes well under one

bool agree(const Scenario& scenario, const test::OracleRun& oracle, std::uint64_t seed) {
  const std::string expected = test::outcome(oracle.results);
  const Duration third{std::max<std::int64_t>(1, oracle.longest_window.v / 3)};
  for (const Execution& execution : {Execution{}, Execution{{}, seed + 1}, Execution{third, 0}}) {
    if (test::run_windowed(scenario, 1, execution) != expected) return false;
  }
  return true;
}

int look_at(std::uint64_t seed) {
  const Scenario drawn = test::random_scenario(seed);
  const test::OracleRun oracle = test::run_oracle(drawn);
  if (!agree(drawn, oracle, seed)) return different;
  const Scenario tied = test::with_tied_starts(drawn, oracle.results);
  return agree(tied, test::run_oracle(tied), seed) ? same : different;
}

enum class Finding { none, bytes, death };

Finding look_apart(std::uint64_t seed) {
  const pid_t child = fork();
  if (child < 0) std::exit(2);
  if (child == 0) {
    alarm(most_seconds);
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(2);
    _exit(look_at(seed));
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) std::exit(2);
  if (WIFSIGNALED(status)) return Finding::death;
  return WEXITSTATUS(status) == same ? Finding::none : Finding::bytes;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t scenarios = argc == 2 ? std::strtoull(argv[1], nullptr, 10) : 0;
  if (scenarios == 0) {
    std::fputs("use: find_difference SCENARIOS\n", stderr);
    return 2;
  }
  std::uint64_t deaths = 0;
  for (std::uint64_t seed = 1; seed <= scenarios; ++seed) {
    const Finding finding = look_apart(seed);
    if (finding == Finding::death) ++deaths;
    if (finding != Finding::bytes) continue;
    std::printf("other bytes in scenario %llu; %llu earlier ones ended in a check, a fault or not at all\n",
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(deaths));
    return 0;
  }
  std::printf("%llu scenarios: %llu ended in a check, a fault or not at all, none with other bytes\n",
              static_cast<unsigned long long>(scenarios), static_cast<unsigned long long>(deaths));
  return deaths > 0 ? 0 : 1;
}
