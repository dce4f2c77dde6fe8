// Worker: what one thread brings to the nodes it runs: pools, scratch space, and the way out to other nodes.
//
// deliver() puts a record on a link's ring when the reader lives on this thread, else into the outbox for that thread, with
// its header. Outboxes are double-buffered: filled in one window, emptied by the reader at the start of the next.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/units.hh"
#include "core/exchange.hh"
#include "core/header_pool.hh"
#include "core/local_events.hh"
#include "core/record.hh"
#include "core/ring.hh"

namespace weft {

struct Mail {
  Record record;
  std::uint32_t link = 0;
  std::uint32_t header = no_header;  // index into Outbox::headers
  static constexpr std::uint32_t no_header = 0xffffffff;
};

// Something one node arranges for another that is no packet (design rule 12): it takes at least the window's length.
struct Notice {
  std::uint32_t node = 0;
  LocalEvent event;
};

struct Outbox {
  std::vector<Mail> mails;
  std::vector<HeaderSlot> headers;
  std::vector<Notice> notices;
  void clear() {
    mails.clear();
    headers.clear();
    notices.clear();
  }
};

struct WorkerScratch {
  std::vector<std::uint64_t> keys, sorted;
  std::vector<const Record*> arrivals, by_port;
  std::vector<std::uint16_t> out_ports;
  void grow();  // twice the room
};

class Worker {
 public:
  Worker(std::uint16_t id, std::uint16_t workers, Exchange& exchange) : exchange_(exchange), outboxes_(workers), id_(id) {}

  [[nodiscard]] std::uint16_t id() const { return id_; }
  [[nodiscard]] Exchange& exchange() { return exchange_; }
  BlockPool blocks;
  HeaderPool headers;
  WorkerScratch scratch;
  std::vector<std::uint32_t> due;         // nodes to visit in this window
  std::function<void()> between_windows;  // where the owner of other pools of this thread may grow them
  Block* spent = nullptr;                 // blocks whose records the running node still looks at

  void deliver(std::uint32_t link, std::uint16_t owner, const Record& record, Time at) {
    deliver_made(link, owner, at, [&record](Record& slot) { slot = record; });
  }
  // The same for a record that make(Record&) makes where it will stay, but for its `at`: a copy of what was just written in parts
  // would have to wait for all of them.
  template <class Make>
  [[gnu::always_inline]] inline void deliver_made(std::uint32_t link, std::uint16_t owner, Time at, Make&& make) {
    if (owner != id_) [[unlikely]] {
      Record record;
      make(record);
      return post(link, owner, record, at);
    }
    Record& slot = enter(link, at);
    make(slot);
    slot.at = at.ps;
  }
  // An event for another node, no sooner than the end of this window.
  void notify(std::uint32_t node, const LocalEvent& event);
  // Notices for nodes of this thread, in the order they were given; handed out between nodes.
  std::vector<Notice> local_notices;

  void release_spent() {
    while (spent != nullptr) {
      Block* next = spent->next;
      blocks.release(spent);
      spent = next;
    }
  }

  [[nodiscard]] Outbox& outbox(unsigned parity, std::uint16_t reader) { return outboxes_[reader].box[parity]; }
  void begin_window(unsigned parity);
  [[nodiscard]] Time mail_min() const { return mail_min_; }
  void take_mail(Outbox& box);

 private:
  struct Pair {
    Outbox box[2];
  };
  // The place of a record on the ring of a link whose reader lives on this thread.
  [[gnu::always_inline]] inline Record& enter(std::uint32_t link, Time at) {
    InLink& in = exchange_.links[link];
    if (in.ring.empty()) {
      exchange_.waiting[in.bit >> 6] |= std::uint64_t{1} << (in.bit & 63);
      Time& next = exchange_.next[in.node];
      if (at < next) next = at;
    }
    return in.ring.push(blocks);
  }
  void post(std::uint32_t link, std::uint16_t owner, const Record& record, Time at);

  Exchange& exchange_;
  std::vector<Pair> outboxes_;                                                             // by reader
  std::size_t free_blocks_ = 0, free_headers_ = 0, most_blocks_ = 16, most_headers_ = 64;  // used in one window at most
  Time mail_min_ = Time::never();
  unsigned parity_ = 0;
  std::uint16_t id_;
};

}  // namespace weft
