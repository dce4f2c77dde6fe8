#include "collective/log_steps.hh"

#include <algorithm>
#include <array>
#include <bit>

namespace weft::collective {
namespace {

enum class Order : std::uint8_t { near_first, far_first };

// One step of the all-gather: how far, and the offsets of the blocks that go there.
struct Step {
  Member distance = 0;
  std::vector<Member> offsets;
};

std::vector<Step> gather_steps(Member n, Order order) {
  std::vector<Step> steps;
  for (Member distance = 1; distance < n; distance *= 2) {
    Step step{.distance = distance, .offsets = {}};
    const Member stride = order == Order::near_first ? 1 : 2 * distance;
    const Member end = order == Order::near_first ? std::min(distance, n - distance) : n - distance;
    for (Member offset = 0; offset < end; offset += stride) step.offsets.push_back(offset);
    steps.push_back(step);
  }
  if (order == Order::far_first) std::reverse(steps.begin(), steps.end());
  return steps;
}

// One chunk of every block: `blocks[i]` is the chunk of member i's block.
struct LogSteps {
  Builder& builder;
  const std::vector<Step>& steps;
  std::vector<Range> blocks;
  Channel channel;

  [[nodiscard]] Member size() const { return builder.size(); }
  [[nodiscard]] Range held(Member m, Member offset) const { return blocks[(m + size() - offset) % size()]; }

  void gather() const {
    std::vector<std::vector<TaskId>> ready(size());
    for (Member m = 0; m < size(); ++m) ready[m].push_back(builder.front()[m]);
    for (const Step& step : steps) {
      Front arrivals(size());
      for (Member m = 0; m < size(); ++m) {
        const Way way{m, (m + step.distance) % size(), channel};
        std::vector<Piece> pieces;
        for (const Member offset : step.offsets) {
          const Range block = held(m, offset);
          if (!block.empty()) pieces.push_back({block.data(), block.data(), block.elements()});
        }
        if (!pieces.empty()) arrivals[way.to] = builder.send(way, pieces, ready[m]);
      }
      for (Member m = 0; m < size(); ++m) {
        if (!arrivals[m].valid()) continue;
        ready[m].push_back(arrivals[m]);
        builder.ends().received(m, arrivals[m]);
      }
    }
  }

  void reduce() const {
    Front sums = builder.front();
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      Front next = sums;
      for (Member m = 0; m < size(); ++m) {
        const Way way{m, (m + size() - step->distance) % size(), channel};
        const TaskId sum = send_sums(way, *step, sums);
        if (!sum.valid()) continue;
        next[way.to] = sum;
        builder.ends().received(way.to, sum);
      }
      sums = next;
    }
  }

  // Partial sums of the step's blocks, added at the receiver; an invalid id when all of them are empty.
  TaskId send_sums(Way way, const Step& step, const Front& sums) const {
    std::vector<Piece> carried;
    std::vector<Piece> added;
    for (const Member offset : step.offsets) {
      const Range block = held(way.to, offset);
      if (block.empty()) continue;
      const Run landing = builder.scratch(way.to, block.elements());
      carried.push_back({block.data(), landing, block.elements()});
      added.push_back({landing, block.data(), block.elements()});
    }
    if (carried.empty()) return {};
    const TaskId arrival = builder.send(way, carried, {&sums[way.from], 1});
    return builder.reduce(way.to, way.channel, added, std::array{arrival, sums[way.to]});
  }
};

void build(Builder& builder, Order order, void (LogSteps::*go)() const) {
  const std::vector<Step> steps = gather_steps(builder.size(), order);
  const std::vector<Range> blocks = all_parts(builder.whole(), builder.size());
  for (Channel c = 0; c < builder.request().channels; ++c) {
    std::vector<Range> parts;
    std::int64_t longest = 0;
    for (const Range block : blocks) {
      parts.push_back(part_of(block, builder.request().channels, c));
      longest = std::max(longest, parts.back().elements());
    }
    const std::uint32_t chunks = builder.chunks(longest);
    for (std::uint32_t i = 0; i < chunks; ++i) {
      LogSteps chunk{builder, steps, {}, c};
      for (const Range part : parts) chunk.blocks.push_back(part_of(part, chunks, i));
      (chunk.*go)();
    }
  }
}

}  // namespace

void bruck_all_gather(Builder& builder) { build(builder, Order::near_first, &LogSteps::gather); }

void bruck_reduce_scatter(Builder& builder) { build(builder, Order::near_first, &LogSteps::reduce); }

void pat_all_gather(Builder& builder) { build(builder, Order::far_first, &LogSteps::gather); }

void pat_reduce_scatter(Builder& builder) { build(builder, Order::far_first, &LogSteps::reduce); }

}  // namespace weft::collective
