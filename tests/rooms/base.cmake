weft_test(weft_base_test
  SOURCES
    unit/base_parse_test.cc
    unit/base_random_test.cc
    unit/base_units_test.cc
    unit/base_wire_clock_test.cc
  LINKS weft_base)
target_include_directories(weft_base_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
