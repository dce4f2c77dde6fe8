#include "collective/successors.hh"

namespace weft::collective {

Successors::Successors(const TaskGraph& graph) : first_(graph.size() + 1), successors_(graph.dependency_count()) {
  const auto tasks = static_cast<std::uint32_t>(graph.size());
  for (std::uint32_t i = 0; i < tasks; ++i) {
    for (const TaskId before : graph.dependencies({i})) ++first_[before.index() + 1];
  }
  for (std::size_t i = 0; i < graph.size(); ++i) first_[i + 1] += first_[i];
  // Filling moves each mark to its successor's place; one step back in the end restores them.
  for (std::uint32_t i = 0; i < tasks; ++i) {
    for (const TaskId before : graph.dependencies({i})) successors_[first_[before.index()]++] = {i};
  }
  for (std::size_t i = graph.size(); i > 0; --i) first_[i] = first_[i - 1];
  first_[0] = 0;
}

}  // namespace weft::collective
