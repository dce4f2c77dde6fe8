// Data parallelism of one stage: gradients are reduced in buckets beside the backward pass; ZeRO shards state, gradients, weights.
//
// zero  gradients                                parameters
//   0   all-reduce, last micro-batch             every replica has all
//   1   reduce-scatter, last micro-batch         all-gather after the optimizer, bucket by bucket
//   2   reduce-scatter, every micro-batch        likewise
//   3   reduce-scatter, every micro-batch        all-gather of each layer before its forward and before its backward, `prefetch`
//                                                layers ahead; none after the optimizer
// A bucket holds whole layers, as many as it takes to reach its size, in the order of the backward pass. Dense parameters are
// shared by all replicas, experts' by the expert replicas. Reduction and gathering have a stream each. Without overlap nothing is
// reduced before the pass is over. Bytes: parameters of the rank * precision of gradients (weights).
// Tied embeddings on two stages: their gradients are all-reduced between the two; each rank's share of them from ZeRO 1 on.
// Left out: the scalar all-reduces of gradient norms. ZeRO 3 gathers a tied head with its embedding.
// Source: Rajbhandari et al., ZeRO (arXiv:1910.02054), sections 5 and 7; Li et al., PyTorch Distributed (arXiv:2006.15704), for buckets.
#pragma once

#include <vector>

#include "workload/training/layer.hh"

namespace weft::training {

class DataParallel {
 public:
  explicit DataParallel(Stage& stage) : stage_(&stage) {}

  // ZeRO 3, in the order in which a pass will need its items: begins to gather those that are due before items[i] runs ...
  void begin_pass(std::size_t items);
  void gather(const std::vector<Item>& items, std::size_t i);
  // ... and holds the compute stream until the first layer, or all layers, of the item are there.
  void wait_first(std::size_t i);
  void wait_all(std::size_t i);

  // An item's backward is done; `last`: in the last micro-batch.
  void backward_done(const Item& item, bool last);
  void end_backward(bool last);

  // After all passes: the optimizer's step, at a rank that holds `share`, and what follows it.
  void step(const Share& share);

 private:
  struct Bucket {
    bool expert = false;
    Count parameters = 0;
  };

  [[nodiscard]] const GroupList& groups(bool expert) const { return expert ? stage_->expert_replica_groups() : stage_->replica_groups(); }
  void add(bool expert, Count parameters, bool last);
  void flush(bool expert, bool last);
  void gather_item(const Item& item, std::size_t i);
  void wait_for(const std::vector<collective::TaskId>& tasks);

  Stage* stage_;
  Count pending_[2] = {0, 0};  // dense, expert
  std::vector<Bucket> reduced_;
  std::size_t gathered_ = 0;                                  // items of this pass
  std::vector<std::vector<collective::TaskId>> first_, all_;  // by item, then rank of the stage
};

// The all-reduce of tied embeddings, after both stages' backward passes.
void reduce_tied_embeddings(Stage& first, Stage& last);

}  // namespace weft::training
