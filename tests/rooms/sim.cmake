# What the thread sanitizer looks at, too: many threads and many window lengths.
weft_test(weft_sim_test
  SOURCES property/sim_collective_oracle_test.cc property/sim_oracle_test.cc determinism/sim_determinism_test.cc
  LINKS weft_sim weft_report)
target_include_directories(weft_sim_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(weft_sim_test PRIVATE WEFT_TESTS="${CMAKE_CURRENT_SOURCE_DIR}")
