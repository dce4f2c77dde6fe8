// The keys of kind training: model, machine, plan. Machines are read by others, too: a topology takes its servers from one.
//
// Errors: InputError, see reader.hh and named.hh.
#pragma once

#include "scenario/tables.hh"

namespace weft {

[[nodiscard]] Section<ModelParameters> model_section();
[[nodiscard]] Section<MachineParameters> machine_section();
// A name of the library, a file or a mapping.
void read_model(const Reader& reader, const Key& key, const Value& value, ModelParameters& into);
void read_machine(const Reader& reader, const Key& key, const Value& value, MachineParameters& into);

void add_training_keys(Section<WorkloadParameters>& section);

}  // namespace weft
