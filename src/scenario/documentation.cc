#include "scenario/documentation.hh"

#include "scenario/nearest.hh"
#include "scenario/tables.hh"

namespace weft {
namespace {

constexpr const char* introduction = R"(# Scenario files

One YAML file describes a run: the network, its fabric, the traffic. `weft example` lists scenarios that come with weft,
`weft check FILE` says what a file would simulate, `weft run FILE` simulates it. `docs/scenario.schema.json` lets editors
complete keys. This page is generated from the table that the parser itself uses (`weft show --keys`).

```yaml
name: permutation on a leaf-spine
topology: { kind: leaf-spine, leaves: 32, spines: 32, hosts_per_leaf: 32, link: { rate: 400Gbps, delay: 1us } }
fabric:   { transport: roce, congestion: dcqcn, load_balancing: ecmp, lossless: pfc, mtu: 4096 }
workloads:
  - { kind: permutation, size: 2MB }
seed: 1
```

## Values

| value | written | meaning |
|---|---|---|
| size | `2MB`, `2MiB` | B, KB, MB, GB, TB are powers of 1000; KiB, MiB, GiB, TiB powers of 1024 |
| rate | `400Gbps` | bps, Kbps, Mbps, Gbps, Tbps: bits per second, powers of 1000 |
| time | `5us` | ps, ns, us, ms, s |
| length | `200m`, `1000km` | m, km: the delay of light in fibre, 5 us/km |
| count | `32` | a whole number without unit |
| number | `0.2`, `1e-4` | a number without unit |
| numbers | `[0, 5, 10-99]` | whole numbers; `10-99` stands for all from 10 to 99 |
| file | `traffic.cm` | relative to the scenario's folder; in `--set` to the working directory |

Every size, rate, time and length needs its unit (only `0` does without), and must be a whole number of bytes, bits per
second or picoseconds: nothing is rounded. Unknown keys, keys that do not go with the mapping's `kind`, repeated keys and
values out of range are refused with file and line.

`--set key=value` changes a key before the file is parsed: `--set fabric.mtu=1024`, `--set workloads.0.size=20MB`. Numbers
step into lists, mappings that are absent are made, and the value is YAML. `topology.file` and `workloads.N.matrix` (or
`.file`) replace every other key of their mapping, so `--set workloads.0.matrix=traffic.cm` turns any workload into that file.

Host numbers count from 0 in the order of the topology; links are named by their ends, as `weft show FILE --links`
prints them.

)";

std::string kind_text(const Key& key) {
  switch (key.kind) {
    case KeyKind::text: return "text";
    case KeyKind::file: return "file";
    case KeyKind::file_or_word: return "`" + joined(key.choices, "`, `") + "` or file";
    case KeyKind::count: return key.choices.empty() ? "count" : "`" + joined(key.choices, "`, `") + "`";
    case KeyKind::size: return "size";
    case KeyKind::rate: return "rate";
    case KeyKind::duration: return "time";
    case KeyKind::length: return "length";
    case KeyKind::number: return "number";
    case KeyKind::ratio: return "number or `N:1`";
    case KeyKind::fraction: return "fraction such as `1/8`, or number";
    case KeyKind::flag: return "`true`, `false`";
    case KeyKind::choice: return "`" + joined(key.choices, "`, `") + "`";
    case KeyKind::counts: return "numbers";
    case KeyKind::texts: return "list of text";
    case KeyKind::mapping: return "mapping";
    case KeyKind::mappings: return "list of mappings";
    case KeyKind::chance: return "number or mapping";
    case KeyKind::named: return "name, file or mapping";
    case KeyKind::numbers_by_name: return "mapping of names to numbers";
    case KeyKind::number_or_counts: return "number or list of numbers";
  }
  return {};
}

std::string range_text(const Key& key) {
  if (key.real_range) return written(key.real_range->first) + " to " + written(key.real_range->second);
  switch (key.kind) {
    case KeyKind::count:
    case KeyKind::counts:
      if (!key.choices.empty()) return {};
      [[fallthrough]];
    case KeyKind::size:
    case KeyKind::rate:
    case KeyKind::duration: return written_limit(key, key.least) + " to " + written_limit(key, key.most);
    default: return {};
  }
}

std::string default_text(const Key& key) {
  if (!key.needed.empty() && key.needed.front() == "*") return "**needed**";
  if (!key.needed.empty()) return "**needed** for " + joined(key.needed);
  return key.uet.empty() ? key.fallback : key.fallback + "; uet: " + key.uet;
}

std::string doc_text(const Key& key) { return key.only.empty() ? key.doc : key.doc + " (kind " + joined(key.only) + ")"; }

void add_table(std::string& out, const std::string& path, const std::vector<Key>& keys) {
  out += "## " + (path.empty() ? "Top of the file" : "`" + path + "`") +
         "\n\n| key | value | default | range | meaning |\n|---|---|---|---|---|\n";
  for (const Key& key : keys) {
    out +=
        "| `" + key.name + "` | " + kind_text(key) + " | " + default_text(key) + " | " + range_text(key) + " | " + doc_text(key) + " |\n";
  }
  out += "\n";
  for (const Key& key : keys) {
    if (key.inner.empty()) continue;
    add_table(out, (path.empty() ? "" : path + ".") + key.name + (key.kind == KeyKind::mappings ? ".N" : ""), key.inner);
  }
}

}  // namespace

std::string scenario_manual() {
  std::string out = introduction;
  add_table(out, "", scenario_section().table());
  out.pop_back();
  return out;
}

}  // namespace weft
