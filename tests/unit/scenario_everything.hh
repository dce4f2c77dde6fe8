// Scenarios that together give every key of the table a value other than its default.
#pragma once

#include <array>

namespace weft {

inline constexpr const char* everything_leaf_spine = R"(name: everything
seed: 7
duration: 20ms
warmup: 1ms
topology:
  kind: leaf-spine
  leaves: 4
  spines: 2
  hosts_per_leaf: 8
  oversubscription: 2
  switch_latency: 300ns
  link: { rate: 200Gbps, delay: 500ns }
  uplink: { rate: 800Gbps, length: 100m }
  server:
    gpus: 4
    nics: 2
    scale_up: { kind: mesh, rate: 900Gbps, delay: 200ns }
    pcie: { rate: 256Gbps, delay: 150ns }
  reduction: access
  reduction_delay: 50ns
fabric:
  transport: roce
  congestion: none
  dcqcn_set: htsim
  load_balancing: spray-least-queued
  lossless: pfc
  recovery: selective
  mtu: 1024
  buffer: 32MiB
  alpha: 1/4
  ecn: { enabled: false, kmin: 10KB, kmax: 20KB, pmax: 0.5, at: dequeue }
  ber: 1e-10
  llr: { enabled: true, outstanding_bytes: 200KB, outstanding_frames: 1000, replay_timer: 30us, replay_count: 3,
    init_action: block, flush_action: discard, re_init_on_flush: true, spacing: 4096B }
  pfc: { headroom: 100KB, headroom_model: vendor, response: 1us, xoff: 50KB, hysteresis: 2KB, pause_quanta: 1000 }
  ack_every: 1
  timeout_exponent: 8
  retry_count: 3
  rnr_retry: 2
  window: 256
  data_class: 4
  ack_class: 5
  notify_class: 7
  dwrr_weight: [0, 1, 2, 3, 4, 5, 6, 7]
  convergence: 50us
  reroute_queued: true
  detect: 1us
  trigger_latency: 3us
  stall: 30ms
links:
  - { link: leaf0-spine1, loss: 1e-4, rate: 100Gbps, down: 20us, up: 40us }
  - { link: "leaf1>spine*", loss: { kind: gilbert-elliott, good_to_bad: 0.001, bad_to_good: 0.25, loss_good: 0.01, loss_bad: 0.9 } }
  - { link: host1-leaf0, loss: { kind: uniform, p: 0.5 }, ber: 1e-9, llr: false }
workloads:
  - { kind: permutation, size: 2MB, hosts: [0-3, 8, 12-13], operation: read, start: 2us }
  - { kind: incast, size: 1KB, fan_in: 3, groups: 2, destination: 5 }
  - { kind: all-to-all, size: 64KiB, parallel: 2 }
  - { kind: poisson, load: 0.4, length: 5ms, sizes: web-search }
  - kind: flows
    start: 9us
    triggers: [ { id: 70, kind: multishot }, { id: 71, kind: barrier, count: 2 } ]
    flows:
      - { id: 3, src: 1, dst: 2, size: 4KB, operation: send, on_sent: 71 }
      - { src: 2, dst: 3, size: 5KB, after: 71, on_received: 70 }
      - { src: 3, dst: 4, size: 5KB, start: 4us }
  - { matrix: traffic.cm }
  - { file: more/traffic.cm, kind: permutation, size: 2MB }
  - { kind: collective, operation: broadcast, algorithm: tree, size: 8MB, hosts: [0-7], root: 3, channels: 2, chunk: 64KiB, count: 5,
      ranks_per_server: 4, local_rate: 1Tbps,
      name: shout, ranks: 6, placement: spread, ring_order: ranks, launch: 2us, message_limit: 4MB,
      efficiencies: { ring: 0.95, tree: 0.92, pat: 0.75, nvls: 0.85 }, copies: 2.5,
      algorithms: { all-reduce: ring, all-gather: ring, reduce-scatter: ring, all-to-all: direct, broadcast: tree, reduce: tree,
                    barrier: dissemination, send-receive: direct } }
  - { kind: simai, trace: simai.txt, ranks: 8, data_parallel: 2, expert_parallel: 2, pipeline_parallel: 4, virtual_stages: 2,
      sample: { layers: 3, micro_batches: 12 } }
  - { kind: chakra, trace: traces/job, replicate: true, control_dependencies: true, operations_per_second: 1e15 }
trace: { flows: [3, 10-12], ports: ["leaf0>spine1"], interval: 5us }
accounting: { data_overhead: 64B, ack_size: 65B, trim_size: 66B, gap: 0 }
)";

inline constexpr const char* everything_uet = R"(
profile: uec-table
topology: { kind: switch, hosts: 9, link: { delay: 1us } }
fabric:
  transport: uet
  congestion: nscc+rccc
  load_balancing: reps
  delivery: rud
  recovery: rto
  paths: 64
  ack_bytes: 8KiB
  least_rto: 50us
  base_rtt: 14us
  psn_range: 2048
  trimming: true
  trimmed_class: 5
  trim_queue: 50KB
  trim_victim: arriving
  queue: 100KB
  flowlet_gap: 2us
  ecn: { last_hop: true }
workloads: [ { kind: permutation, size: 1MB } ]
)";

inline constexpr const char* everything_gse = R"(
topology: { kind: leaf-spine, leaves: 2, spines: 3, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 1us } }
fabric:
  scheduling: gse
  gse:
    mode: e2e
    nic_buffer: 1MB
    container: 8KB
    spray: least-queued
    quantum: 4KB
    initial_credit: 100KB
    window: 300KB
    request_step: 20KB
    request_repeat: 30us
    notice: frame
    notice_copies: 2
    notice_repeat: 5us
    join: 2ms
    idle: 70us
    hole_timeout: 50us
    credit_age: 300us
workloads: [ { kind: permutation, size: 1MB } ]
)";

inline constexpr const char* everything_clos = R"(
topology: { kind: clos, pods: 2, leaves_per_pod: 3, hosts_per_leaf: 4, aggs_per_pod: 5, cores: 6, link: { length: 1km } }
workloads: [ { kind: permutation, size: 1MB } ]
)";

inline constexpr const char* everything_rail = R"(
topology: { kind: rail, servers: 6, gpus_per_server: 4, rails: 2, servers_per_pod: 3, spines: 2, link: { delay: 1us },
  uplink: { delay: 2us }, server: { scale_up: { latency: 50ns, buffer: 16MB, reduces: true } } }
workloads: [ { kind: permutation, size: 1MB } ]
)";

inline constexpr const char* everything_three_tier = R"(
topology: { kind: three-tier, pods: 3, radix: 16, leaves_per_pod: 4, hosts_per_leaf: 2, leaf_uplinks: 6, aggs_per_pod: 3, agg_uplinks: 4,
  tops_per_plane: 2, copper: 5m, link: { delay: 1us } }
workloads: [ { kind: permutation, size: 1MB } ]
)";

inline constexpr const char* everything_multi_pod = R"(
topology: { kind: multi-pod, pods: 3, radix: 16, leaves_per_pod: 4, hosts_per_leaf: 2, borders_per_pod: 2, core_uplinks: 2, cores: 2,
  link: { delay: 1us } }
workloads: [ { kind: permutation, size: 1MB } ]
)";

inline constexpr const char* everything_switch = R"(
topology: { kind: switch, hosts: 9, link: { delay: 1us } }
fabric:
  lossless: cbfc
  cbfc: { credits: 1MB, credit_size: 256B, overhead: 16B, spacing: 3200B, most_spacing: 131072B, update_timer: 100us }
workloads: [ { kind: permutation, size: 1MB } ]
)";

inline constexpr const char* everything_file = R"(
topology: { file: net.topo }
workloads: [ { kind: permutation, size: 1MB } ]
)";

inline constexpr const char* everything_graph = R"(
topology:
  kind: graph
  link: { rate: 100Gbps, delay: 1us }
  graph:
    hosts: [a, b]
    switches: [s]
    links:
      - { a: a, b: s }
      - { a: b, b: s, rate: 50Gbps, length: 10km }
      - { a: b, b: s, delay: 7us }
workloads: [ { kind: permutation, size: 1MB } ]
)";

inline constexpr const char* everything_training = R"(
topology: { kind: switch, hosts: 8, link: { delay: 1us }, server: { machine: ascend-910b } }
workloads:
  - kind: training
    model: { like: llama-3-8b, name: small, layers: 12, hidden: 512, heads: 16, kv_heads: 4, head_size: 32, ffn_hidden: 1024,
      gated_ffn: false, vocabulary: 1000, sequence: 256, positions: 256, tied_embeddings: true, experts: 8, top_k: 2,
      shared_experts: 1, expert_ffn_hidden: 256, dense_layers: 1, kv_rank: 64, query_rank: 96, rope_head: 16, value_head: 32,
      compute: fp16, weights: fp16, activations: fp16, gradients: bf16, dispatch: fp8, combine: fp16, efficiency: { mine: 0.5 } }
    machine: { like: h100, name: mine, gpus: 4, peak_tflops: { fp32: 1, bf16: 2, fp16: 3.5, fp8: 4 }, memory: 1GB, memory_rate: 1Tbps,
      scale_up: 2Tbps, scale_up_kind: mesh, nics: 4, nic: 100Gbps, pcie: 256Gbps }
    plan: { tensor: 2, sequence: true, context: 2, context_exchange: all-gather, pipeline: 2, virtual_stages: 2,
      layers_per_stage: [2, 3, 3, 4], data: 1, expert: 2, order: [context, tensor, data, pipeline], zero: 3, prefetch: 2, bucket: 1MB,
      overlap: false, recompute: selective }
    iterations: 2
    jitter: 0.1
    stragglers: [ { rank: 1, factor: 1.5 } ]
    micro_batch: 2
    global_batch: 64
    efficiency: 0.3
    profile: times.csv
    sample: { layers: 2, micro_batches: 8 }
    skew: 1.2
)";

inline constexpr std::array everything{everything_leaf_spine, everything_clos,      everything_rail, everything_switch,
                                       everything_file,       everything_graph,     everything_uet,  everything_training,
                                       everything_three_tier, everything_multi_pod, everything_gse};

}  // namespace weft
