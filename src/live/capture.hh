// Capture: a pcapng file of the datagrams that a port really sent and received, for machines where the network interface may
// not be watched. The datagram and its addresses are those of the wire; the Ethernet header is made up (addresses zero), and
// of the IP header, which sockets do not show, TTL is 64 and IPv4 has DF and identification 0.
//
// Units: timestamps in nanoseconds of the real date. Errors: InputError when the file cannot be created; a write that fails
// is remembered, close() then throws. Source: wire/pcapng.hh.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "live/address.hh"
#include "wire/frame.hh"
#include "wire/pcapng.hh"

namespace weft::live {

class Capture {
 public:
  explicit Capture(const std::string& path);
  // `datagram`: BTH to ICRC. `udp`: ports as on the wire; the rest is filled in.
  void add(const Address& source, const Address& destination, wire::UdpHeader udp, std::uint8_t traffic_class,
           wire::ByteView datagram) noexcept;
  void close();

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, CloseFile>;
  struct Sink {
    std::FILE* file;
    void operator()(wire::ByteView bytes) { std::fwrite(bytes.data(), 1, bytes.size(), file); }
  };

  std::string path_;
  File file_;
  wire::PcapngWriter<Sink> writer_;
  wire::PcapngInterfaceId interface_;
};

}  // namespace weft::live
