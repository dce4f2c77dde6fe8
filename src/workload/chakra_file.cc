#include "workload/chakra_file.hh"

#include <workload/chakra/et.pb.h>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "base/error.hh"
#include "workload/number.hh"

namespace weft {
namespace {

using collective::Operation;

constexpr std::int64_t most_micros = 86'400'000'000;  // a day
constexpr std::int64_t most_bytes = std::int64_t{1} << 50;
constexpr std::size_t most_nodes = 10'000'000;
constexpr std::size_t most_message = std::size_t{1} << 28U;
constexpr std::size_t longest_name = 64;

// NodeType of the schema.
enum NodeType : std::int32_t { metadata = 1, memory_load = 2, memory_store = 3, comp = 4, comm_send = 5, comm_recv = 6, comm_coll = 7 };

struct CollectiveType {
  const char* name;
  std::optional<Operation> operation;  // nothing: not modelled
};
// CollectiveCommType of the schema, by number.
constexpr std::array collective_types{CollectiveType{"ALL_REDUCE", Operation::all_reduce},
                                      CollectiveType{"REDUCE", Operation::reduce},
                                      CollectiveType{"ALL_GATHER", Operation::all_gather},
                                      CollectiveType{"GATHER", std::nullopt},
                                      CollectiveType{"SCATTER", std::nullopt},
                                      CollectiveType{"BROADCAST", Operation::broadcast},
                                      CollectiveType{"ALL_TO_ALL", Operation::all_to_all},
                                      CollectiveType{"REDUCE_SCATTER", Operation::reduce_scatter},
                                      CollectiveType{"REDUCE_SCATTER_BLOCK", Operation::reduce_scatter},
                                      CollectiveType{"BARRIER", Operation::barrier}};

// A varint: seven bits a byte, the lowest first, the top bit says that more follow. Nothing when it is cut off or too long.
std::optional<std::uint64_t> read_varint(std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= (std::uint64_t{byte} & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

// What an attribute holds, as a whole number.
std::optional<std::int64_t> whole(const chakra::Attribute& attribute) {
  using A = chakra::Attribute;
  switch (attribute.value_case()) {
    case A::kInt32Val: return attribute.int32_val();
    case A::kInt64Val: return attribute.int64_val();
    case A::kUint32Val: return attribute.uint32_val();
    case A::kUint64Val: return static_cast<std::int64_t>(attribute.uint64_val());
    case A::kSint32Val: return attribute.sint32_val();
    case A::kSint64Val: return attribute.sint64_val();
    case A::kFixed32Val: return attribute.fixed32_val();
    case A::kFixed64Val: return static_cast<std::int64_t>(attribute.fixed64_val());
    case A::kSfixed32Val: return attribute.sfixed32_val();
    case A::kSfixed64Val: return attribute.sfixed64_val();
    case A::kBoolVal: return attribute.bool_val() ? 1 : 0;
    default: return std::nullopt;
  }
}

class NodeReader {
 public:
  NodeReader(const chakra::Node& node, std::size_t position, const std::string& file) : node_(node), position_(position), file_(file) {}

  ChakraNode read() {
    result_.id = node_.id();
    result_.name = node_.name().substr(0, longest_name);
    result_.data_dependencies.assign(node_.data_deps().begin(), node_.data_deps().end());
    result_.control_dependencies.assign(node_.ctrl_deps().begin(), node_.ctrl_deps().end());
    if (node_.duration_micros() > most_micros) fail("its duration_micros are more than a day");
    result_.duration = Duration{static_cast<std::int64_t>(node_.duration_micros()) * 1'000'000};
    const bool host = optional_number("is_cpu_op", 1).value_or(0) != 0;
    switch (node_.type()) {
      case metadata: break;
      case memory_load:
      case memory_store: read_host(); break;
      case comp: host ? read_host() : read_compute(); break;
      case comm_coll: host ? read_host() : read_collective(); break;
      case comm_send: host ? read_host() : read_message(ChakraKind::send, "comm_dst"); break;
      case comm_recv: host ? read_host() : read_message(ChakraKind::receive, "comm_src"); break;
      default: fail("its type " + std::to_string(node_.type()) + " is not modelled", "types 1 to 7 of the schema are");
    }
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& message, std::string hint = {}) const {
    throw InputError(file_, "node " + number(position_ + 1) + " (id " + number(result_.id) + ", " + result_.name + "): " + message,
                     std::move(hint));
  }

  [[nodiscard]] const chakra::Attribute* find(const char* name) const {
    for (const chakra::Attribute& attribute : node_.attr()) {
      if (attribute.name() == name) return &attribute;
    }
    return nullptr;
  }

  std::optional<std::int64_t> optional_number(const char* name, std::int64_t most) const {
    const chakra::Attribute* attribute = find(name);
    if (attribute == nullptr) return std::nullopt;
    const auto value = whole(*attribute);
    if (!value || *value < 0 || *value > most) {
      fail(std::string("its attribute '") + name + "' is no whole number from 0 to " + std::to_string(most));
    }
    return value;
  }
  std::int64_t needed_number(const char* name, std::int64_t most) const {
    const auto value = optional_number(name, most);
    if (!value) fail(std::string("it has no attribute '") + name + '\'');
    return *value;
  }

  void read_host() {
    result_.kind = ChakraKind::host;
    result_.thread = optional_number("tid", std::int64_t{1} << 62U).value_or(0);
  }

  void read_compute() {
    result_.kind = ChakraKind::compute;
    if (result_.duration.v == 0) {
      result_.operations = static_cast<std::uint64_t>(optional_number("num_ops", std::int64_t{1} << 62U).value_or(0));
    }
  }

  void read_collective() {
    result_.kind = ChakraKind::collective;
    const auto type = static_cast<std::size_t>(needed_number("comm_type", collective_types.size() - 1));
    if (!collective_types[type].operation) fail(std::string("collectives of type ") + collective_types[type].name + " are not modelled");
    result_.operation = *collective_types[type].operation;
    if (result_.operation != Operation::barrier) result_.bytes = {needed_number("comm_size", most_bytes)};
    result_.root = static_cast<std::uint32_t>(optional_number("root_rank", 0xffff'fffe).value_or(0));
    if (const chakra::Attribute* group = find("pg_name"); group != nullptr) result_.group = group->string_val();
    const chakra::Attribute* dimensions = find("involved_dim");
    if (dimensions == nullptr) return;
    for (const bool involved : dimensions->bool_list().values()) {
      if (!involved)
        fail("it runs along some dimensions of the network only (involved_dim), which is not modelled", "name a process group");
    }
  }

  void read_message(ChakraKind kind, const char* peer) {
    result_.kind = kind;
    result_.peer = static_cast<std::uint32_t>(needed_number(peer, 0xffff'fffe));
    result_.tag = static_cast<std::uint32_t>(optional_number("comm_tag", 0xffff'ffff).value_or(0));
    result_.bytes = {needed_number("comm_size", most_bytes)};
  }

  const chakra::Node& node_;
  std::size_t position_;
  const std::string& file_;
  ChakraNode result_;
};

class FileReader {
 public:
  FileReader(std::string_view bytes, const std::string& file) : bytes_(bytes) { trace_.file = file; }

  ChakraTrace read() {
    read_metadata();
    chakra::Node node;
    while (at_ < bytes_.size()) {
      if (trace_.nodes.size() == most_nodes) fail_here("the trace has more than " + number(most_nodes) + " nodes");
      const std::size_t begin = at_;
      const std::string_view message = next_message();
      if (!node.ParseFromArray(message.data(), static_cast<int>(message.size()))) broken(begin, "is no Node");
      trace_.nodes.push_back(NodeReader(node, trace_.nodes.size(), trace_.file).read());
      if (!ids_.insert(node.id()).second) fail_here(trace_.describe(trace_.nodes.size() - 1) + " has an id that an earlier node has, too");
      if (node.type() == metadata && node.inputs().values().find("pg_name") != std::string::npos) read_groups(node.inputs().values());
    }
    return std::move(trace_);
  }

 private:
  [[noreturn]] void fail_here(const std::string& message, std::string hint = {}) const {
    throw InputError(trace_.file, message, std::move(hint));
  }
  [[nodiscard]] std::string message_name() const { return started_ ? "node " + number(trace_.nodes.size() + 1) : "the metadata"; }
  [[noreturn]] void broken(std::size_t byte, const std::string& what) const {
    fail_here(message_name() + " at byte " + number(byte) + ' ' + what, "is it a Chakra execution trace?");
  }

  void read_metadata() {
    if (bytes_.empty()) fail_here("the trace is empty");
    const std::string_view message = next_message();
    chakra::GlobalMetadata about;
    if (!about.ParseFromArray(message.data(), static_cast<int>(message.size()))) broken(0, "is no GlobalMetadata");
    trace_.version = about.version();
    started_ = true;
  }

  std::string_view next_message() {
    const std::size_t begin = at_;
    const auto length = read_varint(bytes_, at_);
    if (!length) broken(begin, at_ < bytes_.size() ? "has no length" : "is cut off within its length");
    if (*length > most_message) broken(begin, "would be " + number(*length) + " bytes long");
    if (*length > bytes_.size() - at_) {
      fail_here("the trace is cut off: " + message_name() + " at byte " + number(begin) + " has " + number(*length) + " bytes, but " +
                    number(bytes_.size() - at_) + " are left",
                "copy the file again");
    }
    const std::string_view message = bytes_.substr(at_, *length);
    at_ += *length;
    return message;
  }

  // The JSON text stands within a list of strings: ['[{...}]'] or ["[{...}]"], in the latter case escaped or not.
  void read_groups(const std::string& values) {
    const std::size_t begin = values.find("[{");
    const std::size_t end = values.rfind("}]");
    std::string text = begin == std::string::npos || end == std::string::npos || end < begin ? "" : values.substr(begin, end + 2 - begin);
    for (std::size_t at = text.find("\\\""); at != std::string::npos; at = text.find("\\\"", at)) text.erase(at, 1);
    const nlohmann::json list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_array()) fail_here(trace_.describe(trace_.nodes.size() - 1) + ": its process groups cannot be read");
    for (const nlohmann::json& group : list) add_group(group);
  }

  void add_group(const nlohmann::json& group) {
    const auto name = group.find("pg_name");
    const auto ranks = group.find("ranks");
    std::vector<std::uint32_t> members;
    bool sound = name != group.end() && name->is_string() && (ranks == group.end() || ranks->is_array());
    for (std::size_t i = 0; sound && ranks != group.end() && i < ranks->size(); ++i) {
      const nlohmann::json& rank = (*ranks)[i];
      sound = rank.is_number_unsigned() && rank.get<std::uint64_t>() < 0xffff'ffffU;
      if (sound) members.push_back(rank.get<std::uint32_t>());
    }
    if (!sound) fail_here(trace_.describe(trace_.nodes.size() - 1) + ": a process group needs a pg_name and a list of ranks");
    trace_.groups[name->get<std::string>()] = std::move(members);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool started_ = false;  // the metadata has been read
  std::unordered_set<std::uint64_t> ids_;
  ChakraTrace trace_;
};

}  // namespace

std::string ChakraTrace::describe(std::size_t position) const {
  const ChakraNode& node = nodes[position];
  return "node " + number(position + 1) + " (id " + number(node.id) + ", " + node.name + ')';
}

ChakraTrace parse_chakra(std::string_view bytes, const std::string& file) { return FileReader(bytes, file).read(); }

}  // namespace weft
