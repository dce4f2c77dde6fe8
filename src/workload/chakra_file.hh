// One rank's Chakra execution trace (MLCommons; the input of ASTRA-sim 2), from the bytes of its file.
//
// The file is a row of messages, each behind its length (a varint): GlobalMetadata first, then Nodes (chakra/et.proto).
//   COMP_NODE             duration_micros; where that is 0 the attribute num_ops
//   COMM_COLL_NODE        comm_type, comm_size (bytes that each rank puts in), pg_name (its process group; absent: all ranks),
//                         involved_dim (all true), root_rank
//   COMM_SEND_NODE        comm_dst, comm_size, comm_tag; COMM_RECV_NODE: comm_src likewise
//   MEM_LOAD, MEM_STORE   duration_micros, nothing more: memories are not modelled
//   METADATA_NODE         no work; its inputs may describe process groups: [{"pg_name": "0", "ranks": [0, 1]}], no ranks: all
// is_cpu_op: work of the host thread `tid`; a collective's node of that kind is the call, not the transfer.
// Ids are any numbers, each once. Numbers in messages count nodes in the file's order, from 1.
// Units: durations in microseconds. Errors: InputError naming the file and the node, and the byte where a message is broken.
// Source: github.com/mlcommons/chakra (schema and feeder), github.com/astra-sim/astra-sim (astra-sim/workload/Workload.cc).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hh"
#include "collective/request.hh"

namespace weft {

enum class ChakraKind : std::uint8_t { nothing, compute, host, collective, send, receive };

struct ChakraNode {
  std::uint64_t id = 0;
  std::string name;
  ChakraKind kind = ChakraKind::nothing;
  Duration duration{};
  std::uint64_t operations = 0;  // of a compute node without duration
  std::int64_t thread = 0;       // of host work
  collective::Operation operation = collective::Operation::all_reduce;
  Bytes bytes{};  // messages; collectives: as collective/request.hh counts them, but all-gather: of one rank
  std::string group;
  std::uint32_t root = 0;
  std::uint32_t peer = 0, tag = 0;
  std::vector<std::uint64_t> data_dependencies, control_dependencies;  // ids
};

struct ChakraTrace {
  std::string file;  // for messages
  std::string version;
  std::vector<ChakraNode> nodes;
  std::map<std::string, std::vector<std::uint32_t>> groups;  // as the trace describes them; empty: all ranks
  // "node 17 (id 216, aten::mul)".
  [[nodiscard]] std::string describe(std::size_t position) const;
};

// `file` is its name, for messages.
[[nodiscard]] ChakraTrace parse_chakra(std::string_view bytes, const std::string& file);

}  // namespace weft
