#include "app/library_lines.hh"

#include "scenario/named.hh"
#include "scenario/quantity.hh"
#include "scenario/training_keys.hh"
#include "workload/training/model.hh"

namespace weft {
namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

std::string in_billions(std::int64_t count) {
  const std::int64_t tenths = (count + 50'000'000) / 100'000'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "B parameters";
}

std::string described(const ModelParameters& model) {
  std::string line = padded(in_billions(training::model_parameters(model)), 20) + std::to_string(model.layers) + " layers of " +
                     std::to_string(model.hidden) + ", " + std::to_string(model.heads) + " heads";
  if (model.experts > 0) line += ", " + std::to_string(model.top_k) + " of " + std::to_string(model.experts) + " experts";
  for (const auto& [machine, share] : model.efficiency) line += ", efficiency " + written(share) + " on " + machine;
  return line;
}

std::string described(const MachineParameters& machine) {
  std::string line = std::to_string(machine.gpus) + " GPUs";
  for (std::size_t i = 0; i < precision_names.size(); ++i) {
    if (machine.peak[i] > 0) line += std::string(", ") + precision_names[i] + " " + written(machine.peak[i]) + " TFLOP/s";
  }
  if (machine.scale_up.v > 0) line += ", scale-up " + written(machine.scale_up) + (machine.mesh ? " (mesh)" : "");
  if (machine.nic.v > 0) line += ", " + std::to_string(machine.nics) + " NICs of " + written(machine.nic);
  return line;
}

template <class T>
void add_lines(std::vector<std::string>& lines, std::span<const LibraryFile> files, const Section<T>& section) {
  for (const LibraryFile& file : files) {
    T item;
    read_named_text(std::string(file.text), std::string(file.name), section, item);
    lines.push_back("  " + padded(std::string(file.name), 16) + described(item));
  }
}

}  // namespace

std::vector<std::string> library_lines() {
  std::vector<std::string> lines{"models (workloads.N.model):"};
  add_lines(lines, library_models(), model_section());
  lines.emplace_back("machines (workloads.N.machine, topology.server.machine):");
  add_lines(lines, library_machines(), machine_section());
  lines.emplace_back("each figure with its source: weft show --library NAME");
  return lines;
}

}  // namespace weft
