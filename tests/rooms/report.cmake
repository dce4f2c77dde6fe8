weft_test(weft_report_test
  SOURCES unit/report_figures_test.cc unit/report_files_test.cc
    unit/report_jobs_test.cc unit/report_page_test.cc unit/report_write_test.cc
  LINKS weft_report)
target_compile_definitions(weft_report_test PRIVATE WEFT_WEB_FOLDER="${PROJECT_SOURCE_DIR}/web")

# Pages in a real browser; exit code 77 says what is missing here (Chromium, node, playwright-core, the bundle).
add_executable(weft_sample_results browser/sample_results.cc)
target_link_libraries(weft_sample_results PRIVATE weft_options weft_report)

# weft_browser_test(NAME FOLDER CASES MAKER...): MAKER writes FOLDER, then its pages are opened.
function(weft_browser_test name folder cases)
  add_test(NAME ${name}.results COMMAND ${ARGN})
  add_test(NAME ${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/browser/run.sh ${PROJECT_SOURCE_DIR}/web ${folder} ${cases})
  set_tests_properties(${name}.results PROPERTIES LABELS browser FIXTURES_SETUP ${name} TIMEOUT 120)
  set_tests_properties(${name} PROPERTIES LABELS browser FIXTURES_REQUIRED ${name} SKIP_RETURN_CODE 77 TIMEOUT 600)
endfunction()

set(folder ${CMAKE_CURRENT_BINARY_DIR}/browser)
weft_browser_test(browser.sample ${folder}/sample "rich;stuck;empty;compare" weft_sample_results ${folder}/sample)
if(TARGET weft)
  weft_browser_test(browser.run ${folder}/real "run"
    weft run ${CMAKE_CURRENT_SOURCE_DIR}/browser/small.yaml --out ${folder}/real/run --quiet)
endif()
