// The UDP port and the clock against the real kernel, over loopback addresses of this process.
#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "base/error.hh"
#include "live/clock.hh"
#include "live/route.hh"
#include "live/udp_port.hh"
#include "support/input_error.hh"
#include "support/loopback.hh"

namespace weft::live {
namespace {

using test::loopback_address;

void send(UdpPort& port, const Address& to, const std::string& text, std::uint8_t traffic_class) {
  std::memcpy(port.slot().data(), text.data(), text.size());
  port.commit(text.size(), SocketAddress(to, wire::roce_udp_port), traffic_class);
}

// Waits for one batch; a failure to arrive within 10 s is an empty one.
std::vector<Datagram> arrivals(UdpPort& port) {
  pollfd polled{port.descriptor(), POLLIN, 0};
  ::poll(&polled, 1, 10'000);
  const auto got = port.receive();
  return {got.begin(), got.end()};
}

std::string text(const Datagram& d) { return {reinterpret_cast<const char*>(d.bytes.data()), d.bytes.size()}; }

TEST(LivePort, CarriesBytesAddressesAndTrafficClasses) {
  UdpPort a(loopback_address(1), {}), b(loopback_address(2), {});
  send(a, b.address(), "congested", 26 << 2 | 3);
  send(a, b.address(), "fresh", 48 << 2 | 2);
  EXPECT_TRUE(a.flush());
  const auto got = arrivals(b);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(text(got[0]), "congested");
  EXPECT_EQ(got[0].traffic_class, 26 << 2 | 3);
  EXPECT_EQ(text(got[1]), "fresh");
  EXPECT_EQ(got[1].traffic_class, 48 << 2 | 2);
  EXPECT_EQ(got[1].source, a.address());
  EXPECT_EQ(got[1].source_port, wire::roce_udp_port);
  EXPECT_EQ(a.counters().datagrams_sent, 2U);
  EXPECT_EQ(b.counters().bytes_received, 14U);
}

TEST(LivePort, WorksOverIpv6) {
  const auto loopback = Address::parse("::1");
  ASSERT_TRUE(loopback);
  try {
    UdpPort port(*loopback, {});
    send(port, *loopback, "six", 26 << 2 | 1);
    EXPECT_TRUE(port.flush());
    const auto got = arrivals(port);
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(text(got[0]), "six");
    EXPECT_EQ(got[0].traffic_class, 26 << 2 | 1);
    EXPECT_EQ(got[0].source, *loopback);
  } catch (const InputError& error) { GTEST_SKIP() << error.where() << ": " << error.what(); }
}

TEST(LivePort, TellsWhatWasTooLong) {
  UdpPort port(loopback_address(3), {});
  const FileDescriptor other(::socket(AF_INET, SOCK_DGRAM, 0));
  const std::vector<char> bytes(5000);
  const SocketAddress to(port.address(), wire::roce_udp_port);
  ASSERT_EQ(::sendto(other.get(), bytes.data(), bytes.size(), 0, to.raw(), to.length), 5000);
  const auto got = arrivals(port);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_TRUE(got[0].truncated);
  EXPECT_NE(got[0].source_port, wire::roce_udp_port);
}

TEST(LivePort, RoomEndsWithTheBatchAndComesBack) {
  UdpPort a(loopback_address(4), {}), b(loopback_address(5), {});
  for (std::size_t i = 0; i < UdpPort::batch; ++i) {
    EXPECT_EQ(a.room_left(), UdpPort::batch - i);
    send(a, b.address(), std::to_string(i), 0);
  }
  EXPECT_FALSE(a.room());
  EXPECT_TRUE(a.flush());
  EXPECT_EQ(a.room_left(), UdpPort::batch);
  std::size_t next = 0;
  while (next < UdpPort::batch) {
    const auto got = arrivals(b);
    ASSERT_FALSE(got.empty());
    for (const Datagram& d : got) EXPECT_EQ(text(d), std::to_string(next++));
  }
}

TEST(LivePort, InjectedFaultsActOnBothWays) {
  constexpr std::uint64_t always = std::uint64_t{1} << 32;
  UdpPort deaf(loopback_address(6), {.drop_receive = always}), dumb(loopback_address(7), {.drop_transmit = always});
  UdpPort twice(loopback_address(8), {.duplicate = always});
  send(dumb, deaf.address(), "lost", 0);
  EXPECT_TRUE(dumb.flush());
  EXPECT_EQ(dumb.counters().datagrams_sent, 0U);
  EXPECT_EQ(dumb.transmit_faults().dropped, 1U);
  send(twice, deaf.address(), "heard by none", 0);
  EXPECT_TRUE(twice.flush());
  EXPECT_EQ(twice.counters().datagrams_sent, 2U);
  EXPECT_TRUE(arrivals(deaf).empty());
  EXPECT_EQ(deaf.counters().datagrams_received, deaf.receive_faults().dropped);
  EXPECT_GE(deaf.receive_faults().dropped, 1U);
}

TEST(LivePort, ASecondOwnerIsRefused) {
  const UdpPort first(loopback_address(9), {});
  const std::string where = "UDP port 4791 of " + loopback_address(9).text();
  test::expect_input_error([] { const UdpPort second(loopback_address(9), {}); }, where, "in use by another process");
}

TEST(LivePort, AForeignAddressIsRefused) {
  const auto documentation = Address::parse("192.0.2.1");
  ASSERT_TRUE(documentation);
  test::expect_input_error([&] { const UdpPort port(*documentation, {}); }, "UDP port 4791 of 192.0.2.1", "an address of this machine");
}

TEST(LiveRoute, KnowsSourceAndMtuAndSaysWhatIsMissing) {
  const Route route = find_route(loopback_address(1), std::nullopt);
  EXPECT_EQ(route.source.octets[0], 127);
  EXPECT_GE(route.mtu, Bytes{1280});
  EXPECT_EQ(link_mtu_needed(4096), Bytes{4200});
  EXPECT_NO_THROW(require_mtu({route.source, Bytes{4200}}, loopback_address(1), 4096));
  const std::string where = loopback_address(1).text();
  test::expect_input_error(
      [&] {
        require_mtu({route.source, Bytes{4199}}, loopback_address(1), 4096);
      },
      where, "MTU 4096 needs a link MTU of at least 4200, the path has 4199");
  test::expect_input_error([&] { require_mtu({route.source, Bytes{1500}}, loopback_address(1), 4096); }, where, "--mtu 1024");
}

TEST(LiveAddress, ReadsWhatUsersWrite) {
  for (const char* text : {"127.0.0.1", "255.255.255.255", "::1", "fd00::12", "2001:db8::1"}) {
    const auto address = Address::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
    EXPECT_EQ(SocketAddress(*address, 7).address(), *address);
    EXPECT_EQ(SocketAddress(*address, 7).port(), 7);
  }
  for (const char* text : {"", "localhost", "127.1", "1", "1.2.3.4.5", "::g", "1.2.3.256", "127.0.0.1 "}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
}

TEST(LiveClock, RunsForwardAndEndsAfterThirtyDays) {
  const Clock clock;
  const Time first = clock.now();
  EXPECT_GE(first.ps, 0);
  EXPECT_LE(first, clock.now());
  EXPECT_EQ(clock.since_birth(clock.birth_ns() + 5), Time{5000});
  EXPECT_EQ(clock.since_birth(clock.birth_ns() + Clock::longest_life_ns - 1).ps, (Clock::longest_life_ns - 1) * 1000);
  EXPECT_DEATH(static_cast<void>(clock.since_birth(clock.birth_ns() + Clock::longest_life_ns)), "age_ns");
}

}  // namespace
}  // namespace weft::live
