#include "transport/uet/work.hh"

namespace weft::uet {

std::string_view status_text(Status status) {
  switch (status) {
    case Status::success: return "success";
    case Status::retry_exceeded: return "retransmission limit reached without an acknowledgement";
    case Status::target_not_ready: return "target not ready: it refused the packet too often for want of a resource";
    case Status::refused: return "message dropped by the target (no such memory, or no receive that fits)";
    case Status::context_lost: return "target knows no such packet delivery context (NACK NO_PDC or INVALID_DPDCID)";
    case Status::flushed: return "message flushed";
  }
  return "unknown status";
}

}  // namespace weft::uet
