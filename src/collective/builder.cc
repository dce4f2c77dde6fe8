#include "collective/builder.hh"

#include <algorithm>
#include <array>

#include "base/check.hh"
#include "base/error.hh"

namespace weft::collective {

Builder::Builder(TaskGraph& graph, const Request& request, Tasks after)
    : graph_(graph), request_(request), front_(after.begin(), after.end()), member_scratch_(request.ranks.size()) {
  CHECK(after.empty() || after.size() == request.ranks.size(), "after", after.size(), "ranks", request.ranks.size());
  front_.resize(request.ranks.size());
}

std::uint32_t Builder::chunks(std::int64_t elements) const {
  const std::int64_t chunk = request_.chunk.v / request_.element.v;
  if (chunk == 0 || elements <= chunk) return 1;
  const std::int64_t count = (elements + chunk - 1) / chunk;
  constexpr std::int64_t most = 1 << 24;
  if (count > most) fail(std::to_string(count) + " chunks of " + std::to_string(request_.chunk.v) + " bytes", "a larger chunk");
  return static_cast<std::uint32_t>(count);
}

std::vector<Range> Builder::chunks_of(Range range) const {
  return range.empty() ? std::vector<Range>{} : all_parts(range, chunks(range.elements()));
}

Bytes Builder::local_bytes(Pieces pieces) const {
  std::int64_t elements = 0;
  for (const Piece& piece : pieces) elements += piece.elements;
  return {elements * request_.element.v};
}

Bytes Builder::wire_bytes(Pieces pieces, Overhead more) const {
  const auto scaled = [](std::int64_t bytes, Overhead by) {
    return static_cast<std::int64_t>((static_cast<__int128>(bytes) * by.wire + by.payload - 1) / by.payload);
  };
  return {scaled(scaled(local_bytes(pieces).v, request_.overhead), more)};
}

Overhead Builder::overhead_of(Way way) const {
  if (request_.servers.empty()) return {};
  if (request_.servers[way.from] == request_.servers[way.to]) return request_.inside;
  return request_.between;
}

Overhead Builder::overhead_of(SwitchId where) const {
  return levels_[where.index()] == ComputingSwitch::Level::server ? request_.inside : Overhead{};
}

TaskId Builder::send(Way way, Pieces pieces, Tasks after) {
  return graph_.add(transfer(rank(way.from), rank(way.to), wire_bytes(pieces, overhead_of(way)), way.channel), after, pieces);
}

TaskId Builder::upload(Member from, SwitchId to, Channel channel, Pieces pieces, Tasks after) {
  return graph_.add(collective::upload(rank(from), to, wire_bytes(pieces, overhead_of(to)), channel), after, pieces);
}

TaskId Builder::network_reduce(SwitchId where, Channel channel, Pieces pieces, Tasks after) {
  return graph_.add(collective::network_reduce(where, wire_bytes(pieces.first(1), overhead_of(where)), channel), after, pieces);
}

TaskId Builder::multicast(SwitchId from, Channel channel, Pieces pieces, Tasks after) {
  return graph_.add(collective::multicast(from, wire_bytes(pieces, overhead_of(from)), channel), after, pieces);
}

TaskId Builder::download(SwitchId from, Member to, Channel channel, Pieces pieces, Tasks after) {
  return graph_.add(collective::download(from, rank(to), wire_bytes(pieces, overhead_of(from)), channel), after, pieces);
}

TaskId Builder::reduce(Member where, Channel channel, Pieces pieces, Tasks after) {
  return graph_.add(collective::reduce(rank(where), local_bytes(pieces), channel), after, pieces);
}

TaskId Builder::copy(Member where, Pieces pieces, Tasks after) {
  return graph_.add(collective::copy(rank(where), local_bytes(pieces)), after, pieces);
}

TaskId Builder::send_and_reduce(Way way, Range range, TaskId ready, TaskId mine) {
  const Run landing = scratch(way.to, range.elements());
  const Piece carried{range.data(), landing, range.elements()};
  const TaskId arrival = send(way, {&carried, 1}, {&ready, 1});
  const Piece added{landing, range.data(), range.elements()};
  return reduce(way.to, way.channel, {&added, 1}, std::array{arrival, mine});
}

TaskId Builder::send_data(Way way, Range range, Tasks after) {
  const Piece piece{range.data(), range.data(), range.elements()};
  return send(way, {&piece, 1}, after);
}

Run Builder::fresh(std::int64_t& used, std::int64_t elements) {
  const Run run{Buffer::scratch, used};
  used += elements;
  return run;
}

Run Builder::scratch(SwitchId where, std::int64_t elements) { return fresh(switch_scratch_[where.index()], elements); }

SwitchId Builder::add_switch(ComputingSwitch::Level level, std::span<const Member> members) {
  std::vector<RankId> ranks;
  ranks.reserve(members.size());
  for (const Member member : members) ranks.push_back(rank(member));
  const SwitchId id = graph_.add_switch(level, ranks);
  switch_scratch_.resize(id.index() + 1);
  levels_.resize(id.index() + 1);
  levels_[id.index()] = level;
  return id;
}

Front Builder::finish() {
  ends_.move_front(graph_, request_.ranks, front_);
  return front_;
}

void Builder::fail(const std::string& what, const std::string& hint) const {
  throw InputError(request_.where, std::string(operation_name(request_.operation)) + " (" + request_.algorithm + "): " + what, hint);
}

}  // namespace weft::collective
