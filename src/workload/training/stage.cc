#include "workload/training/stage.hh"

namespace weft::training {

Stage::Stage(JobBuilder& builder, const Setup& setup, std::uint32_t number) : builder_(&builder), setup_(&setup), number_(number) {
  const Groups& groups = setup.groups;
  tensor_ = each_group(ranks(), [&](Rank rank) { return groups.along(rank, Dimension::tensor); });
  context_ = each_group(ranks(), [&](Rank rank) { return groups.along(rank, Dimension::context); });
  expert_ = each_group(ranks(), [&](Rank rank) { return groups.expert(rank); });
  replicas_ = each_group(ranks(), [&](Rank rank) { return groups.replicas(rank); });
  expert_replicas_ = each_group(ranks(), [&](Rank rank) { return groups.expert_replicas(rank); });
}

void Stage::compute(Duration time, const std::string& what) {
  if (time.v == 0) return;
  const LabelId name = compute_label(what);
  for (const Rank rank : ranks()) builder_->compute(rank, time, name);
}

void Stage::start(const GroupList& groups, collective::Operation operation, Bytes bytes, std::uint8_t stream, const std::string& what) {
  if (bytes.v == 0 || groups.front().size() < 2) return;
  const LabelId name = label(what);
  for (const std::vector<Rank>& group : groups) {
    collective::Front after;
    for (const Rank rank : group) after.push_back(builder_->last(rank, JobBuilder::compute_stream));
    JobCollective wanted;
    wanted.operation = operation;
    wanted.bytes = bytes;
    wanted.ranks = group;
    wanted.stream = stream;
    wanted.label = name;
    wanted.after = after;
    static_cast<void>(builder_->collective(wanted));
  }
}

void Stage::wait(std::uint8_t stream) {
  for (const Rank rank : ranks()) builder_->wait(rank, builder_->last(rank, stream));
}

void Stage::exchange(const GroupList& groups, collective::Operation operation, Bytes bytes, std::uint8_t stream, const std::string& what) {
  if (bytes.v == 0 || groups.front().size() < 2) return;
  start(groups, operation, bytes, stream, what);
  wait(stream);
}

}  // namespace weft::training
