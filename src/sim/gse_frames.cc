// FrameTap, what travels between the switches of a scheduled fabric: hosts' frames behind a GSE header, requests, grants, fault notices
// in frames and in blocks.
#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.hh"
#include "fabric/gse_message.hh"
#include "sim/addresses.hh"
#include "sim/frame_tap.hh"
#include "sim/gse_frame_check.hh"
#include "wire/frame.hh"
#include "wire/gse_fault_block.hh"
#include "wire/gse_frame.hh"

namespace weft {

namespace {

static_assert(sizeof(wire::RoceHeader) <= HeaderPool::notes_at, "source GSP and offset are noted behind the header");

struct Ends {
  std::uint32_t from = 0, to = 0;  // nodes
};
Ends ends_of(const Network& network, std::uint32_t link) {
  const LinkSpec& ends = network.spec.links[link / 2];
  return link % 2 == 0 ? Ends{ends.a.v, ends.b.v} : Ends{ends.b.v, ends.a.v};
}

// The host's frame as its NIC sent it: without what the fabric wrote into the record.
Record host_record(const Record& record) {
  Record own = record;
  own.bits = static_cast<std::uint8_t>(own.bits & ~Record::container_end);
  return own;
}

wire::GseWay way_to(const Network& network, std::uint16_t source, std::uint32_t exit, std::uint8_t slot) {
  const GsePlan::Exit& egress = network.gse->exits[exit];
  return {source, egress.gsp, egress.port, network.classes.priority[slot]};
}

wire::GseData data_of(const Network& network, Worker& worker, const Record& record) {
  const GsePlan::FlowEnds ends = network.gse->ends[record.flow];
  const std::uint16_t known = record.has(Record::to_initiator) ? ends.target : ends.initiator;
  const std::uint16_t source = known != GsePlan::nowhere ? known : worker.headers.noted(record.handle);
  wire::GseData data;
  data.way = way_to(network, source, network.gse->exit_of_host[record.dst], record.slot);
  data.container = record.hash >> 8;
  data.packet = static_cast<std::uint8_t>(record.hash);
  data.first = data.packet == 0;
  data.last = record.has(Record::container_end);
  data.offset = worker.headers.noted(record.handle, HeaderPool::Note::second);
  return data;
}

wire::GseFault fault_of(const Network& network, const GseMessage& m) {
  const FaultPlan::Change& change = network.faults->changes[m.exit];
  const Port& port = network.ports.port(NodeId{change.reporter}, change.port);
  return {.reporter = m.source,
          .port = change.port,
          .notice = m.exit & 0xffffff,
          .hops_left = m.amount,
          .event = change.up ? wire::GseLinkEvent::up : wire::GseLinkEvent::down,
          .peer = network.faults->device_of_node[port.peer.index()]};
}

// Whether a device that reads the block takes it for the change `number`, by what the fabric has been told of changes to come.
bool tells_of(const FaultPlan& plan, const wire::GseFaultBlock& block, std::uint32_t number) {
  const FaultPlan::Change& change = plan.changes[number];
  return (number & 0xfff) == block.notice && change.up == (block.event == wire::GseLinkEvent::up) && change.port == block.port &&
         plan.device_of_node[change.reporter] == block.reporter;
}

wire::GseHeader header_of(const Network& network, const Record& record) {
  const GseMessage m = GseMessage::of(record);
  if (m.what == GseMessage::What::fault) return gse_header(fault_of(network, m));
  wire::GseWay way = way_to(network, m.source, m.exit, m.slot);
  if (m.what == GseMessage::What::request)
    return gse_header(wire::GseRequest{.way = way, .requested = m.total, .senders = m.amount, .opens = m.opens, .granted_seen = m.seen});
  way.source = network.gse->exits[m.exit].gsp;
  way.destination = network.gse->exits[network.gse->exit_of_host[record.dst]].gsp;
  return gse_header(wire::GseGrant{.way = way, .granted = m.total, .requested_seen = m.seen});
}

}  // namespace

std::size_t FrameTap::build_scheduled(Worker& worker, std::uint32_t link, const Record& record, std::span<std::byte> room) const {
  const Record own = host_record(record);
  std::array<std::byte, wire::frame_limit> inner{};
  const std::size_t length = network_.transport->build_frame(worker.headers[own.handle], surroundings(link, own), inner);
  const std::size_t padded = std::max<std::size_t>(length, wire::least_frame_without_fcs);
  return wire::wrap_gse_frame({inner.data(), padded}, data_of(network_, worker, record), wire::Fcs::absent, room);
}

std::size_t FrameTap::build_fabric_message(std::uint32_t link, const Record& record, std::span<std::byte> room) const {
  const Ends ends = ends_of(network_, link);
  return wire::build_gse_message(mac_of(ends.to), mac_of(ends.from), header_of(network_, record), wire::Fcs::absent, room);
}

void FrameTap::verify_scheduled(Worker& worker, std::uint32_t link, const Record& record, std::span<const std::byte> bytes) {
  const wire::ParsedGseFrame parsed = wire::parse_gse_frame(bytes, wire::Fcs::absent);
  CHECK(parsed.ok(), "gse frame", wire::name_of(parsed.refusal));
  if (record.kind() == RecordKind::pause) {
    CHECK(parsed.header == header_of(network_, record), "type", static_cast<int>(parsed.header.type));
    if (parsed.header.type == wire::GseType::request) gse_check_->request(link, wire::gse_request(parsed.header));
    if (parsed.header.type == wire::GseType::grant) gse_check_->grant(link, wire::gse_grant(parsed.header));
    return check_size(record, bytes.size());
  }
  wire::GseData expected = data_of(network_, worker, record), found = wire::gse_data(parsed.header);
  expected.inner_type = found.inner_type;
  CHECK(found == expected, "container", found.container, "packet", int{found.packet});
  gse_check_->data(link, found, Bytes{record.wire_bytes} - wire::gse_overhead);
  std::array<std::byte, wire::frame_limit> inner;
  const std::size_t length = wire::unwrap_gse_frame(parsed, wire::Fcs::absent, inner);
  const Record own = host_record(record);
  network_.transport->check_frame(worker.headers[own.handle], surroundings(link, own), {inner.data(), length});
  check_size(record, bytes.size());
}

void FrameTap::fault_block(Worker& worker, std::uint32_t link, const Record& notice) {
  if ((tapped_[link] & check) == 0) return;
  const GseMessage message = GseMessage::of(notice);
  std::array<std::byte, wire::GseFaultBlock::size> room;
  wire::Writer out(room);
  wire::GseFaultBlock::of(fault_of(network_, message)).encode(out);
  wire::Reader in(room);
  const auto block = wire::GseFaultBlock::decode(in);
  CHECK(out.ok() && block && tells_of(*network_.faults, *block, message.exit), "link", link, "change", message.exit);
  CHECK(block->hops_left == message.amount, "link", link, "hops", int{block->hops_left});
  ++buffers_[worker.id()].checked_sets;
}

}  // namespace weft
