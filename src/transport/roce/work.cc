#include "transport/roce/work.hh"

namespace weft::roce {

std::string_view status_text(Status status) {
  switch (status) {
    case Status::success: return "success";
    case Status::retry_exceeded: return "transport retry count exceeded";
    case Status::rnr_retry_exceeded: return "RNR retry count exceeded";
    case Status::remote_access_error: return "remote access error";
    case Status::remote_invalid_request: return "remote invalid request error";
    case Status::remote_operational_error: return "remote operational error";
    case Status::flushed: return "work request flushed";
  }
  return "unknown status";
}

}  // namespace weft::roce
