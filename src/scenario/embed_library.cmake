# Writes a C++ file that holds library/models/*.yaml and library/machines/*.yaml as text:
#   cmake -DLIBRARY=<folder> -DOUTPUT=<file.cc> -P embed_library.cmake
foreach(shelf models machines)
  file(GLOB files ${LIBRARY}/${shelf}/*.yaml)
  list(SORT files)
  set(${shelf} "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WLE)
    file(READ ${file} text)
    string(APPEND ${shelf} "    {\"${name}\", R\"weft-library(${text})weft-library\"},\n")
  endforeach()
endforeach()
file(WRITE ${OUTPUT}.new "// Made from library/ by embed_library.cmake.
#include \"scenario/library.hh\"

namespace weft {
namespace {

constexpr LibraryFile models[] = {
${models}};
constexpr LibraryFile machines[] = {
${machines}};

}  // namespace

std::span<const LibraryFile> library_models() { return models; }
std::span<const LibraryFile> library_machines() { return machines; }

}  // namespace weft
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
