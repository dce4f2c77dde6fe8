#include "workload/training/pipeline_schedule.hh"

#include <algorithm>
#include <optional>

#include "base/check.hh"

namespace weft::training {
namespace {

Pass numbered(const PipelineShape& shape, std::uint32_t number, bool forward) {
  const std::uint32_t group = shape.stages * shape.chunks;
  const std::uint32_t chunk = number % group / shape.stages;
  return {forward, number / group * shape.stages + number % shape.stages, forward ? chunk : shape.chunks - 1 - chunk};
}

std::uint32_t forwards_first(const PipelineShape& shape, std::uint32_t stage) {
  const std::uint32_t behind = shape.stages - stage - 1;
  const std::uint32_t all = shape.micro_batches * shape.chunks;
  return std::min(all, shape.chunks == 1 ? behind : 2 * behind + (shape.chunks - 1) * shape.stages);
}

// When each pass of each stage starts and ends if forwards take 1, backwards 2, and messages nothing.
class Timetable {
 public:
  struct Slot {
    std::int64_t start = -1, end = -1;
  };

  explicit Timetable(const PipelineShape& shape) : shape_(shape) {
    for (std::uint32_t stage = 0; stage < shape.stages; ++stage) {
      passes_.push_back(stage_passes(shape, stage));
      slots_.emplace_back(passes_.back().size());
    }
    const std::size_t passes = std::size_t{shape.stages} * shape.chunks * shape.micro_batches;
    forward_end_.assign(passes, -1);
    backward_end_.assign(passes, -1);
    next_.assign(shape.stages, 0);
    fill();
  }

  [[nodiscard]] const std::vector<StagePass>& order() const { return order_; }
  [[nodiscard]] const std::vector<Slot>& slots(std::uint32_t stage) const { return slots_[stage]; }
  [[nodiscard]] const std::vector<Pass>& passes(std::uint32_t stage) const { return passes_[stage]; }

 private:
  void fill() {
    bool moved = true;
    while (moved) {
      moved = false;
      for (std::uint32_t stage = 0; stage < shape_.stages; ++stage) moved = issue(stage) || moved;
    }
    for (std::uint32_t stage = 0; stage < shape_.stages; ++stage) {
      CHECK(next_[stage] == passes_[stage].size(), "stage", stage, "pass", next_[stage]);
    }
  }

  bool issue(std::uint32_t stage) {
    bool moved = false;
    while (next_[stage] < passes_[stage].size()) {
      const std::uint32_t position = next_[stage];
      const Pass& pass = passes_[stage][position];
      const auto ready = ready_at(stage, pass);
      if (!ready) break;
      Slot& slot = slots_[stage][position];
      slot.start = std::max(*ready, position == 0 ? 0 : slots_[stage][position - 1].end);
      slot.end = slot.start + (pass.forward ? 1 : 2);
      (pass.forward ? forward_end_ : backward_end_)[index(virtual_stage(stage, pass), pass.micro_batch)] = slot.end;
      order_.push_back({stage, position});
      ++next_[stage];
      moved = true;
    }
    return moved;
  }

  [[nodiscard]] std::uint32_t virtual_stage(std::uint32_t stage, const Pass& pass) const { return pass.chunk * shape_.stages + stage; }
  [[nodiscard]] std::size_t index(std::uint32_t virtual_stage, std::uint32_t micro_batch) const {
    return std::size_t{virtual_stage} * shape_.micro_batches + micro_batch;
  }

  [[nodiscard]] std::optional<std::int64_t> ready_at(std::uint32_t stage, const Pass& pass) const {
    const std::uint32_t here = virtual_stage(stage, pass);
    std::int64_t ready = 0;
    if (pass.forward) {
      if (here > 0) ready = forward_end_[index(here - 1, pass.micro_batch)];
    } else if (here + 1 == shape_.stages * shape_.chunks) {
      ready = forward_end_[index(here, pass.micro_batch)];
    } else {
      ready = backward_end_[index(here + 1, pass.micro_batch)];
    }
    return ready < 0 ? std::nullopt : std::optional(ready);
  }

  PipelineShape shape_;
  std::vector<std::vector<Pass>> passes_;
  std::vector<std::vector<Slot>> slots_;
  std::vector<std::int64_t> forward_end_, backward_end_;  // by virtual stage and micro-batch
  std::vector<std::uint32_t> next_;
  std::vector<StagePass> order_;
};

// Position of the first pass that starts at or after an instant.
std::uint32_t cut(const Timetable& table, std::uint32_t stage, std::int64_t time) {
  const auto& slots = table.slots(stage);
  const auto found = std::find_if(slots.begin(), slots.end(), [&](const Timetable::Slot& slot) { return slot.start >= time; });
  return static_cast<std::uint32_t>(found - slots.begin());
}

// Is the stage busy on both sides of a position? Only then does holding it there move all that follows by as much.
bool busy_around(const Timetable& table, std::uint32_t stage, std::uint32_t position) {
  const auto& slots = table.slots(stage);
  return position > 0 && position < slots.size() && slots[position].start == slots[position - 1].end;
}

// Does every stage run `passes` forwards and as many backwards between the two instants?
bool balanced(const Timetable& table, SteadyState& state, std::int64_t begin, std::int64_t end, std::uint32_t passes) {
  for (std::uint32_t stage = 0; stage < state.begin.size(); ++stage) {
    const std::uint32_t from = state.begin[stage] = cut(table, stage, begin);
    const std::uint32_t to = state.end[stage] = cut(table, stage, end);
    if (to < from || to - from != 2 * passes) return false;
    if (!busy_around(table, stage, from) || !busy_around(table, stage, to)) return false;
    const auto first = table.passes(stage).begin() + from;
    if (std::count_if(first, first + (to - from), [](const Pass& pass) { return pass.forward; }) != std::int64_t{passes}) return false;
  }
  return true;
}

}  // namespace

std::uint32_t least_sample(PipelineShape shape) {
  const std::uint32_t together = shape.chunks == 1 ? 1 : shape.stages;
  const std::uint32_t most = 8 * shape.stages + 8;
  for (shape.micro_batches = together; shape.micro_batches < most; shape.micro_batches += together) {
    if (steady_state(shape).micro_batches > 0) break;
  }
  return shape.micro_batches;
}

std::vector<Pass> stage_passes(const PipelineShape& shape, std::uint32_t stage) {
  const std::uint32_t all = shape.micro_batches * shape.chunks;
  const std::uint32_t first = forwards_first(shape, stage);
  std::vector<Pass> passes;
  passes.reserve(std::size_t{2} * all);
  for (std::uint32_t i = 0; i < first; ++i) passes.push_back(numbered(shape, i, true));
  for (std::uint32_t i = first; i < all; ++i) {
    passes.push_back(numbered(shape, i, true));
    passes.push_back(numbered(shape, i - first, false));
  }
  for (std::uint32_t i = all - first; i < all; ++i) passes.push_back(numbered(shape, i, false));
  return passes;
}

std::vector<StagePass> issue_order(const PipelineShape& shape) { return Timetable(shape).order(); }

SteadyState steady_state(const PipelineShape& shape) {
  const Timetable table(shape);
  const std::uint32_t together = shape.chunks == 1 ? 1 : shape.stages;  // micro-batches that come round as one
  const std::uint32_t round = together * shape.chunks;
  std::vector<std::int64_t> instants;  // at which the first stage ends a backward
  for (std::uint32_t i = 0; i < table.passes(0).size(); ++i) {
    if (!table.passes(0)[i].forward) instants.push_back(table.slots(0)[i].end);
  }
  SteadyState state;
  state.begin.resize(shape.stages);
  state.end.resize(shape.stages);
  for (std::size_t passes = instants.size() / round * round; passes > 0; passes -= round) {
    for (std::size_t begin = 0; begin + passes < instants.size(); ++begin) {
      if (!balanced(table, state, instants[begin], instants[begin + passes], static_cast<std::uint32_t>(passes))) continue;
      state.micro_batches = static_cast<std::uint32_t>(passes / shape.chunks);
      return state;
    }
  }
  return state;
}

}  // namespace weft::training
