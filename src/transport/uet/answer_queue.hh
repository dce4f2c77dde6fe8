// The queue of answers: what arrivals have caused and the wire has not taken yet, ACKs and NACKs in the order of their causes.
//
// An ACK is filled in when it leaves, so it tells the latest; what waits here is which packet it answers. Bound: 32. When it
// is full an ACK takes the place of the youngest ACK, and a NACK is not sent: the packet's timer makes good for it. One
// arrival causes one answer at most, and an answer never causes one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "transport/uet/psn.hh"
#include "wire/uet.hh"

namespace weft::uet {

struct Answer {
  enum class Kind : std::uint8_t { acknowledge, negative, rudi };
  std::uint32_t psn = 0;
  std::uint32_t payload = 0;  // NACK's word
  std::uint16_t path = 0;
  std::uint16_t stranger = 0;  // NACK to somebody who is not our peer: his id
  std::uint16_t opaque = 0;    // probe
  Kind kind = Kind::acknowledge;
  wire::NackCode code = wire::NackCode::none;
  std::uint8_t flags = 0;                        // of the header: ecn, retransmit, probe
  wire::SesReturn result = wire::SesReturn::ok;  // RUDI
};

class AnswerQueue {
 public:
  void reset() {
    if (!ring_) ring_ = std::make_unique<std::array<Answer, capacity>>();
    begin_ = end_ = 0;
  }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] std::uint32_t size() const { return end_ - begin_; }
  // False when `answer` had to be merged or left out.
  bool push(const Answer& answer) {
    if (end_ - begin_ < capacity) {
      slot(end_++) = answer;
      return true;
    }
    Answer& youngest = slot(end_ - 1);
    if (answer.kind == Answer::Kind::acknowledge && youngest.kind == Answer::Kind::acknowledge) youngest = answer;
    return false;
  }
  // Precondition: !empty().
  const Answer& pop() { return slot(begin_++); }
  void clear() { begin_ = end_; }
  [[nodiscard]] const void* address() const { return &(*ring_)[end_ % capacity]; }  // of the next answer, for prefetching

 private:
  static constexpr std::uint32_t capacity = 32;
  Answer& slot(std::uint32_t i) { return (*ring_)[i % capacity]; }

  std::uint32_t begin_ = 0, end_ = 0;
  std::unique_ptr<std::array<Answer, capacity>> ring_;
};

}  // namespace weft::uet
