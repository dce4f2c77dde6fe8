#include "core/worker.hh"

#include <algorithm>

namespace weft {

void WorkerScratch::grow() {
  const std::size_t size = keys.size() * 2 + 256;
  keys.resize(size);
  sorted.resize(size);
  arrivals.resize(size);
  by_port.resize(size);
  out_ports.resize(size);
}

void Worker::begin_window(unsigned parity) {
  parity_ = parity;
  mail_min_ = Time::never();
  for (Pair& pair : outboxes_) pair.box[parity].clear();
  // Twice what any window has taken so far, so that pools grow here and not while nodes run.
  if (blocks.free_count() < free_blocks_) most_blocks_ = std::max(most_blocks_, free_blocks_ - blocks.free_count());
  if (headers.free_count() < free_headers_) most_headers_ = std::max(most_headers_, free_headers_ - headers.free_count());
  blocks.reserve(2 * most_blocks_);
  headers.reserve(2 * most_headers_);
  free_blocks_ = blocks.free_count();
  free_headers_ = headers.free_count();
}

void Worker::post(std::uint32_t link, std::uint16_t owner, const Record& record, Time at) {
  Outbox& box = outboxes_[owner].box[parity_];
  Mail& mail = box.mails.emplace_back(Mail{record, link, Mail::no_header});
  mail.record.at = at.ps;
  if (record.has_header()) {
    mail.header = static_cast<std::uint32_t>(box.headers.size());
    box.headers.push_back(headers[record.handle]);
    headers.release(record.handle);
  }
  if (at < mail_min_) mail_min_ = at;
}

void Worker::notify(std::uint32_t node, const LocalEvent& event) {
  const std::uint16_t owner = exchange_.owner[node];
  if (owner == id_) {
    local_notices.push_back({node, event});
    return;
  }
  outboxes_[owner].box[parity_].notices.push_back({node, event});
  if (event.at < mail_min_) mail_min_ = event.at;
}

void Worker::take_mail(Outbox& box) {
  for (const Mail& mail : box.mails) {
    Record& slot = enter(mail.link, Time{mail.record.at});
    slot = mail.record;
    if (mail.header == Mail::no_header) continue;
    slot.handle = headers.take();
    headers[slot.handle] = box.headers[mail.header];
  }
}

}  // namespace weft
