#include "wire/uet.hh"

namespace weft::wire {

bool operator==(const UetHeader& a, const UetHeader& b) {
  const bool same_outside = a.type == b.type && a.next == b.next && a.flags == b.flags && a.nack == b.nack && a.control == b.control &&
                            a.ack_request_kind == b.ack_request_kind && a.opcode == b.opcode && a.ses_flags == b.ses_flags &&
                            a.psn == b.psn && a.credit == b.credit && a.offset == b.offset && a.spdcid == b.spdcid &&
                            a.dpdcid == b.dpdcid && a.message_id == b.message_id;
  if (!same_outside) return false;
  return a.is_request() ? a.request() == b.request() : a.feedback() == b.feedback();
}

}  // namespace weft::wire
