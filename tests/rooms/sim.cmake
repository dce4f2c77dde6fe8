weft_test(weft_sim_test
  SOURCES property/sim_oracle_test.cc
  LINKS weft_sim)
target_include_directories(weft_sim_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
