#include "collective/exchange.hh"

namespace weft::collective {

Exchange::Exchange(Builder& builder) : builder_(builder) {
  const Member n = builder.size();
  if (builder.request().matrix.empty() || !builder.graph().keeps_pieces()) return;
  sent_.resize(std::size_t{n} * n);
  received_.resize(std::size_t{n} * n);
  for (Member a = 0; a < n; ++a) {
    for (Member b = 1; b < n; ++b) {
      sent_[index(a, b)] = sent_[index(a, b - 1)] + elements(a, b - 1);
      received_[index(b, a)] = received_[index(b - 1, a)] + elements(b - 1, a);
    }
  }
}

std::int64_t Exchange::elements(Member from, Member to) const {
  const Request& request = builder_.request();
  if (!request.matrix.empty()) return request.matrix[index(from, to)].v / request.element.v;
  return part_of(builder_.whole(), builder_.size(), to).elements();
}

Run Exchange::sent(Member from, Member to) const {
  if (!builder_.request().matrix.empty()) return {Buffer::data, sent_.empty() ? 0 : sent_[index(from, to)]};
  return part_of(builder_.whole(), builder_.size(), to).data();
}

Run Exchange::received(Member from, Member to) const {
  if (!builder_.request().matrix.empty()) return {Buffer::result, received_.empty() ? 0 : received_[index(from, to)]};
  return {Buffer::result, from * elements(from, to)};
}

void copy_own_parts(Builder& builder, const Exchange& exchange) {
  for (Member m = 0; m < builder.size(); ++m) {
    const Piece piece = exchange.direct(m, m);
    if (piece.elements > 0) builder.ends().received(m, builder.copy(m, {&piece, 1}, {&builder.front()[m], 1}));
  }
}

TaskId InFlight::before_next(Member member) const {
  const std::vector<TaskId>& ring = started_[member];
  return limit_ == 0 || ring.size() < limit_ ? TaskId{} : ring[next_[member]];
}

void InFlight::started(Member member, TaskId task) {
  if (limit_ == 0) return;
  std::vector<TaskId>& ring = started_[member];
  if (ring.size() < limit_) {
    ring.push_back(task);
    return;
  }
  ring[next_[member]] = task;
  next_[member] = (next_[member] + 1) % limit_;
}

}  // namespace weft::collective
