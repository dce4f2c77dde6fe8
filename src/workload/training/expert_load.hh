// Expert load: how many of a rank's token copies go to which expert-parallel rank.
//
// Shares: equal; or given by expert; or Zipf's law, the i-th most wanted expert getting i^-z, with the experts' order drawn anew
// for each layer. No expert can be named twice by a token, so none gets more than 1/top_k of the copies; what is beyond goes to
// the others in proportion. A rank with `copies` to send gives rank j the sum of its experts' shares, in whole copies, the largest
// remainders rounded up (the lower rank on a tie), so that they add up to `copies`.
// Every sender has the same shares. Units: shares in parts of 2^30. Integers only: i^-z by fixed-point log2 and exp2.
#pragma once

#include <cstdint>
#include <vector>

#include "workload/training/parameters.hh"

namespace weft::training {

inline constexpr std::uint64_t all_shares = std::uint64_t{1} << 30U;

// i^-z * 2^40 for z in thousandths; error below 2^-30 of it.
[[nodiscard]] std::uint64_t zipf_weight(std::uint64_t i, std::uint32_t thousandths);

// By expert; empty: equal loads.
[[nodiscard]] std::vector<std::uint64_t> expert_shares(const TrainingParameters& training, std::uint32_t layer, std::uint64_t random_key);

// By expert-parallel rank; equal shares (as equal as whole copies can be) when `shares` is empty.
[[nodiscard]] std::vector<std::int64_t> rank_copies(const std::vector<std::uint64_t>& shares, std::uint32_t ranks, std::int64_t copies);

}  // namespace weft::training
