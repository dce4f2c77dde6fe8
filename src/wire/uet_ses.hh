// The SES part of a UetHeader to bytes and back. Which field of UetHeader stands for which field on the wire: uet.hh.
//
// Job id, generation and the list of a response are written as zero and not kept; a response with data in a request packet
// always says "OK", and another return code is refused there (project profile: weft runs one job and no atomics).
// Units: bytes. Source: the headers ses_*.hh.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"
#include "wire/uet.hh"

namespace weft::wire {

void encode_ses(const UetHeader& header, std::size_t payload_length, Writer& out);

enum class SesProblem : std::uint8_t { none, truncated, version, opcode, response_kind, return_code };

struct SesDecoded {
  SesProblem problem = SesProblem::none;
  std::optional<std::uint16_t> payload_length{};  // what the header says the packet carries, where it says so
};
// `header.next` says which header the bytes hold; the SES part of `header` is filled in.
SesDecoded decode_ses(Reader& in, UetHeader& header);

}  // namespace weft::wire
