# The core on its own, and its rules broken one at a time: the comparison with the oracle must notice each.
function(weft_mutation name expected)
  add_executable(mutation_${name} mutation/find_difference.cc ${ARGN})
  target_include_directories(mutation_${name} BEFORE PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/mutation/${name})
  target_include_directories(mutation_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(mutation_${name} PRIVATE weft_options weft_sim)
  target_compile_options(mutation_${name} PRIVATE -O1 -g0)
  set_target_properties(mutation_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
  add_test(NAME mutation.${name} COMMAND mutation_${name} ${mutation_scenarios})
  set_tests_properties(mutation.${name} PROPERTIES LABELS core TIMEOUT 300 PASS_REGULAR_EXPRESSION "${expected}")
endfunction()

# Every source whose code depends on core/rules.hh is compiled again, and stands APART in its room; the others come from the libraries.
set(mutated
  ${CMAKE_SOURCE_DIR}/src/core/order.cc ${CMAKE_SOURCE_DIR}/src/fabric/switch.cc ${CMAKE_SOURCE_DIR}/src/fabric/switch_by_port.cc
  ${CMAKE_SOURCE_DIR}/src/fabric/switch_trimming.cc
  ${CMAKE_SOURCE_DIR}/src/sim/collect.cc ${CMAKE_SOURCE_DIR}/src/sim/transports.cc
  ${CMAKE_SOURCE_DIR}/src/sim/cyclic_wait.cc ${CMAKE_SOURCE_DIR}/src/sim/frame_tap.cc ${CMAKE_SOURCE_DIR}/src/sim/ideal.cc
  ${CMAKE_SOURCE_DIR}/src/sim/network.cc ${CMAKE_SOURCE_DIR}/src/sim/observers.cc ${CMAKE_SOURCE_DIR}/src/sim/simulation.cc
  ${CMAKE_SOURCE_DIR}/src/sim/traces.cc)
if(NOT WEFT_SANITIZE)
  set(mutation_scenarios 60)
  foreach(rule reversed_tie commit_past_window no_serve_before_xoff timer_before_arrival ports_always_apart)
    weft_mutation(${rule} "^other bytes in scenario " ${mutated})
  endforeach()
  weft_mutation(none "^${mutation_scenarios} scenarios: 0 ended in a check, a fault or not at all, none with other bytes")
endif()

# It counts in an operator new of its own, and so do the sanitizers.
if(NOT WEFT_SANITIZE)
  weft_test(weft_core_allocation_test
    SOURCES unit/core_allocation_test.cc
    LINKS weft_sim)
  target_include_directories(weft_core_allocation_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
endif()

weft_test(weft_core_test
  SOURCES
    unit/core_barrier_test.cc
    unit/core_order_test.cc
    unit/core_ring_test.cc
    unit/fabric_buffer_test.cc
    unit/fabric_link_test.cc
    unit/fabric_queue_test.cc
    unit/sim_parts_test.cc
    property/core_threads_test.cc
  LINKS weft_sim)
target_include_directories(weft_core_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
