weft_test(weft_uet_test
  SOURCES
    property/uet_delivery_test.cc
    property/uet_reopening_test.cc
    property/uet_unreliable_test.cc
    unit/uet_flow_test.cc
    unit/uet_giving_up_test.cc
    unit/uet_life_cycle_test.cc
    unit/uet_lives_test.cc
    unit/uet_parts_test.cc
    unit/uet_rules_test.cc
  LINKS weft_transport)
target_include_directories(weft_uet_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
