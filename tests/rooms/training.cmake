weft_test(training_test
  SOURCES
    property/training_schedule_test.cc
    unit/training_job_test.cc
    unit/training_model_test.cc
    unit/training_plan_test.cc
  LINKS weft_workload weft_scenario)
target_include_directories(training_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})

weft_test(training_run_test
  SOURCES property/training_run_test.cc
  LINKS weft_sim weft_scenario)
target_include_directories(training_run_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
