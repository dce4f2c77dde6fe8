#include "workload/training/experts.hh"

#include "workload/training/expert_load.hh"

namespace weft::training {
namespace {

using collective::Operation;

class LayerExperts {
 public:
  LayerExperts(Stage& stage, std::uint32_t layer)
      : stage_(stage),
        copies_(routed_tokens(stage.model(), stage.plan()) * stage.model().top_k),
        shares_(expert_shares(stage.setup().training, layer, stage.builder().settings().random_key)),
        by_rank_(rank_copies(shares_, stage.plan().expert, copies_)) {}

  // From the tokens' ranks to the experts', or back.
  void exchange(Precision precision, bool back, const std::string& what) {
    if (stage_.plan().expert < 2) return;
    const std::int64_t element = std::int64_t{stage_.model().hidden} * bytes_of(precision);
    const LabelId label = stage_.label(what);
    for (const std::vector<Rank>& group : stage_.expert_groups()) {
      collective::Front after;
      for (const Rank rank : group) after.push_back(stage_.builder().last(rank, JobBuilder::compute_stream));
      JobCollective wanted;
      wanted.operation = Operation::all_to_all;
      wanted.bytes = {copies_ * element};
      wanted.ranks = group;
      wanted.stream = Streams::expert;
      wanted.label = label;
      wanted.after = after;
      if (!shares_.empty()) wanted.matrix = matrix(element, back);
      static_cast<void>(stage_.builder().collective(wanted));
    }
    stage_.wait(Streams::expert);
  }

  void gather(Operation operation, Precision precision, const std::string& what) {
    const std::uint32_t tensor = stage_.plan().tensor();
    if (tensor < 2) return;
    const std::int64_t element = std::int64_t{stage_.model().hidden} * bytes_of(precision);
    const Groups& groups = stage_.setup().groups;
    for (std::uint32_t place = 0; place < stage_.plan().expert; ++place) {
      GroupList here;
      for (const std::vector<Rank>& group : stage_.tensor_groups()) {
        if (groups.replica(group.front()) % stage_.plan().expert == place) here.push_back(group);
      }
      stage_.start(here, operation, {received(place) * element * tensor}, Streams::tensor, what);
    }
    stage_.wait(Streams::tensor);
  }

  void compute(Duration balanced) {
    const LabelId label = stage_.compute_label("routed experts");
    const Groups& groups = stage_.setup().groups;
    for (const Rank rank : stage_.ranks()) {
      const __int128 got = received(groups.replica(rank) % stage_.plan().expert);
      stage_.builder().compute(rank, {static_cast<std::int64_t>(balanced.v * got / copies_)}, label);
    }
  }

 private:
  // Copies that an expert-parallel rank gets from all senders; copies_ with equal loads.
  [[nodiscard]] std::int64_t received(std::uint32_t place) const {
    return shares_.empty() ? copies_ : by_rank_[place] * stage_.plan().expert;
  }

  [[nodiscard]] std::vector<Bytes> matrix(std::int64_t element, bool back) const {
    const std::uint32_t n = stage_.plan().expert;
    std::vector<Bytes> all;
    for (std::uint32_t from = 0; from < n; ++from) {
      for (std::uint32_t to = 0; to < n; ++to) all.push_back({by_rank_[back ? from : to] * element});
    }
    return all;
  }

  Stage& stage_;
  std::int64_t copies_;  // of one rank's tokens
  std::vector<std::uint64_t> shares_;
  std::vector<std::int64_t> by_rank_;
};

}  // namespace

void experts_forward(Stage& stage, std::uint32_t layer) {
  const ModelParameters& model = stage.model();
  LayerExperts experts(stage, layer);
  stage.compute(stage.costs().shared.forward, "router and shared experts");
  experts.exchange(model.dispatch, false, "dispatch");
  experts.gather(Operation::all_gather, model.dispatch, "experts all-gather");
  experts.compute(stage.costs().routed.forward);
  experts.gather(Operation::reduce_scatter, model.combine, "experts reduce-scatter");
  experts.exchange(model.combine, true, "combine");
}

void experts_backward(Stage& stage, std::uint32_t layer) {
  const ModelParameters& model = stage.model();
  LayerExperts experts(stage, layer);
  experts.exchange(model.combine, false, "combine backward");
  experts.gather(Operation::all_gather, model.combine, "experts all-gather");
  experts.compute(stage.costs().routed.backward);
  experts.gather(Operation::reduce_scatter, model.combine, "experts reduce-scatter");
  experts.exchange(model.combine, true, "dispatch backward");
  stage.compute(stage.costs().shared.backward, "router and shared experts");
}

}  // namespace weft::training
