weft_test(weft_live_test
  SOURCES
    unit/live_driver_test.cc
    unit/live_exchange_test.cc
    unit/live_fault_injector_test.cc
    unit/live_memory_test.cc
    unit/live_port_test.cc
    unit/live_service_test.cc
  LINKS weft_live)
target_include_directories(weft_live_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})

# Whole processes, driven by Python 3; exit code 77 says why a case could not run here (no tshark, no root).
add_executable(weft_capture_check live/capture_check.cc)
target_link_libraries(weft_capture_check PRIVATE weft_options weft_wire)
add_dependencies(tests_live weft_capture_check)
find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND AND TARGET weft)
  foreach(case Transfers Lossy Kills Malformed SideChannel SetUp Captures Watched Namespaces)
    add_test(NAME live.rdma.${case}
             COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/live/rdma_test.py $<TARGET_FILE:weft>
                     $<TARGET_FILE:weft_capture_check> ${case})
    set_tests_properties(live.rdma.${case} PROPERTIES LABELS live SKIP_RETURN_CODE 77 TIMEOUT 600)
  endforeach()
endif()
