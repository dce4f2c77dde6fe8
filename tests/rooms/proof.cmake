# The simulator against closed forms and known behaviour: one thread, so the thread sanitizer leaves them alone.
weft_test(weft_proof_test
  SOURCES
    property/sim_capture_test.cc
    property/sim_cbfc_test.cc
    property/sim_closed_form_test.cc
    property/sim_collective_test.cc
    property/sim_conservation_test.cc
    property/sim_dcqcn_test.cc
    property/sim_goodput_test.cc
    property/sim_headroom_test.cc
    property/sim_incast_test.cc
    property/sim_link_capture_test.cc
    property/sim_link_failure_test.cc
    property/sim_llr_test.cc
    property/sim_load_balancing_test.cc
    property/sim_queue_test.cc
    property/sim_servers_test.cc
    property/sim_stuck_test.cc
    property/sim_traces_test.cc
    property/sim_uet_capture_test.cc
    unit/sim_rooms_test.cc
    unit/sim_ready_ring_test.cc
  LINKS weft_sim weft_report)
target_include_directories(weft_proof_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
