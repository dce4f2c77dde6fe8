# Writes a C++ file that holds examples/*.yaml as text:
#   cmake -DEXAMPLES=<folder> -DOUTPUT=<file.cc> -P embed_examples.cmake
file(GLOB files ${EXAMPLES}/*.yaml ${EXAMPLES}/uec/*.yaml)
list(SORT files)
set(entries "")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND entries "    {\"${name}\", R\"weft-example(${text})weft-example\"},\n")
endforeach()
file(WRITE ${OUTPUT}.new "// Made from examples/ by embed_examples.cmake.
#include \"app/examples.hh\"

namespace weft {
namespace {

constexpr Example all[] = {
${entries}};

}  // namespace

std::span<const Example> examples() { return all; }

std::string_view find_example(std::string_view name) {
  for (const Example& example : all) {
    if (example.name == name) return example.text;
  }
  return {};
}

}  // namespace weft
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
