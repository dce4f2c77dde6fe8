weft_test(collective_test
  SOURCES
    property/collective_values_test.cc
    unit/collective_bytes_test.cc
    unit/collective_cost_model_test.cc
    unit/collective_errors_test.cc
    unit/collective_graph_test.cc
    unit/collective_time_test.cc
  LINKS weft_collective)
target_include_directories(collective_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
