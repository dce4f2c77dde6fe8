// A small 3-tier `.topo` text with bundles, two speeds and oversubscription, for the tests and the mutations.
#pragma once

namespace weft::test {

inline constexpr const char* topo_sample =
    "# 16 hosts, 2 pods\n"
    "Nodes 16\n"
    "Tiers 3\n"
    "Podsize 8\n"
    "\n"
    "Tier 0\n"
    "Downlink_speed_Gbps 200\n"
    "Radix_Down 4\n"
    "Radix_Up 2\n"
    "Downlink_Latency_ns 1000\n"
    "Oversubscribed 2\n"
    "\n"
    "Tier 1\n"
    "downlink_speed_gbps 200\n"
    "Radix_Down 2\n"
    "Radix_Up 4\n"
    "Downlink_Latency_ns 1500.5\n"
    "Switch_Latency_ns 300\n"
    "Bundle 1\n"
    "\n"
    "Tier 2\n"
    "Downlink_speed_Gbps 100\n"
    "Radix_Down 4\n"
    "Downlink_Latency_ns 2000\n"
    "Switch_Latency_ns 500\n"
    "Queue_Down 9000\n"
    "Bundle 2";

}  // namespace weft::test
