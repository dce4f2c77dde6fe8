#include "sim/frame_tap.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

#include "base/check.hh"
#include "base/error.hh"
#include "fabric/link_envelope.hh"
#include "sim/addresses.hh"
#include "sim/gse_frame_check.hh"
#include "wire/credit_update.hh"
#include "wire/frame.hh"
#include "wire/gse_frame.hh"
#include "wire/mac_control.hh"

namespace weft {

namespace {

std::string link_name(const Network& network, std::uint32_t directed) {
  const LinkSpec& link = network.spec.links[directed / 2];
  const std::string& a = network.spec.nodes[link.a.index()].name;
  const std::string& b = network.spec.nodes[link.b.index()].name;
  return directed % 2 == 0 ? a + ">" + b : b + ">" + a;
}

}  // namespace

FrameTap::FrameTap(Network& network, const RunOptions& options)
    : network_(network),
      tapped_(network.egress.size()),
      buffers_(network.workers.size()),
      interfaces_(network.egress.size()),
      snap_(options.pcap_snap),
      wire_check_(options.wire_check) {
  if (!options.pcap.empty()) {
    choose_links(options);
    open_file(options.pcap);
  }
  if (wire_check_) std::for_each(tapped_.begin(), tapped_.end(), [](std::uint8_t& t) { t |= check; });
  if (wire_check_ && network.gse != nullptr) gse_check_ = std::make_unique<GseFrameCheck>(network);
}

FrameTap::~FrameTap() = default;

void FrameTap::choose_links(const RunOptions& options) {
  if (options.pcap_links.empty()) {  // what the hosts send and receive
    for (std::uint32_t directed = 0; directed < tapped_.size(); ++directed) {
      const LinkSpec& link = network_.spec.links[directed / 2];
      if (link.a.v < network_.spec.hosts || link.b.v < network_.spec.hosts) tapped_[directed] |= capture;
    }
    return;
  }
  std::istringstream list(options.pcap_links);
  for (std::string selector; std::getline(list, selector, ',');) {
    const auto selected = select_links(network_.spec, selector);
    if (selected.empty())
      throw InputError("--pcap-links", "no link fits \"" + selector + "\"", "links are named like \"host0-leaf0\" or \"leaf0>spine0\"");
    for (const std::uint32_t directed : selected) tapped_[directed] |= capture;
  }
}

void FrameTap::open_file(const std::string& name) {
  file_name_ = name;
  file_.open(name, std::ios::binary | std::ios::trunc);
  if (!file_) throw InputError(name, std::string("cannot write the capture: ") + std::strerror(errno));
  writer_ = std::make_unique<wire::PcapngWriter<FileSink>>(FileSink{&file_});
  for (std::uint32_t directed = 0; directed < tapped_.size(); ++directed) {
    if ((tapped_[directed] & capture) == 0) continue;
    const std::string label = link_name(network_, directed);
    interfaces_[directed] = writer_->add_interface({.name = label, .snap_length = snap_, .fcs = wire::Fcs::absent});
  }
}

FrameSurroundings FrameTap::surroundings(std::uint32_t link, const Record& record) const {
  const FlowSpec& flow = network_.table.flows[record.flow];
  const bool back = record.has(Record::to_initiator);
  const LinkSpec& ends = network_.spec.links[link / 2];
  FrameSurroundings around;
  around.source = mac_of((link % 2 == 0 ? ends.a : ends.b).v);
  around.destination = mac_of((link % 2 == 0 ? ends.b : ends.a).v);
  around.ip.dscp = static_cast<std::uint8_t>(8 * network_.classes.priority[record.slot]);
  around.ip.ecn = record.has(Record::ce) ? wire::Ecn::ce : record.has(Record::ect) ? wire::Ecn::ect0 : wire::Ecn::not_ect;
  around.ip.source = {host_address((back ? flow.dst : flow.src).v)};
  around.ip.destination = {host_address((back ? flow.src : flow.dst).v)};
  around.source_port = network_.transport->source_port(
      record, addressing_end(network_.table.flows, back ? target_of(record.flow) : initiator_of(record.flow)));
  around.payload = record.payload;
  around.trim = trim_of(record);
  return around;
}

std::size_t FrameTap::build_pause(std::uint32_t link, const Record& record, std::span<std::byte> room) const {
  const LinkSpec& ends = network_.spec.links[link / 2];
  const wire::MacAddress source = mac_of((link % 2 == 0 ? ends.a : ends.b).v);
  if (envelope::is_credit_update(record)) {
    wire::CreditUpdate update;
    const auto consumed = envelope::consumed_of(record);
    for (std::uint8_t slot = 0; slot < network_.classes.slots; ++slot) {
      if (network_.classes.lossless(slot)) update.add(slot, consumed[slot]);
    }
    return wire::build_credit_update_frame(source, update, wire::Fcs::absent, room);
  }
  wire::Pfc pfc;
  pfc.class_enable = static_cast<std::uint8_t>(record.hash);
  pfc.quanta[network_.classes.priority[record.slot]] = static_cast<std::uint16_t>(record.handle);
  return wire::build_mac_control_frame(source, pfc, wire::Fcs::absent, room);
}

std::size_t FrameTap::build(Worker& worker, std::uint32_t link, const Record& record, std::span<std::byte> room) const {
  if (record.kind() == RecordKind::pause)
    return record.has(Record::fabric_message) ? build_fabric_message(link, record, room) : build_pause(link, record, room);
  if (network_.scheduled(link / 2)) return build_scheduled(worker, link, record, room);
  return network_.transport->build_frame(worker.headers[record.handle], surroundings(link, record), room);
}

void FrameTap::verify(Worker& worker, std::uint32_t link, const Record& record, std::span<const std::byte> bytes) {
  if (envelope::is_credit_update(record)) {
    const auto parsed = wire::parse_credit_update_frame(bytes, wire::Fcs::absent);
    CHECK(parsed.ok(), "credit update", wire::name_of(parsed.refusal));
    const auto consumed = envelope::consumed_of(record);
    for (std::size_t i = 0; i < parsed.update.count; ++i) {
      CHECK(parsed.update.channels[i].consumed == consumed[parsed.update.channels[i].channel], "link", link);
    }
    return;
  }
  if (network_.scheduled(link / 2)) return verify_scheduled(worker, link, record, bytes);
  if (record.kind() == RecordKind::pause) {
    const auto parsed = wire::parse_mac_control_frame(bytes, wire::Fcs::absent);
    CHECK(parsed.ok(), "pfc frame", wire::name_of(parsed.refusal));
    return;
  }
  network_.transport->check_frame(worker.headers[record.handle], surroundings(link, record), bytes);
  check_size(record, std::max<std::size_t>(bytes.size(), wire::least_frame_without_fcs));
}

void FrameTap::check_size(const Record& record, std::size_t bytes) const {
  const std::size_t overhead = wire::fcs_size + 20;
  const AccountingParameters& accounting = network_.scenario.accounting;
  const bool real_sizes = !accounting.data_overhead && !accounting.ack_size && !accounting.gap;
  CHECK(!real_sizes || bytes + overhead == record.wire_bytes, "bytes", bytes, "accounted", record.wire_bytes);
}

void FrameTap::started(Worker& worker, std::uint32_t link, const Record& record, Time start) {
  std::array<std::byte, wire::gse_frame_limit> room;
  ThreadBuffer& buffer = buffers_[worker.id()];
  const std::size_t length = build(worker, link, record, room);
  CHECK(length > 0, "link", link);
  const std::span<const std::byte> bytes(room.data(), length);
  if ((tapped_[link] & check) != 0) {
    verify(worker, link, record, bytes);
    ++buffer.checked;
  }
  if ((tapped_[link] & capture) == 0) return;
  const std::size_t kept = snap_ == 0 ? length : std::min<std::size_t>(length, snap_);
  buffer.frames.push_back({start, link, static_cast<std::uint32_t>(buffer.frames.size()), static_cast<std::uint32_t>(kept),
                           static_cast<std::uint32_t>(length), buffer.bytes.size()});
  buffer.bytes.insert(buffer.bytes.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(kept));
}

void FrameTap::ordered_set(Worker& worker, std::uint32_t link, const wire::ControlOrderedSet& set) {
  if ((tapped_[link] & check) == 0) return;
  std::array<std::byte, wire::ControlOrderedSet::size> room;
  wire::Writer out(room);
  set.encode(out);
  wire::Reader in(room);
  CHECK(out.ok() && wire::ControlOrderedSet::decode(in) == set, "link", link, "type", static_cast<unsigned>(set.type));
  ++buffers_[worker.id()].checked_sets;
}

// All frames of a window start before those of the next, so sorting one window's is enough.
void FrameTap::flush() {
  if (!writer_) return;
  std::vector<std::pair<Captured, const ThreadBuffer*>> all;
  for (const ThreadBuffer& buffer : buffers_) {
    for (const Captured& frame : buffer.frames) all.emplace_back(frame, &buffer);
  }
  std::sort(all.begin(), all.end(), [](const auto& x, const auto& y) {
    return std::tie(x.first.at, x.first.link, x.first.sequence) < std::tie(y.first.at, y.first.link, y.first.sequence);
  });
  for (const auto& [frame, buffer] : all) {
    const std::span<const std::byte> bytes(buffer->bytes.data() + frame.offset, frame.length);
    writer_->packet(interfaces_[frame.link], static_cast<std::uint64_t>(frame.at.ps / 1000), bytes, frame.original);
  }
  written_ += all.size();
  for (ThreadBuffer& buffer : buffers_) {
    buffer.frames.clear();
    buffer.bytes.clear();
  }
}

void FrameTap::finish(Results& results) {
  flush();
  if (writer_) {
    file_.flush();
    file_.close();
    if (!file_) throw InputError(file_name_, "the capture could not be written completely", "is the disk full?");
    results.notes.push_back(std::to_string(written_) + " frames captured in " + file_name_);
  }
  if (!wire_check_) return;
  std::uint64_t checked = 0, sets = 0;
  for (const ThreadBuffer& buffer : buffers_) checked += buffer.checked, sets += buffer.checked_sets;
  results.notes.push_back("wire check: " + std::to_string(checked) + " frames" +
                          (sets > 0 ? " and " + std::to_string(sets) + " blocks of the physical layer" : "") +
                          " were built, parsed and compared without a difference");
}

}  // namespace weft
