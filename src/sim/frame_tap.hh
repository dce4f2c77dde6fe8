// FrameTap: real bytes for simulated frames. --wire-check builds every frame that a host or a PFC sender puts on the wire,
// parses it and compares; --pcap writes the frames of chosen links to a pcapng file (nanoseconds since the run's start, rounded down).
//
// Addresses: host i has 10.0.0.0 + i + 1; node n has the locally administered MAC 02:00:00 + n. The destination MAC is the
// next hop's. Payload bytes are zeros. DSCP = 8 * class, and 3 more where the last hop
// trimmed the packet (wire/trim.hh). A frame is captured where it starts, before it may be lost.
// Bound: captured bytes are written out after every window.
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "fabric/tap.hh"
#include "report/results.hh"
#include "sim/network.hh"
#include "sim/run.hh"
#include "wire/control_ordered_set.hh"
#include "wire/pcapng.hh"

namespace weft {

class GseFrameCheck;

class FrameTap {
 public:
  FrameTap(Network& network, const RunOptions& options);
  ~FrameTap();
  FrameTap(const FrameTap&) = delete;
  FrameTap& operator=(const FrameTap&) = delete;
  // On the sending node's thread.
  void started(Worker& worker, std::uint32_t link, const Record& record, Time start);
  // Ordered sets and fault notices in blocks have no frame: they are checked, never captured.
  void ordered_set(Worker& worker, std::uint32_t link, const wire::ControlOrderedSet& set);
  void fault_block(Worker& worker, std::uint32_t link, const Record& notice);
  void flush();
  void finish(Results& results);
  // Ports that must be tapped, by directed link.
  [[nodiscard]] const std::vector<std::uint8_t>& tapped() const { return tapped_; }

 private:
  struct Captured {
    Time at{};
    std::uint32_t link = 0;
    std::uint32_t sequence = 0;  // within its thread
    std::uint32_t length = 0, original = 0;
    std::size_t offset = 0;
  };
  struct alignas(64) ThreadBuffer {
    std::vector<Captured> frames;
    std::vector<std::byte> bytes;
    std::uint64_t checked = 0, checked_sets = 0;
  };
  struct FileSink {
    std::ofstream* file;
    void operator()(wire::ByteView bytes) {
      file->write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
  };
  static constexpr std::uint8_t capture = 1, check = 2;

  void choose_links(const RunOptions& options);
  void open_file(const std::string& name);
  std::size_t build(Worker& worker, std::uint32_t link, const Record& record, std::span<std::byte> room) const;
  std::size_t build_pause(std::uint32_t link, const Record& record, std::span<std::byte> room) const;
  // gse_frames.cc: what travels between the switches of a scheduled fabric.
  std::size_t build_scheduled(Worker& worker, std::uint32_t link, const Record& record, std::span<std::byte> room) const;
  std::size_t build_fabric_message(std::uint32_t link, const Record& record, std::span<std::byte> room) const;
  void verify_scheduled(Worker& worker, std::uint32_t link, const Record& record, std::span<const std::byte> bytes);
  void check_size(const Record& record, std::size_t bytes) const;
  [[nodiscard]] FrameSurroundings surroundings(std::uint32_t link, const Record& record) const;
  void verify(Worker& worker, std::uint32_t link, const Record& record, std::span<const std::byte> bytes);

  Network& network_;
  std::vector<std::uint8_t> tapped_;
  std::vector<ThreadBuffer> buffers_;
  std::vector<wire::PcapngInterfaceId> interfaces_;  // by directed link
  std::string file_name_;
  std::ofstream file_;
  std::unique_ptr<wire::PcapngWriter<FileSink>> writer_;
  std::uint32_t snap_ = 0;
  std::uint64_t written_ = 0;
  bool wire_check_ = false;
  std::unique_ptr<GseFrameCheck> gse_check_;  // of a scheduled fabric
};

}  // namespace weft
