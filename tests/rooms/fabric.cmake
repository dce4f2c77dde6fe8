# Switches of their own: trimming, private queues, choices among ports; and what their sizes follow from.
weft_test(weft_fabric_test
  SOURCES unit/fabric_trimming_test.cc unit/fabric_load_balancing_test.cc unit/fabric_queue_sizes_test.cc unit/topology_idle_rtt_test.cc
  LINKS weft_sim)
target_include_directories(weft_fabric_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
