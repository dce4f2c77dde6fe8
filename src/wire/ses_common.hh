// The first 12 bytes of every SES request.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---+-----------+---+-+-+-+-+-+-+-------------------------------+
//   | - |  opcode   |ver|D|I|R|H|E|S|  message id; or 14-bit length |
//   +---+-----------+---+-+-+-+-+-+-+-------------------------------+
//   |  generation   |                    job id                     |
//   +-------+-------+---------------+-------+-----------------------+
//   |   -   |      process (PID)    |   -   |    resource index     |
//   +-------+-----------------------+-------+-----------------------+
//   D delivery complete, I initiator error, R relative addressing, H header data present, E end, S start of message.
//
// The standard request has the message id there; the medium and the small one, which are always a whole message in one packet,
// have its length (2 reserved bits above it). Version is 0; another one is refused. All 64 opcodes are kept.
// Source: UE 1.0, 3.4, as public dissectors lay it out.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"

namespace weft::wire {

namespace ses_flag {
inline constexpr std::uint8_t delivery_complete = 0x20, initiator_error = 0x10, relative = 0x08, header_data = 0x04, eom = 0x02, som = 0x01;
}  // namespace ses_flag

struct SesCommon {
  static constexpr std::size_t size = 12;

  std::uint8_t opcode = 0;  // 6 bits, SesOpcode
  std::uint8_t flags = 0;   // 6 bits, ses_flag
  std::uint16_t message_or_length = 0;
  std::uint8_t generation = 0;
  std::uint32_t job = 0;             // 24 bits
  std::uint16_t process = 0;         // 12 bits
  std::uint16_t resource_index = 0;  // 12 bits
  friend bool operator==(const SesCommon&, const SesCommon&) = default;

  [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }

  void encode(Writer& out) const {
    CHECK(opcode < 64 && flags < 64 && job <= 0xffffff, "opcode", int{opcode}, "flags", int{flags}, "job", job);
    CHECK(process < 0x1000 && resource_index < 0x1000, "process", process, "resource_index", resource_index);
    out.be(opcode);
    out.be(flags);
    out.be(message_or_length);
    out.be(generation);
    out.be24(job);
    out.be(process);
    out.be(resource_index);
  }

  static std::optional<SesCommon> decode(Reader& in) {
    SesCommon h;
    h.opcode = in.be<std::uint8_t>() & 0x3f;
    const auto word = in.be<std::uint8_t>();
    h.flags = word & 0x3f;
    h.message_or_length = in.be<std::uint16_t>();
    h.generation = in.be<std::uint8_t>();
    h.job = in.be24();
    h.process = in.be<std::uint16_t>() & 0xfff;
    h.resource_index = in.be<std::uint16_t>() & 0xfff;
    if (!in.ok() || word >> 6 != 0) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<SesCommon>);

}  // namespace weft::wire
