weft_test(weft_wire_test
  SOURCES
    property/wire_frame_test.cc
    property/wire_gse_header_test.cc
    property/wire_header_test.cc
    property/wire_uet_header_test.cc
    property/wire_uet_test.cc
    unit/wire_dissector_test.cc
    unit/wire_frame_test.cc
    unit/wire_gse_frame_test.cc
    unit/wire_headers_test.cc
    unit/wire_icrc_test.cc
    unit/wire_link_layer_test.cc
    unit/wire_mac_control_test.cc
    unit/wire_pcapng_test.cc
    unit/wire_roce_packet_test.cc
    unit/wire_uet_capture_test.cc
    unit/wire_uet_frame_test.cc
    unit/wire_uet_headers_test.cc
    unit/wire_uet_packet_test.cc
  LINKS weft_wire)
target_include_directories(weft_wire_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(weft_wire_test PRIVATE WEFT_SOURCE_FOLDER="${PROJECT_SOURCE_DIR}")

# A suite for each header and machine: two thirds of the time to compile them went into making code faster that runs for moments.
set_source_files_properties(property/wire_header_test.cc property/wire_uet_header_test.cc
  PROPERTIES COMPILE_OPTIONS -O0 SKIP_PRECOMPILE_HEADERS ON)
