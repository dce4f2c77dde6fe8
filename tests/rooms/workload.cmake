weft_test(workload_test
  SOURCES
    property/workload_cm_file_test.cc
    property/workload_generators_test.cc
    property/workload_traces_test.cc
    unit/workload_chakra_test.cc
    unit/workload_cm_file_test.cc
    unit/workload_errors_test.cc
    unit/workload_generators_test.cc
    unit/workload_in_network_test.cc
    unit/workload_jobs_test.cc
    unit/workload_poisson_test.cc
    unit/workload_simai_test.cc
    unit/workload_triggers_test.cc
  LINKS weft_workload)
target_include_directories(workload_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
