#include "workload/training/expert_load.hh"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hh"
#include "workload/exponential.hh"

namespace weft::training {
namespace {

using Wide = unsigned __int128;

// The square root of x, rounded down.
std::uint64_t root(Wide x) {
  std::uint64_t result = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const std::uint64_t tried = result | std::uint64_t{1} << bit;
    if (Wide{tried} * tried <= x) result = tried;
  }
  return result;
}

// 2^-x * 2^62, x with 40 fractional bits: a factor 2^-(2^-k) for each bit of the fraction.
std::uint64_t exp2_of_minus(std::uint64_t x) {
  const std::uint64_t whole = x >> exponential_bits;
  if (whole >= 62) return 0;
  std::uint64_t result = std::uint64_t{1} << 62;
  Wide factor = Wide{1} << 61;  // 2^-1, scaled by 2^62
  for (int bit = exponential_bits - 1; bit >= 0; --bit) {
    factor = root(factor << 62);
    if ((x >> bit & 1) != 0) result = static_cast<std::uint64_t>(result * factor >> 62);
  }
  return result >> whole;
}

std::vector<std::uint64_t> weights(const TrainingParameters& training, std::uint32_t layer, std::uint64_t random_key) {
  std::vector<std::uint64_t> all(training.expert_loads.begin(), training.expert_loads.end());
  if (!all.empty()) return all;
  const auto thousandths = static_cast<std::uint32_t>(std::lround(training.skew * 1000));
  for (std::uint32_t i = 1; i <= training.model.experts; ++i) all.push_back(zipf_weight(i, thousandths));
  Random random(mix64(random_key ^ (std::uint64_t{layer} + 1) * 0x9e3779b97f4a7c15ULL));
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.below(i)]);
  return all;
}

// Deals `free` shares by weight among those not yet at the most; true when somebody reached it.
bool deal(const std::vector<std::uint64_t>& weights, std::uint64_t most, std::vector<std::uint64_t>& shares) {
  Wide sum = 0;
  std::uint64_t free = all_shares;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] == most)
      free -= most;
    else
      sum += weights[i];
  }
  bool reached = false;
  for (std::size_t i = 0; i < shares.size() && sum > 0; ++i) {
    if (shares[i] == most) continue;
    shares[i] = std::min(most, static_cast<std::uint64_t>(Wide{weights[i]} * free / sum));
    reached = reached || shares[i] == most;
  }
  return reached;
}

}  // namespace

std::uint64_t zipf_weight(std::uint64_t i, std::uint32_t thousandths) {
  const Wide exponent = Wide{log2_fixed(i)} * thousandths / 1000;
  if (exponent >> exponential_bits >= 62) return 0;
  return exp2_of_minus(static_cast<std::uint64_t>(exponent)) >> 22;
}

std::vector<std::uint64_t> expert_shares(const TrainingParameters& training, std::uint32_t layer, std::uint64_t random_key) {
  if (training.skew == 0 && training.expert_loads.empty()) return {};
  const std::vector<std::uint64_t> wanted = weights(training, layer, random_key);
  const std::uint64_t most = all_shares / std::max(training.model.top_k, 1U);
  std::vector<std::uint64_t> shares(wanted.size(), 0);
  while (deal(wanted, most, shares)) {}
  return shares;
}

std::vector<std::int64_t> rank_copies(const std::vector<std::uint64_t>& shares, std::uint32_t ranks, std::int64_t copies) {
  std::vector<std::uint64_t> by_rank(ranks, shares.empty() ? 1 : 0);
  for (std::size_t i = 0; i < shares.size(); ++i) by_rank[i / (shares.size() / ranks)] += shares[i];
  const Wide sum = std::accumulate(by_rank.begin(), by_rank.end(), Wide{0});
  std::vector<std::int64_t> result;
  std::vector<std::pair<Wide, std::uint32_t>> remainders;  // negative order: largest first, then the lower rank
  std::int64_t left = copies;
  for (std::uint32_t rank = 0; rank < ranks; ++rank) {
    const Wide exact = Wide{static_cast<std::uint64_t>(copies)} * by_rank[rank];
    result.push_back(static_cast<std::int64_t>(exact / sum));
    left -= result.back();
    remainders.emplace_back(sum - exact % sum, rank);
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::int64_t i = 0; i < left; ++i) ++result[remainders[static_cast<std::size_t>(i)].second];
  return result;
}

}  // namespace weft::training
