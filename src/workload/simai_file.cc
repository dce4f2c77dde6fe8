#include "workload/simai_file.hh"

#include <array>
#include <utility>

#include "base/error.hh"
#include "base/parse.hh"

namespace weft {
namespace {

using collective::Operation;

constexpr std::uint32_t most_layers = 1'000'000;
constexpr std::uint32_t most_ranks = 16'777'215;
constexpr std::int64_t longest_ps = 86'400 * ps_per_second;  // a day, of all layers together
constexpr std::int64_t most_bytes = std::int64_t{1} << 50;
constexpr int fields = 12;

struct PolicyWord {
  std::string_view word;
  SimaiPolicy policy;
};
constexpr std::array policies{PolicyWord{"HYBRID_TRANSFORMER_FWD_IN_BCKWD", SimaiPolicy::transformer_forward_in_backward},
                              PolicyWord{"HYBRID_TRANSFORMER", SimaiPolicy::transformer}, PolicyWord{"MICRO", SimaiPolicy::micro}};

struct OperationWord {
  std::string_view word;
  Operation operation;
};
constexpr std::array operations{OperationWord{"ALLREDUCE", Operation::all_reduce}, OperationWord{"ALLGATHER", Operation::all_gather},
                                OperationWord{"REDUCESCATTER", Operation::reduce_scatter}, OperationWord{"ALLTOALL", Operation::all_to_all},
                                OperationWord{"BROADCAST", Operation::broadcast}};

struct GroupWord {
  std::string_view suffix;
  SimaiGroup group;
};
constexpr std::array groups{GroupWord{"", SimaiGroup::of_column}, GroupWord{"_EP", SimaiGroup::expert},
                            GroupWord{"_DP_EP", SimaiGroup::data_expert}};

std::string quoted(std::string_view word) { return '\'' + std::string(word.substr(0, 40)) + '\''; }

class SimaiParser {
 public:
  SimaiParser(std::string_view text, const std::string& name) : lines_(text), name_(name) {}

  SimaiFile parse() {
    if (!next_line()) fail("the file is empty", "the first line is a policy, for example MICRO");
    take_policy();
    if (!next_line()) fail("the second line is missing", "it says how many layers follow");
    take_count();
    while (next_line()) take_layer();
    if (file_.layers.empty()) fail("the file has no layers");
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(const std::string& message, std::string hint = {}) const {
    throw InputError(place(name_, lines_.number()), message, std::move(hint));
  }

  // Empty lines do not count.
  bool next_line() {
    std::string_view line;
    while (lines_.next(line)) {
      words_ = Words(line);
      first_ = words_.next();
      if (!first_.empty()) return true;
    }
    return false;
  }

  std::uint32_t count(std::string_view what, std::string_view word, std::uint32_t least) const {
    const auto value = parse_unsigned<std::uint32_t>(word);
    if (!value || *value > most_ranks) fail(std::string(what) + " needs a whole number, not " + quoted(word));
    if (*value < least) fail(std::string(what) + " must be above 0");
    return *value;
  }

  void take_policy() {
    for (const PolicyWord& known : policies) {
      if (first_ == known.word) return take_parallelism(known.policy);
    }
    std::string names;
    for (const PolicyWord& known : policies) names += (names.empty() ? "" : ", ") + std::string(known.word);
    fail("the policy " + quoted(first_) + " is not modelled", "known ones: " + names);
  }

  void take_parallelism(SimaiPolicy policy) {
    file_.policy = policy;
    std::vector<std::string> seen;
    for (std::string_view key = words_.next(); !key.empty(); key = words_.next()) {
      if (key.back() == ':') key.remove_suffix(1);
      for (const std::string& earlier : seen) {
        if (earlier == key) fail(quoted(key) + " is given twice");
      }
      seen.emplace_back(key);
      const std::string_view value = words_.next();
      if (value.empty()) fail(quoted(key) + " has no value");
      take_key(key, value);
    }
    check_parallelism();
  }

  void take_key(std::string_view key, std::string_view value) {
    const std::array numbers{std::pair{std::string_view("model_parallel_NPU_group"), &file_.tensor},
                             std::pair{std::string_view("ep"), &file_.expert}, std::pair{std::string_view("pp"), &file_.pipeline},
                             std::pair{std::string_view("vpp"), &file_.virtual_stages},
                             std::pair{std::string_view("ga"), &file_.micro_batches}};
    for (const auto& [name, field] : numbers) {
      if (key != name) continue;
      *field = count(name, value, 1);
      return;
    }
    if (key == "all_gpus") {
      file_.gpus = count(key, value, 1);
    } else if (key == "pp_comm") {
      const auto bytes = parse_scaled(value, 0);
      if (!bytes || *bytes > most_bytes) fail("pp_comm needs a number of bytes, not " + quoted(value));
      file_.pipeline_bytes = {*bytes};
    } else if (key == "checkpoints" || key == "checkpoint_initiates") {
      if (count(key, value, 0) != 0) fail(quoted(key) + " above 0 (layers computed again in the backward pass) are not modelled");
    } else {
      fail("the first line has the unknown word " + quoted(key),
           "known: model_parallel_NPU_group, ep, pp, vpp, ga, all_gpus, checkpoints, checkpoint_initiates, pp_comm");
    }
  }

  void check_parallelism() const {
    if (file_.policy == SimaiPolicy::micro) return;
    if (file_.pipeline > 1 && file_.pipeline_bytes.v == 0) fail("pp is above 1, but pp_comm does not say what the stages send");
    if (file_.pipeline == 1 && file_.pipeline_bytes.v > 0) fail("pp_comm says what stages send, but there is one stage (pp)");
  }

  void take_count() {
    file_.promised = count("the second line (how many layers follow)", first_, 1);
    if (file_.promised > most_layers) fail("more layers than any file has: " + std::to_string(file_.promised));
    if (const std::string_view word = words_.next(); !word.empty()) fail("unexpected " + quoted(word) + " after the number of layers");
  }

  std::string_view word(std::string_view what) {
    const std::string_view next = words_.next();
    if (next.empty()) fail("the layer ends before its " + std::string(what), "a layer has 12 words; the file may be cut off");
    return next;
  }

  Duration time(std::string_view what) {
    const std::string_view text = word(what);
    const auto ps = parse_scaled(text, 3);
    if (!ps || *ps > longest_ps) fail(std::string(what) + " needs a time in nanoseconds, at most a day, not " + quoted(text));
    all_times_ += *ps;
    if (all_times_ > longest_ps) fail("all layers together compute longer than a day");
    return {*ps};
  }

  void take_layer() {
    if (file_.layers.size() == file_.promised) {
      fail("more layers than the " + std::to_string(file_.promised) + " of the second line", "correct the second line");
    }
    SimaiLayer layer;
    layer.name = first_.substr(0, 64);
    layer.line = lines_.number();
    if (const std::string_view dependency = word("dependency"); dependency != "-1") {
      fail("the layer depends on layer " + quoted(dependency) + ", which is not modelled", "-1: layers follow each other");
    }
    layer.forward = pass("forward");
    layer.input_gradient = pass("input gradient");
    layer.weight_gradient = pass("weight gradient");
    layer.update = time("update time");
    if (const std::string_view more = words_.next(); !more.empty()) {
      fail("unexpected " + quoted(more) + " after the " + std::to_string(fields) + " words of a layer");
    }
    file_.layers.push_back(std::move(layer));
  }

  SimaiPass pass(const std::string& which) {
    SimaiPass result;
    result.compute = time(which + " compute time");
    take_collective(result, word(which + " collective"));
    const std::string_view size = word(which + " bytes");
    const auto bytes = parse_unsigned<std::int64_t>(size);
    if (!bytes || *bytes > most_bytes) fail(which + " bytes need a whole number, at most 1 PiB, not " + quoted(size));
    result.bytes = {*bytes};
    return result;
  }

  void take_collective(SimaiPass& pass, std::string_view name) const {
    if (name == "NONE") return;
    for (const OperationWord& known : operations) {
      if (name.substr(0, known.word.size()) != known.word) continue;
      for (const GroupWord& group : groups) {
        if (name.substr(known.word.size()) != group.suffix) continue;
        if (file_.policy == SimaiPolicy::micro && group.group != SimaiGroup::of_column)
          fail("with MICRO there are no groups: " + quoted(name));
        pass.operation = known.operation;
        pass.group = group.group;
        return;
      }
    }
    std::string names = "NONE";
    for (const OperationWord& known : operations) names += ", " + std::string(known.word);
    fail("the collective " + quoted(name) + " is not modelled", "known ones: " + names + ", each with _EP or _DP_EP behind it");
  }

  Lines lines_;
  Words words_{{}};
  std::string_view first_;  // of the line
  std::int64_t all_times_ = 0;
  const std::string& name_;
  SimaiFile file_;
};

}  // namespace

SimaiFile parse_simai(std::string_view text, const std::string& name) { return SimaiParser(text, name).parse(); }

}  // namespace weft
