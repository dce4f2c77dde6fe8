// capture_check FILE: reads a pcapng capture with weft's own decoder and prints a line for each RoCE frame:
//   source destination opcode psn dest_qp payload identification dont_fragment traffic_class verdict
// The verdict is "none" when all layers and the ICRC, computed anew over the captured headers, are right. Frames cut short by
// the capture are named "cut". Exit code 1: the file is no readable capture.
#include <cstddef>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include "wire/frame.hh"
#include "wire/pcapng_reader.hh"

namespace weft {
namespace {

std::string address_text(const wire::IpHeader& ip, bool source) {
  std::string text;
  if (const auto* v4 = std::get_if<wire::Ipv4Header>(&ip)) {
    const std::uint32_t v = (source ? v4->source : v4->destination).v;
    for (int shift = 24; shift >= 0; shift -= 8) text += std::to_string(v >> shift & 0xff) + (shift == 0 ? "" : ".");
    return text;
  }
  const auto& v6 = std::get<wire::Ipv6Header>(ip);
  for (const std::uint8_t octet : (source ? v6.source : v6.destination).octets) {
    text += "0123456789abcdef"[octet >> 4];
    text += "0123456789abcdef"[octet & 15];
  }
  return text;
}

void print(const wire::ParsedFrame& parsed, std::string_view verdict) {
  const auto& f = parsed.frame;
  const auto* v4 = std::get_if<wire::Ipv4Header>(&f.ip);
  const unsigned traffic_class = std::visit([](const auto& ip) { return unsigned{ip.dscp} << 2 | static_cast<unsigned>(ip.ecn); }, f.ip);
  std::cout << address_text(f.ip, true) << ' ' << address_text(f.ip, false) << ' ' << static_cast<unsigned>(f.roce.opcode) << ' '
            << f.roce.psn << ' ' << f.roce.dest_qp << ' ' << f.payload.size() << ' ' << (v4 == nullptr ? 0 : v4->identification) << ' '
            << (v4 == nullptr || v4->dont_fragment) << ' ' << traffic_class << ' ' << verdict << '\n';
}

int check(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  wire::PcapngReader reader(std::as_bytes(std::span(content)));
  while (const auto packet = reader.next()) {
    const wire::ParsedFrame parsed = wire::parse_frame(packet->captured, wire::Fcs::absent);
    print(parsed, packet->captured.size() < packet->original_length ? "cut" : wire::name_of(parsed));
  }
  return file.is_open() && reader.ok() ? 0 : 1;
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) {
  if (argc != 2) return 1;
  return weft::check(argv[1]);
}
