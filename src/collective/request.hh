// Request: one collective, as a scenario, a job or a trace asks for it.
//
// Units: `bytes` is S as NCCL counts it: all-reduce, broadcast, reduce, send-receive: each rank's buffer; all-gather and
// reduce-scatter: the whole, n times a rank's part; all-to-all: what each rank sends in all, its own part included.
// Blocks: S is cut into n blocks of whole elements whose sizes differ by one element at most; empty ones are not sent.
// Errors: check_request throws InputError at `where`, naming the rank, server or size at fault.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hh"
#include "collective/ids.hh"

namespace weft::collective {

enum class Operation : std::uint8_t { all_reduce, all_gather, reduce_scatter, all_to_all, broadcast, reduce, barrier, send_receive };

[[nodiscard]] std::string_view operation_name(Operation operation);  // "all-reduce"

// Bytes on the wire for those of a message, `wire` for each `payload`; rounded up. LL 2/1 (a flag beside each word), LL128 16/15 (8 of
// 128 bytes are flags). More than one overhead of a message multiply. Where an algorithm's messages reach a share of a link's rate
// only, 1/share: 100/85 for NVLS on Hopper (NCCL's tuning.cc). Less than 1 where bytes for several receivers are the same and
// travel once.
struct Overhead {
  static constexpr std::int64_t most = 1'000'000'000;  // of either number
  std::int64_t wire = 1;
  std::int64_t payload = 1;
};

struct Request {
  static constexpr Channel max_channels = 64;

  std::string where = "collective";  // for messages: "file:line", or what was attempted
  Operation operation = Operation::all_reduce;
  std::string algorithm;      // one of algorithm_names(operation), registry.hh
  std::vector<RankId> ranks;  // in ring order; for send-receive the sender and the receiver
  Bytes bytes{};
  Bytes element{4};
  Channel channels = 1;        // parts that go around side by side
  Bytes chunk{};               // the most that is cut no further: parts above it become equal chunks, each with steps of its own; 0: none
  Member root = 0;             // of broadcast and reduce
  std::uint32_t parallel = 0;  // all-to-all: messages a rank has under way to other ranks at once; 0: all of them
  std::vector<std::uint32_t> servers;  // by member: the server it stands in; empty: not known
  std::vector<std::uint32_t> rails;    // by member: its rail, that is its place in its server; empty: in the order of `ranks`
  std::vector<Bytes> matrix;           // all-to-all: bytes from member i to member j at i*n + j; empty: `bytes` in equal parts
  Overhead overhead;                   // of all messages
  Overhead inside;                     // and of those inside a server: between members whose server is the same, and its switch
  Overhead between;                    // of all-to-all on two levels: of messages between servers
};

void check_request(const Request& request);

}  // namespace weft::collective
