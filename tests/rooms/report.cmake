weft_test(weft_report_test
  SOURCES unit/report_figures_test.cc unit/report_files_test.cc unit/report_write_test.cc
  LINKS weft_report)

# The page in a real browser; exit code 77 means that Chromium, node or a module is missing here.
add_executable(weft_sample_results browser/sample_results.cc)
target_link_libraries(weft_sample_results PRIVATE weft_options weft_report)
