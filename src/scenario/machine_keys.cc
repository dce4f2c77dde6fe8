// The keys of a machine, in a scenario and in library/machines/.
#include "scenario/named.hh"
#include "scenario/training_keys.hh"

namespace weft {
namespace {

using P = MachineParameters;

void add_like(Section<P>& section) {
  Key key;
  key.kind = KeyKind::text;
  key.fallback = "none";
  section.add_custom("like", std::move(key), "A machine of the library; the other keys change it.",
                     [](const Reader& reader, const Key& row, const Value& value, P& into) { read_machine(reader, row, value, into); });
}

Section<P> peak_section() {
  Section<P> section("machine.peak_tflops");
  for (std::size_t i = 0; i < precision_names.size(); ++i) {
    section
        .add(
            precision_names[i], [i](P& machine) -> double& { return machine.peak[i]; },
            std::string("With ") + precision_names[i] + " operands, dense.")
        .absent("not known")
        .within(0.001, 1e6);
  }
  return section;
}

}  // namespace

Section<MachineParameters> machine_section() {
  Section<P> section("machine");
  add_like(section);
  section.add("name", &P::name, "By which a model's published efficiency names it.").absent("none");
  section.add("gpus", &P::gpus, "GPUs of a server.").between(1, 100'000);
  section.add_section(
      "peak_tflops", [](P& machine) -> P& { return machine; }, peak_section(),
      "Floating-point operations of a GPU in a second, in units of 1e12, by precision.");
  section.add("memory", &P::memory, "Memory of a GPU.").absent("not known");
  section.add("memory_rate", &P::memory_rate, "Rate of a GPU's memory; the optimizer's step takes it.").absent("not known");
  section.add("scale_up", &P::scale_up, "Rate of a GPU to the others of its server, one direction.").absent("not known");
  section.add_choice("scale_up_kind", &P::mesh, std::vector<std::pair<std::string, bool>>{{"switch", false}, {"mesh", true}},
                     "What joins them: a switch, or a link between any two, which then share `scale_up`.");
  section.add("nics", &P::nics, "Network ports of a server.").absent("not known").between(1, 100'000);
  section.add("nic", &P::nic, "Rate of one of them.").absent("not known");
  section.add("pcie", &P::pcie, "Rate of a GPU's PCIe link, one direction.").absent("not known");
  return section;
}

void read_machine(const Reader& reader, const Key& key, const Value& value, MachineParameters& into) {
  read_named(reader, key, value, library_machines(), "machines", machine_section(), into);
}

}  // namespace weft
