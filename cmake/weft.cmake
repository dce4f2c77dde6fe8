# Helpers shared by every room: warnings, sanitizers, one library a room, one test program a room.
add_library(weft_options INTERFACE)
target_include_directories(weft_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(weft_options INTERFACE -Wall -Wextra -Wconversion -ffp-contract=off)
# Where sources are compiled together a local may have the name of another source's constant: g++ looks for hidden locals only.
target_compile_options(weft_options INTERFACE
  $<IF:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>,$<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>,-Wshadow>)
if(WEFT_WERROR)
  target_compile_options(weft_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang calls a designated initialiser that leaves defaults out a missing field; g++ does not.
  target_compile_options(weft_options INTERFACE -Wno-missing-field-initializers)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees overlapping copies in std::string + (GCC bug 105329).
  target_compile_options(weft_options INTERFACE -Wno-restrict)
endif()
if(WEFT_SANITIZE)
  target_compile_options(weft_options INTERFACE -fsanitize=${WEFT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
                         $<$<BOOL:${WEFT_LINES}>:-g1>)
  target_link_options(weft_options INTERFACE -fsanitize=${WEFT_SANITIZE})
endif()
# What a fuzzer steers by: in the rooms and the fuzz targets, not in the tests.
set(weft_fuzz_options $<$<BOOL:${WEFT_FUZZ}>:-fsanitize=fuzzer-no-link>)

include(${CMAKE_CURRENT_LIST_DIR}/precompiled.cmake)

# weft_room(NAME SOURCES a.cc ... [APART b.cc ...] LINKS weft_base ...): the library weft_NAME. With WEFT_UNITY eight sources are
# compiled at a time; APART stand those which give a helper a name that another source of the room has, too, and
# those that the mutations of tests/rooms/core.cmake compile again.
function(weft_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;APART;LINKS" ${ARGN})
  if(ROOM_SOURCES)
    add_library(weft_${name} STATIC ${ROOM_SOURCES} ${ROOM_APART})
    target_link_libraries(weft_${name} PUBLIC weft_options ${ROOM_LINKS})
    weft_precompiled(weft_${name} weft_pch)
    target_compile_options(weft_${name} PRIVATE ${weft_fuzz_options})
    set_target_properties(weft_${name} PROPERTIES UNITY_BUILD ${WEFT_UNITY} UNITY_BUILD_BATCH_SIZE 8)
    set_source_files_properties(${ROOM_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  else()
    add_library(weft_${name} INTERFACE)
    target_link_libraries(weft_${name} INTERFACE weft_options ${ROOM_LINKS})
  endif()
endfunction()

# weft_test(NAME SOURCES ... LINKS ... [LABELS long]): one GoogleTest program; each of its cases is a CTest test that carries
# its room as a label (`ctest -L core`). The target tests_<room> builds the room's programs. Tests labelled `long` run in
# `./check --full` only.
function(weft_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS;LABELS" ${ARGN})
  get_filename_component(room ${CMAKE_CURRENT_LIST_FILE} NAME_WE)
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE weft_options ${TEST_LINKS} GTest::gtest_main)
  # A test's own code runs briefly and compiles long: the rooms it tests keep their optimisation.
  target_compile_options(${name} PRIVATE -O1)
  weft_precompiled(${name} weft_test_pch)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 TEST_LIST ${name}_cases PROPERTIES TIMEOUT 600)
  # A list of labels does not survive gtest_discover_tests, so they are set when CTest reads the cases.
  set(labels ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
  file(CONFIGURE OUTPUT ${labels} CONTENT
    "if(${name}_cases)\n  set_tests_properties(\${${name}_cases} PROPERTIES LABELS \"${room};${TEST_LABELS}\")\nendif()\n" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${labels})
  if(NOT TARGET tests_${room})
    add_custom_target(tests_${room})
  endif()
  add_dependencies(tests_${room} ${name})
endfunction()
