#include "workload/training/data_parallel.hh"

#include <algorithm>

namespace weft::training {

using collective::Operation;
using collective::TaskId;

void DataParallel::begin_pass(std::size_t items) {
  gathered_ = 0;
  first_.assign(items, {});
  all_.assign(items, {});
}

void DataParallel::gather(const std::vector<Item>& items, std::size_t i) {
  if (stage_->plan().zero < 3) return;
  for (; gathered_ < items.size() && gathered_ <= i + stage_->plan().prefetch; ++gathered_) gather_item(items[gathered_], gathered_);
}

void DataParallel::gather_item(const Item& item, std::size_t i) {
  const Share share = item_share(*stage_, item);
  const std::int64_t each = bytes_of(stage_->model().weights);
  for (std::uint32_t layer = 0; layer < item.count; ++layer) {
    stage_->start(groups(false), Operation::all_gather, {share.dense * each}, Streams::gather, "parameters all-gather");
    stage_->start(groups(true), Operation::all_gather, {share.expert * each}, Streams::gather, "parameters all-gather");
    auto& tasks = layer == 0 ? first_[i] : all_[i];
    tasks.clear();
    for (const Rank rank : stage_->ranks()) tasks.push_back(stage_->builder().last(rank, Streams::gather));
  }
}

void DataParallel::wait_for(const std::vector<TaskId>& tasks) {
  for (std::size_t i = 0; i < tasks.size(); ++i) stage_->builder().wait(stage_->ranks()[i], tasks[i]);
}

void DataParallel::wait_first(std::size_t i) { wait_for(first_[i]); }

void DataParallel::wait_all(std::size_t i) { wait_for(all_[i]); }

void DataParallel::flush(bool expert, bool last) {
  Count& pending = pending_[expert ? 1 : 0];
  if (pending == 0) return;
  const Operation operation = stage_->plan().zero == 0 ? Operation::all_reduce : Operation::reduce_scatter;
  const Bytes bytes{pending * bytes_of(stage_->model().gradients)};
  stage_->start(groups(expert), operation, bytes, Streams::reduce, "gradients " + std::string(collective::operation_name(operation)));
  if (last) reduced_.push_back({expert, pending});
  pending = 0;
}

void DataParallel::add(bool expert, Count parameters, bool last) {
  Count& pending = pending_[expert ? 1 : 0];
  pending += parameters;
  const Bytes bytes{pending * bytes_of(stage_->model().gradients)};
  if (stage_->plan().overlap && bytes >= stage_->plan().bucket) flush(expert, last);
}

void DataParallel::backward_done(const Item& item, bool last) {
  if (!last && stage_->plan().zero < 2) return;
  const Share share = item_share(*stage_, item);
  for (std::uint32_t layer = 0; layer < item.count; ++layer) {
    add(false, share.dense, last);
    add(true, share.expert, last);
  }
}

void DataParallel::end_backward(bool last) {
  flush(false, last);
  flush(true, last);
}

void DataParallel::step(const Share& share) {
  stage_->set_pass("", "");
  stage_->wait(Streams::reduce);
  stage_->compute(optimizer_time(stage_->costs(), stage_->model(), stage_->plan(), share), "optimizer");
  const std::uint32_t zero = stage_->plan().zero;
  for (const Bucket& bucket : reduced_) {
    if (zero != 1 && zero != 2) break;
    const Bytes bytes{bucket.parameters * bytes_of(stage_->model().weights)};
    stage_->start(groups(bucket.expert), Operation::all_gather, bytes, Streams::gather, "parameters all-gather");
  }
  reduced_.clear();
}

void reduce_tied_embeddings(Stage& first, Stage& last) {
  const Plan& plan = first.plan();
  const Count sharers = plan.zero >= 1 ? plan.replicas() : 1;
  const Bytes bytes{head_share(first.model(), plan).dense / sharers * bytes_of(first.model().gradients)};
  GroupList pairs;
  for (std::size_t i = 0; i < first.ranks().size(); ++i) pairs.push_back({first.ranks()[i], last.ranks()[i]});
  first.set_pass("", "");
  first.start(pairs, Operation::all_reduce, bytes, Streams::reduce, "tied embeddings all-reduce");
}

}  // namespace weft::training
