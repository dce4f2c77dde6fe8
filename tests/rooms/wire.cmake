weft_test(wire_test
  SOURCES
    unit/wire_icrc_test.cc
    unit/wire_roce_packet_test.cc
  LINKS weft_wire)
target_include_directories(wire_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
