weft_test(topology_test
  SOURCES
    property/topology_pods_test.cc
    property/topology_routes_test.cc
    property/topology_servers_test.cc
    property/topology_shapes_test.cc
    property/topology_topo_file_test.cc
    unit/topology_errors_test.cc
    unit/topology_graph_test.cc
    unit/topology_routes_test.cc
    unit/topology_servers_test.cc
    unit/topology_topo_file_test.cc
  LINKS weft_topology)
target_include_directories(topology_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
