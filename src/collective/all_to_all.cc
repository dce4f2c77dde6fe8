#include "collective/all_to_all.hh"

#include <array>

#include "collective/exchange.hh"
#include "collective/servers.hh"

namespace weft::collective {
namespace {

struct Slice {  // the number-th of so many
  std::uint32_t of = 1;
  std::uint32_t number = 0;
};

Piece cut(Piece part, Slice slice) {
  const Range range = part_of({0, part.elements}, slice.of, slice.number);
  part.from.offset += range.begin;
  part.to.offset += range.begin;
  part.elements = range.elements();
  return part;
}

// One part in the chunks that the request asks for; the last message of it.
TaskId send_part(Builder& builder, Way way, const Piece& part, Tasks after) {
  const std::uint32_t chunks = builder.chunks(part.elements);
  TaskId last;
  for (std::uint32_t i = 0; i < chunks; ++i) {
    const Piece piece = cut(part, {chunks, i});
    last = builder.send(way, {&piece, 1}, after);
    builder.ends().received(way.to, last);
    builder.ends().sent(way.from, last);
  }
  return last;
}

Channel channel_of(const Builder& builder, Member distance) { return static_cast<Channel>(distance % builder.request().channels); }

// What the two algorithms on two levels share: the grid, the parts, and what is under way between servers.
class TwoLevelExchange {
 public:
  explicit TwoLevelExchange(Builder& builder)
      : builder_(builder), grid_(server_grid(builder)), exchange_(builder), in_flight_(builder.size(), builder.request().parallel) {}

  // Messages of one connection go in the order of their tasks: what is gathered for other servers goes before what stays inside.
  void by_rails() {
    copy_own_parts(builder_, exchange_);
    between(&TwoLevelExchange::by_rail);
    inside();
  }

  void by_senders() {
    copy_own_parts(builder_, exchange_);
    inside();
    between(&TwoLevelExchange::by_sender);
  }

 private:
  void between(void (TwoLevelExchange::*servers)(Member, Member)) {
    for (Member distance = 1; distance < grid_.servers; ++distance) {
      for (Member server = 0; server < grid_.servers; ++server) (this->*servers)(server, (server + distance) % grid_.servers);
    }
  }

  // From all members of `server` to all of `other`, gathered at the receivers' rails.
  void by_rail(Member server, Member other) {
    for (Member place = 0; place < grid_.per_server; ++place) {
      const Member relay = grid_.member(server, place);
      const Member to = grid_.member(other, place);
      std::int64_t elements = 0;
      for (const Member from : grid_.of_server(server)) elements += exchange_.elements(from, to);
      const std::uint32_t chunks = builder_.chunks(elements);
      for (Slice slice{chunks, 0}; slice.number < chunks; ++slice.number) {
        std::vector<TaskId> after{builder_.front()[relay], in_flight_.before_next(relay)};
        std::vector<Piece> pieces;
        for (const Member from : grid_.of_server(server)) {
          const Piece part = cut(exchange_.direct(from, to), slice);
          if (part.elements > 0) pieces.push_back(gather(from, relay, part, after));
        }
        if (!pieces.empty()) cross({relay, to, channel_of(builder_, other)}, pieces, after);
      }
    }
  }

  // From all members of `server` to all of `other`, handed out there by the sender's rail.
  void by_sender(Member server, Member other) {
    for (Member place = 0; place < grid_.per_server; ++place) {
      const Member from = grid_.member(server, place);
      std::int64_t elements = 0;
      for (const Member to : grid_.of_server(other)) elements += exchange_.elements(from, to);
      const std::uint32_t chunks = builder_.chunks(elements);
      for (Slice slice{chunks, 0}; slice.number < chunks; ++slice.number) send_and_hand_out(from, other, place, slice);
    }
  }

  // A chunk of what `from` has for server `other`, by way of this place there.
  void send_and_hand_out(Member from, Member other, Member place, Slice slice) {
    const Member relay = grid_.member(other, place);
    std::vector<Piece> pieces;
    std::vector<Piece> handed_out;
    std::vector<Member> receivers;
    for (const Member to : grid_.of_server(other)) {
      const Piece part = cut(exchange_.direct(from, to), slice);
      if (part.elements == 0) continue;
      if (to == relay) {
        pieces.push_back(part);
        continue;
      }
      const Run landing = builder_.scratch(relay, part.elements);
      pieces.push_back({part.from, landing, part.elements});
      handed_out.push_back({landing, part.to, part.elements});
      receivers.push_back(to);
    }
    if (pieces.empty()) return;
    const std::array after{builder_.front()[from], in_flight_.before_next(from)};
    const TaskId arrival = cross({from, relay, channel_of(builder_, other)}, pieces, after);
    for (std::size_t i = 0; i < receivers.size(); ++i) hand_out(relay, receivers[i], handed_out[i], arrival);
  }

  void inside() {
    for (Member server = 0; server < grid_.servers; ++server) {
      for (Member step = 1; step < grid_.per_server; ++step) {
        for (Member place = 0; place < grid_.per_server; ++place) {
          const Way way{grid_.member(server, place), grid_.member(server, (place + step) % grid_.per_server), channel_of(builder_, step)};
          if (exchange_.elements(way.from, way.to) == 0) continue;
          send_part(builder_, way, exchange_.direct(way.from, way.to), {&builder_.front()[way.from], 1});
        }
      }
    }
  }

  // Moves a part to the relay inside the server; what the relay sends on. The arrival joins `after`.
  Piece gather(Member from, Member relay, const Piece& part, std::vector<TaskId>& after) {
    if (from == relay) return part;
    const Run landing = builder_.scratch(relay, part.elements);
    const Piece moved{part.from, landing, part.elements};
    after.push_back(builder_.send({from, relay, 0}, {&moved, 1}, {&builder_.front()[from], 1}));
    builder_.ends().sent(from, after.back());
    return {landing, part.to, part.elements};
  }

  TaskId cross(Way way, Pieces pieces, Tasks after) {
    const TaskId message = builder_.send(way, pieces, after);
    in_flight_.started(way.from, message);
    builder_.ends().received(way.to, message);
    builder_.ends().sent(way.from, message);
    return message;
  }

  void hand_out(Member relay, Member to, const Piece& part, TaskId arrival) {
    const TaskId last = builder_.send({relay, to, 0}, {&part, 1}, std::array{arrival, builder_.front()[relay]});
    builder_.ends().received(to, last);
    builder_.ends().sent(relay, last);
  }

  Builder& builder_;
  ServerGrid grid_;
  Exchange exchange_;
  InFlight in_flight_;
};

}  // namespace

void direct_all_to_all(Builder& builder) {
  const Exchange exchange(builder);
  InFlight in_flight(builder.size(), builder.request().parallel);
  copy_own_parts(builder, exchange);
  for (Member distance = 1; distance < builder.size(); ++distance) {
    for (Member m = 0; m < builder.size(); ++m) {
      const Way way{m, (m + distance) % builder.size(), channel_of(builder, distance)};
      if (exchange.elements(way.from, way.to) == 0) continue;
      const std::array after{builder.front()[m], in_flight.before_next(m)};
      in_flight.started(m, send_part(builder, way, exchange.direct(way.from, way.to), after));
    }
  }
}

void rail_all_to_all(Builder& builder) { TwoLevelExchange(builder).by_rails(); }

void hierarchical_all_to_all(Builder& builder) { TwoLevelExchange(builder).by_senders(); }

}  // namespace weft::collective
