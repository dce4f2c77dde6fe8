find_package(nlohmann_json REQUIRED)
weft_test(weft_app_test
  SOURCES unit/app_parts_test.cc unit/app_input_test.cc unit/app_program_test.cc unit/app_sweep_test.cc
          property/docs_tables_test.cc
          unit/app_uec_table_test.cc
  LINKS weft_app nlohmann_json::nlohmann_json)
target_include_directories(weft_app_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/unit)
target_compile_definitions(weft_app_test PRIVATE WEFT_PROGRAM="$<TARGET_FILE:weft>")
add_dependencies(weft_app_test weft)
target_compile_definitions(weft_app_test PRIVATE WEFT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
