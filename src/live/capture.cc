#include "live/capture.hh"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "base/error.hh"

namespace weft::live {

namespace {

std::FILE* create(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) throw InputError(path, std::string("cannot create this capture: ") + std::strerror(errno));
  return file;
}

std::uint64_t date_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_REALTIME, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(t.tv_nsec);
}

void set_traffic_class(wire::IpHeader& ip, std::uint8_t traffic_class) {
  std::visit(
      [&](auto& header) {
        header.dscp = traffic_class >> 2;
        header.ecn = static_cast<wire::Ecn>(traffic_class & 3);
      },
      ip);
}

constexpr std::size_t longest_datagram = 65'507;

}  // namespace

Capture::Capture(const std::string& path)
    : path_(path),
      file_(create(path)),
      writer_(Sink{file_.get()}),
      interface_(writer_.add_interface({.name = "weft rdma", .snap_length = 0, .fcs = wire::Fcs::absent})) {}

void Capture::add(const Address& source, const Address& destination, wire::UdpHeader udp, std::uint8_t traffic_class,
                  wire::ByteView datagram) noexcept {
  std::array<std::byte, wire::frame_limit> frame;
  const wire::ByteView kept = datagram.first(std::min(datagram.size(), wire::roce_packet_limit));
  const std::size_t length = std::min(datagram.size(), longest_datagram) + wire::UdpHeader::size;
  wire::IpHeader ip = around_udp(ip_header(source, destination), length);
  set_traffic_class(ip, traffic_class);
  udp.length = static_cast<std::uint16_t>(length);
  wire::Writer out(frame);
  wire::EthernetHeader ethernet;
  ethernet.type = source.v6 ? wire::ether_type::ipv6 : wire::ether_type::ipv4;
  ethernet.encode(out);
  encode_ip(ip, out);
  udp.encode(out);
  out.bytes(kept);
  writer_.packet(interface_, date_ns(), out.written(), out.size() - kept.size() + datagram.size());
}

void Capture::close() {
  if (!file_) return;
  const bool failed = std::ferror(file_.get()) != 0;
  if (std::fclose(file_.release()) != 0 || failed) throw InputError(path_, "this capture could not be written whole", "is the disk full?");
}

}  // namespace weft::live
