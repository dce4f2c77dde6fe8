# The scheduled fabric: its machines by themselves, and whole fabrics, with unmodified NICs and with NICs as GSPs.
weft_test(weft_gse_test
  SOURCES unit/gse_machines_test.cc property/gse_drawn_test.cc property/gse_fabric_test.cc property/gse_far_links_test.cc
    property/gse_faults_test.cc property/gse_frames_test.cc property/gse_links_test.cc property/gse_nics_test.cc
    property/gse_pods_test.cc
  LINKS weft_sim)
target_include_directories(weft_gse_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
