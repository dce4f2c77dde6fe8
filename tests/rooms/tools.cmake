# The house rules and the test of the tool that checks them. Both need Python 3.
find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND)
  add_test(NAME house.tool COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/tools/house_test.py)
  add_test(NAME house.tree COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/house ${CMAKE_SOURCE_DIR})
  set_tests_properties(house.tool house.tree PROPERTIES TIMEOUT 120)
else()
  message(WARNING "Python 3 was not found: the house rules are not checked")
endif()
