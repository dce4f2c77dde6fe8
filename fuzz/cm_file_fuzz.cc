// `.cm` texts: refused with an InputError, or traffic that passes every check.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hh"
#include "base/error.hh"
#include "workload/cm_file.hh"
#include "workload/trigger_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    weft::CmFile file = weft::parse_cm(text, "f.cm");
    const weft::Draft draft{.traffic = std::move(file.traffic),
                            .file = "f.cm",
                            .line = file.nodes_line,
                            .flow_lines = std::move(file.flow_lines),
                            .trigger_lines = std::move(file.trigger_lines)};
    weft::check_flows(draft, file.nodes);
    weft::check_triggers(draft);
  } catch (const weft::InputError& error) { CHECK(error.where().rfind("f.cm", 0) == 0, "where", error.where()); }
  return 0;
}
