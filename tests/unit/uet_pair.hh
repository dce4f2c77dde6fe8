// An initiator and a target whose packets the test carries by hand.
#pragma once

#include <gtest/gtest.h>

#include "unit/uet_pipe.hh"

namespace weft::uet::test {

struct Pair {
  static constexpr std::uint64_t base = 0x10'0000;

  explicit Pair(PdcConfig common = {}, std::uint32_t start_psn = 5000) : ends(connect(common, start_psn)), a(ends.a), b(ends.b) {
    a.memory.add(1 << 20, base);
    target = b.memory.add(1 << 20, base);
  }
  bool write(std::uint64_t id, std::int64_t length) {
    return a.pdc.post_write({.id = id,
                             .length = Bytes{length},
                             .region = BufferId{0},
                             .address = base,
                             .remote_address = base,
                             .key = TestMemory::rkey_of(target)});
  }
  // Everything both have to say, until they are silent.
  void exchange(Time now = Time{}) {
    for (int round = 0; round < 100; ++round) {
      bool any = false;
      for (Bench* end : {&a, &b}) {
        if (end->pdc.credit_wish() == congestion::CreditWish::demand) any = true, end->pdc.grant(now);
      }
      for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) {
        for (const UetSegment& s : a.take(lane, now)) any = true, b.receive(s, now);
        for (const UetSegment& s : b.take(lane, now)) any = true, a.receive(s, now);
      }
      if (!any) return;
    }
    ADD_FAILURE() << "they never fall silent";
  }
  // One message, and the CLOSE after it, which has left.
  UetSegment written_and_closing() {
    EXPECT_TRUE(write(1, 100));
    exchange();
    a.pdc.close(Time{});
    const auto closing = a.take(Lane::data);
    EXPECT_EQ(closing.size(), 1U);
    return closing.empty() ? blank_segment : closing[0];
  }
  int completions() {
    Completion c;
    int n = 0;
    while (a.pdc.poll(c)) n += c.status == Status::success ? 1 : 1000;
    return n;
  }

  Ends ends;
  Bench a, b;
  BufferId target;
};

// What the target might say.
inline UetSegment from_target(wire::PdsType type) {
  UetSegment segment = blank_segment;
  segment.header.type = type;
  segment.header.use_feedback();
  segment.header.spdcid = 0x22;
  segment.header.dpdcid = 0x11;
  return segment;
}

}  // namespace weft::uet::test
