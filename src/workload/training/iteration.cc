#include "workload/training/iteration.hh"

#include <algorithm>

#include "base/error.hh"
#include "workload/number.hh"

namespace weft::training {
namespace {

PipelineShape shape_of(const Setup& setup) {
  const Plan& plan = setup.plan;
  const std::uint32_t sampled = setup.training.sample.micro_batches;
  const bool all = sampled == 0 || sampled >= plan.micro_batches;
  return {plan.pipeline(), plan.virtual_stages, all ? plan.micro_batches : sampled};
}

SteadyState steady_state_of(const PipelineShape& shape, const Setup& setup, const std::string& where) {
  if (shape.micro_batches == setup.plan.micro_batches) return {};
  if (shape.chunks > 1 && shape.micro_batches % shape.stages != 0) {
    throw InputError(where, "sample: " + number(shape.micro_batches) + " micro_batches do not divide by pipeline (" + number(shape.stages) +
                                "), with virtual_stages");
  }
  SteadyState steady = steady_state(shape);
  if (steady.micro_batches != 0) return steady;
  throw InputError(where,
                   "sample: " + number(shape.micro_batches) + " micro_batches never fill a pipeline of " + number(shape.stages) +
                       " stages, so there is nothing to extrapolate",
                   "at least " + number(least_sample(shape)));
}

}  // namespace

Iteration::Iteration(JobBuilder& builder, const Setup& setup)
    : builder_(builder), setup_(setup), shape_(shape_of(setup)), steady_(steady_state_of(shape_, setup, builder.settings().where)) {
  for (std::uint32_t stage = 0; stage < shape_.stages; ++stage) {
    stages_.emplace_back(builder, setup, stage);
    passes_.push_back(stage_passes(shape_, stage));
  }
  for (Stage& stage : stages_) data_.emplace_back(stage);
  for (std::uint32_t i = 0; i < shape_.stages * shape_.chunks; ++i) {
    items_.push_back(chunk_items(setup.training.model, setup.plan, i, setup.training.sample.layers));
  }
  order_ = issue_order(shape_);
  steady_since_.resize(shape_.stages);
  say_what_was_scaled();
}

void Iteration::run() {
  inbox_.assign(std::size_t{2} * shape_.stages * shape_.chunks * shape_.micro_batches, {});
  for (const StagePass& next : order_) {
    at_position(next.stage, next.position);
    run_pass(next.stage, passes_[next.stage][next.position]);
  }
  for (std::uint32_t stage = 0; stage < shape_.stages; ++stage) at_position(stage, static_cast<std::uint32_t>(passes_[stage].size()));
  finish();
}

std::uint32_t Iteration::virtual_stage(std::uint32_t stage, std::uint32_t chunk) const { return chunk * shape_.stages + stage; }

std::vector<collective::TaskId>& Iteration::inbox(bool forward, std::uint32_t virtual_stage, std::uint32_t micro_batch) {
  const std::size_t row = (forward ? 0 : std::size_t{shape_.stages} * shape_.chunks) + virtual_stage;
  return inbox_[row * shape_.micro_batches + micro_batch];
}

std::vector<Iteration::Mark> Iteration::mark(const Stage& stage) const {
  std::vector<Mark> marks;
  for (const Rank rank : stage.ranks()) marks.push_back({builder_.mark(rank), builder_.counted_compute(rank)});
  return marks;
}

void Iteration::extend(const Stage& stage, const std::vector<Mark>& since, std::uint64_t more, std::uint64_t done) {
  for (std::size_t i = 0; i < since.size(); ++i) {
    const Rank rank = stage.ranks()[i];
    builder_.extend(rank, since[i].task, more, done);
    const __int128 computed = (builder_.counted_compute(rank) - since[i].computed).v;
    builder_.count_compute(rank, {static_cast<std::int64_t>(computed * more / done)});
  }
}

// Before the pass at a position: the steady state may begin or end there.
void Iteration::at_position(std::uint32_t stage, std::uint32_t position) {
  if (steady_.micro_batches == 0) return;
  if (position == steady_.begin[stage]) steady_since_[stage] = mark(stages_[stage]);
  if (position == steady_.end[stage]) {
    extend(stages_[stage], steady_since_[stage], setup_.plan.micro_batches - shape_.micro_batches, steady_.micro_batches);
  }
}

void Iteration::run_pass(std::uint32_t stage, const Pass& pass) {
  Stage& here = stages_[stage];
  const std::string chunk = shape_.chunks > 1 ? "/" + number(pass.chunk) : "";
  here.set_pass(pass.forward ? "forward" : "backward", " " + number(pass.micro_batch) + chunk);
  receive(stage, pass);
  const std::vector<Item>& items = items_[virtual_stage(stage, pass.chunk)];
  if (pass.forward)
    run_forward(here, data_[stage], items);
  else
    run_backward(here, data_[stage], items, pass.micro_batch + 1 == shape_.micro_batches);
  send(stage, pass);
}

void Iteration::run_forward(Stage& stage, DataParallel& data, const std::vector<Item>& items) {
  data.begin_pass(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    data.gather(items, i);
    data.wait_first(i);
    const bool more = items[i].count > 1;
    const auto since = more ? mark(stage) : std::vector<Mark>{};
    item_forward(stage, items[i]);
    if (more) extend(stage, since, items[i].count - 1, 1);
    data.wait_all(i);
  }
}

void Iteration::run_backward(Stage& stage, DataParallel& data, std::vector<Item> items, bool last) {
  std::reverse(items.begin(), items.end());
  data.begin_pass(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    data.gather(items, i);
    data.wait_first(i);
    const bool more = items[i].count > 1;
    const auto since = more ? mark(stage) : std::vector<Mark>{};
    item_backward(stage, items[i]);
    if (more) extend(stage, since, items[i].count - 1, 1);
    data.wait_all(i);
    data.backward_done(items[i], last);
  }
  if (last || setup_.plan.zero >= 2) data.end_backward(last);
}

void Iteration::receive(std::uint32_t stage, const Pass& pass) {
  auto& waits = inbox(pass.forward, virtual_stage(stage, pass.chunk), pass.micro_batch);
  for (std::size_t i = 0; i < waits.size(); ++i) builder_.wait(stages_[stage].ranks()[i], waits[i]);
  waits = {};
}

void Iteration::send(std::uint32_t stage, const Pass& pass) {
  const std::uint32_t here = virtual_stage(stage, pass.chunk);
  if (pass.forward ? here + 1 == shape_.stages * shape_.chunks : here == 0) return;
  const std::uint32_t there = pass.forward ? here + 1 : here - 1;
  const Stage& to = stages_[there % shape_.stages];
  const Plan& plan = setup_.plan;
  const Bytes bytes = activation_bytes(setup_.training.model, plan) / (plan.sequence ? plan.tensor() : 1);
  const LabelId label = stages_[stage].label("to stage " + number(to.number()));
  auto& waits = inbox(pass.forward, there, pass.micro_batch);
  for (std::size_t i = 0; i < to.ranks().size(); ++i) {
    const Rank from = stages_[stage].ranks()[i];
    const collective::TaskId after = builder_.last(from, JobBuilder::compute_stream);
    waits.push_back(builder_.send(from, to.ranks()[i], bytes, label, std::span(&after, 1)));
  }
}

void Iteration::finish() {
  if (setup_.training.model.tied_embeddings && shape_.stages > 1) reduce_tied_embeddings(stages_.front(), stages_.back());
  for (std::uint32_t stage = 0; stage < shape_.stages; ++stage) {
    Share held;
    for (std::uint32_t chunk = 0; chunk < shape_.chunks; ++chunk) {
      for (const Item& item : items_[virtual_stage(stage, chunk)]) {
        const Share share = item_share(stages_[stage], item);
        held.dense += share.dense * item.count;
        held.expert += share.expert * item.count;
      }
    }
    data_[stage].step(held);
  }
  builder_.end_iteration();
}

void Iteration::say_what_was_scaled() const {
  std::uint64_t run = 0, all = 0;
  for (const std::vector<Item>& items : items_) {
    for (const Item& item : items) {
      if (item.kind == Item::Kind::embedding || item.kind == Item::Kind::head) continue;
      ++run;
      all += item.count;
    }
  }
  if (run < all) {
    builder_.scaled(number(run) + " of " + number(all) +
                    " layers were simulated; each held its stage for the others it stands for as long again as it took; gradients and "
                    "parameters of all layers were exchanged");
  }
  if (shape_.micro_batches < setup_.plan.micro_batches) {
    builder_.scaled(number(shape_.micro_batches) + " of " + number(setup_.plan.micro_batches) +
                    " micro-batches were simulated; each stage held in its steady state of " + number(steady_.micro_batches) +
                    " for as long again as the others take at that pace");
  }
}

}  // namespace weft::training
