weft_test(weft_transport_test
  SOURCES
    property/transport_roce_property_test.cc
    property/transport_engine_fuzz_test.cc
    property/transport_goodput_test.cc
    unit/transport_dcqcn_test.cc
    unit/transport_roce_rules_test.cc
    unit/transport_roce_test.cc
  LINKS weft_transport)
target_include_directories(weft_transport_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
