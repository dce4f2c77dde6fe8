// A small `.cm` text with every key and every kind of trigger, for the tests and the mutations.
#pragma once

namespace weft::test {

inline constexpr const char* cm_sample =
    "# two chains and a barrier\n"
    "Nodes 8\n"
    "Connections 7\n"
    "Triggers 3\n"
    "0->1 id 10 start 0 size 1000 send_done_trigger 7\n"
    "1->2 id 11 start 12.5 size 2000 recv_done_trigger 7 prio 3\n"
    "2->3 id 12 trigger 7 size 3000 send_done_trigger 9\n"
    "3->4 id 13 trigger 7 size 3000 send_done_trigger 9\n"
    "4->5 id 14 trigger 9 size 4000 recv_done_trigger 8\n"
    "\n"
    "5->6 trigger 8 size 5000\n"
    "6->7 start 1 size 6000 \t \n"
    "trigger id 7 multishot\n"
    "trigger id 8 oneshot\n"
    "trigger id 9 barrier count 2\n";

}  // namespace weft::test
