// Values that may be named instead of written: the name of a library file, a YAML file of one's own, or the mapping itself.
//
// A mapping may begin with `like: NAME`; then it changes what that library file says. A file's name ends in .yaml or .yml, or has a
// slash. Errors: InputError for a name that is neither, with the nearest one and the list; inside files with their own file:line.
#pragma once

#include <filesystem>
#include <string>

#include "base/text_file.hh"
#include "scenario/library.hh"
#include "scenario/nearest.hh"
#include "scenario/section.hh"
#include "scenario/yaml.hh"

namespace weft {

inline constexpr Bytes max_named_file{1'000'000};

[[nodiscard]] inline bool looks_like_file(const std::string& text) {
  const std::string suffix = std::filesystem::path(text).extension().string();
  return suffix == ".yaml" || suffix == ".yml" || text.find('/') != std::string::npos;
}

template <class T>
void read_named_text(const std::string& text, const std::string& name, const Section<T>& section, T& into) {
  const Value value = read_yaml(text, name);
  const Source source{name, std::filesystem::path(name).parent_path(), {}};
  const Reader reader(source);
  if (value.kind != Value::Kind::map) reader.fail(value.place, "a mapping was expected, not " + describe(value));
  section.read(reader, value, into);
}

template <class T>
void read_named(const Reader& reader, const Key& key, const Value& value, std::span<const LibraryFile> shelf, const std::string& folder,
                const Section<T>& section, T& into) {
  if (value.kind == Value::Kind::map) return section.read(reader, value, into);
  const std::string& text = reader.scalar(key, value);
  if (looks_like_file(text)) {
    Key file = key;
    file.kind = KeyKind::file;
    std::string path;
    reader.read(file, value, path);
    return read_named_text(read_text_file(path, max_named_file), path, section, into);
  }
  for (const LibraryFile& file : shelf) {
    if (file.name == text) return read_named_text(std::string(file.text), "library/" + folder + "/" + text + ".yaml", section, into);
  }
  const std::string near = nearest(text, library_names(shelf));
  reader.fail(value.place, "'" + key.name + "': the library has no '" + text + "'",
              (near.empty() ? "" : "did you mean '" + near + "'? ") + "it has: " + joined(library_names(shelf)) +
                  "; or name a .yaml file, or write the mapping");
}

}  // namespace weft
