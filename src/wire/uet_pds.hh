// The PDS part of a UetHeader to bytes and back. Which field of UetHeader stands for which field on the wire: uet.hh.
//
// Units: bytes. Errors: decoding yields false when the bytes run out; the caller has looked at type and next header before.
// Source: the headers pds_*.hh. The extended congestion state of ACK_CCX and NACK_CCX beyond 64 bits, which only vendors
// define, is written as zero and not kept (project profile).
#pragma once

#include "wire/cursor.hh"
#include "wire/uet.hh"

namespace weft::wire {

void encode_pds(const UetHeader& header, Writer& out);

// `header.type` says which header the bytes hold; everything else of the PDS part is filled in.
bool decode_pds(Reader& in, UetHeader& header);

}  // namespace weft::wire
