weft_test(weft_scenario_test
  SOURCES unit/scenario_quantity_test.cc unit/scenario_load_test.cc unit/scenario_errors_test.cc unit/scenario_table_test.cc
          unit/scenario_uet_test.cc
  LINKS weft_scenario)
target_include_directories(weft_scenario_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit)
target_compile_definitions(weft_scenario_test PRIVATE WEFT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND)
  add_test(NAME scenario.schema
           COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/scenario_schema_test.py ${CMAKE_SOURCE_DIR})
  set_tests_properties(scenario.schema PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 60)
endif()
