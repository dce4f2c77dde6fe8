#include "collective/point_to_point.hh"

namespace weft::collective {

void dissemination_barrier(Builder& builder) {
  const Member n = builder.size();
  // What a member heard so far: a round waits for all rounds before.
  std::vector<std::vector<TaskId>> heard(n);
  for (Member m = 0; m < n; ++m) heard[m].push_back(builder.front()[m]);
  for (Member distance = 1; distance < n; distance *= 2) {
    Front arrivals(n);
    for (Member m = 0; m < n; ++m) {
      const Way way{m, static_cast<Member>((std::uint64_t{m} + distance) % n), 0};
      arrivals[way.to] = builder.send(way, {}, heard[m]);
    }
    for (Member m = 0; m < n; ++m) {
      heard[m].push_back(arrivals[m]);
      builder.ends().received(m, arrivals[m]);
    }
  }
}

void send_receive(Builder& builder) {
  for (Channel c = 0; c < builder.request().channels; ++c) {
    for (const Range chunk : builder.chunks_of_channel(c)) {
      const TaskId message = builder.send_data({0, 1, c}, chunk, {&builder.front()[0], 1});
      builder.ends().sent(0, message);
      builder.ends().received(1, message);
    }
  }
}

}  // namespace weft::collective
