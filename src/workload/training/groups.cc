#include "workload/training/groups.hh"

namespace weft::training {
namespace {

constexpr auto position(Dimension dimension) { return static_cast<std::size_t>(dimension); }

}  // namespace

Groups::Groups(const Plan& plan) : degree_(plan.degree), expert_(plan.expert), stages_(plan.pipeline()) {
  std::uint32_t stride = 1;
  for (const Dimension dimension : plan.order) {
    stride_[position(dimension)] = stride;
    stride *= degree_[position(dimension)];
  }
  for (Rank rank = 0; rank < stride; ++rank) stages_[coordinates(rank)[position(Dimension::pipeline)]].push_back(rank);
}

Coordinates Groups::coordinates(Rank rank) const {
  Coordinates at{};
  for (std::size_t i = 0; i < at.size(); ++i) at[i] = rank / stride_[i] % degree_[i];
  return at;
}

Rank Groups::rank(const Coordinates& at) const {
  Rank rank = 0;
  for (std::size_t i = 0; i < at.size(); ++i) rank += at[i] * stride_[i];
  return rank;
}

std::vector<Rank> Groups::along(Rank rank, Dimension dimension) const {
  Coordinates at = coordinates(rank);
  std::vector<Rank> group;
  for (std::uint32_t i = 0; i < degree_[position(dimension)]; ++i) {
    at[position(dimension)] = i;
    group.push_back(this->rank(at));
  }
  return group;
}

std::vector<Rank> Groups::replicas(Rank rank) const {
  std::vector<Rank> group;
  for (const Rank data : along(rank, Dimension::data)) {
    const std::vector<Rank> context = along(data, Dimension::context);
    group.insert(group.end(), context.begin(), context.end());
  }
  return group;
}

std::uint32_t Groups::replica(Rank rank) const {
  const Coordinates at = coordinates(rank);
  return at[position(Dimension::data)] * degree_[position(Dimension::context)] + at[position(Dimension::context)];
}

std::vector<Rank> Groups::expert(Rank rank) const {
  const std::vector<Rank> all = replicas(rank);
  const auto first = static_cast<std::ptrdiff_t>(replica(rank) / expert_ * expert_);
  return {all.begin() + first, all.begin() + first + expert_};
}

std::vector<Rank> Groups::expert_replicas(Rank rank) const {
  const std::vector<Rank> all = replicas(rank);
  std::vector<Rank> group;
  for (std::size_t i = replica(rank) % expert_; i < all.size(); i += expert_) group.push_back(all[i]);
  return group;
}

Rank Groups::at_stage(Rank rank, std::uint32_t stage) const {
  Coordinates at = coordinates(rank);
  at[position(Dimension::pipeline)] = stage;
  return this->rank(at);
}

}  // namespace weft::training
