weft_test(weft_congestion_test
  SOURCES
    property/transport_nscc_loop_test.cc
    property/transport_nscc_property_test.cc
    property/transport_paths_property_test.cc
    property/transport_rccc_property_test.cc
    unit/transport_nscc_test.cc
    unit/transport_paths_test.cc
    unit/transport_rccc_test.cc
    unit/transport_sleek_test.cc
  LINKS weft_transport)
target_include_directories(weft_congestion_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
