weft_test(weft_link_test SOURCES unit/link_cbfc_test.cc unit/link_llr_test.cc LINKS weft_link)
target_include_directories(weft_link_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
