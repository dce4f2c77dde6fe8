weft_test(weft_report_test
  SOURCES unit/report_figures_test.cc unit/report_files_test.cc unit/report_write_test.cc
  LINKS weft_report)
