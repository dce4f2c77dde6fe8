// The pipe of support/engine_pipe.hh between two queue pairs, and configurations that fit together.
#pragma once

#include <utility>

#include "support/engine_pipe.hh"
#include "transport/roce/queue_pair.hh"

namespace weft::roce::test {

using weft::test::chance;
using weft::test::PipeConfig;
using weft::test::TestMemory;
using Pipe = weft::test::EnginePipe<QueuePair>;

// Two configurations of one connection that fit together.
struct Ends {
  QueuePairConfig a, b;
};
inline Ends connect(QueuePairConfig common, std::uint32_t first_psn_a = 0, std::uint32_t first_psn_b = 0) {
  common.own_qp = 0x11;
  common.dest_qp = 0x12;
  common.send_psn = first_psn_a;
  common.expected_psn = first_psn_b;
  Ends ends{common, common};
  std::swap(ends.b.own_qp, ends.b.dest_qp);
  std::swap(ends.b.send_psn, ends.b.expected_psn);
  return ends;
}

}  // namespace weft::roce::test
