// `weft rdma server` and `weft rdma write|read|send`: the RoCE engine of the simulator, between processes, on UDP port 4791.
//
// Exit codes: 0 done; 2 what the user can set right (address, MTU, port, no server); 3 the transport failed or a byte was
// wrong; 130 interrupted. Manual: docs/rdma.md.
#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "app/command.hh"
#include "app/failure.hh"
#include "app/interrupt.hh"
#include "app/rdma_text.hh"
#include "base/error.hh"
#include "live/rdma_client.hh"
#include "live/rdma_server.hh"
#include "scenario/quantity.hh"

namespace weft {
namespace {

struct FaultTexts {
  std::string loss = "0", duplicate = "0", reorder = "0";
};

// In 2^-32, as FaultOptions counts.
std::uint64_t probability(const std::string& option, const std::string& text) {
  const auto value = read_number(text);
  if (!value || !(*value >= 0 && *value < 1))
    throw InputError(option, "\"" + text + "\" is no probability", "from 0 to below 1, such as 0.01");
  return static_cast<std::uint64_t>(*value * 4294967296.0);
}

live::FaultOptions faults(const FaultTexts& texts, std::uint64_t seed) {
  live::FaultOptions options;
  options.drop_transmit = options.drop_receive = probability("--loss", texts.loss);
  options.duplicate = probability("--duplicate", texts.duplicate);
  options.reorder = probability("--reorder", texts.reorder);
  options.seed = seed;
  return options;
}

Bytes message_size(const std::string& text) {
  const QuantityReading reading = read_quantity(text, Dimension::size);
  if (!reading.value) throw InputError("--size " + text, reading.problem, reading.hint);
  if (*reading.value < 0 || *reading.value > live::registered_limit.v)
    throw InputError("--size " + text, "is out of range", "from 0 to 2GiB");
  return Bytes{*reading.value};
}

void add_fault_options(CLI::App& command, FaultTexts& texts) {
  command.add_option("--loss", texts.loss, "drop this share of datagrams on purpose, each way (0.01 = 1 %)")->type_name("P");
  command.add_option("--duplicate", texts.duplicate, "send or take this share twice")->type_name("P");
  command.add_option("--reorder", texts.reorder, "let up to 8 later ones overtake this share")->type_name("P");
}

class ServerCommand {
 public:
  void add_to(CLI::App& program) {
    command_ = program.add_subcommand("server", "serve clients, one at a time, until interrupted");
    command_->add_option("--bind", bind_, "address to serve; UDP port 4791 and TCP port 18515 of it are used")->type_name("ADDR");
    command_->add_flag("--once", once_, "end with the first session");
    command_->add_option("--idle", idle_s_, "end a session after so many seconds without a packet")
        ->type_name("S")
        ->check(CLI::Range(1, 86400));
    command_->add_option("--seed", seed_, "of the injected faults")->type_name("N");
    command_->add_option("--pcap", options_.capture, "write all datagrams to this file")->type_name("FILE");
    command_->add_flag("--json", json_, "one JSON object a session");
    add_fault_options(*command_, faults_);
  }
  [[nodiscard]] bool parsed() const { return command_->parsed(); }

  ExitCode run() {
    options_.bind = live::Address::parse_or_throw("--bind", bind_);
    options_.faults = faults(faults_, seed_);
    options_.idle_limit = Duration{idle_s_ * ps_per_second};
    const Interrupt interrupt;
    options_.interrupt = interrupt.flag();
    live::RdmaServer server(options_);
    if (!json_) std::cout << "serving RDMA at " << options_.bind.text() << ", UDP port 4791; side channel TCP port 18515" << std::endl;
    ExitCode code = ExitCode::interrupted;
    while (const auto report = server.serve_one()) {
      std::cout << (json_ ? rdma_json(*report) : server_text(*report)) << std::endl;
      if (!once_ || !report->began) continue;
      code = report->interrupted ? ExitCode::interrupted : report->ok() ? ExitCode::done : ExitCode::stuck;
      break;
    }
    server.close_capture();
    return code;
  }

 private:
  CLI::App* command_ = nullptr;
  live::RdmaServerOptions options_;
  FaultTexts faults_;
  std::string bind_ = "127.0.0.1";
  std::int64_t idle_s_ = 30;
  std::uint64_t seed_ = 1;
  bool once_ = false, json_ = false;
};

class ClientCommand {
 public:
  void add_to(CLI::App& program, live::RdmaOperation operation, const std::string& description) {
    options_.operation = operation;
    command_ = program.add_subcommand(std::string(name_of(operation)), description);
    command_->add_option("--to", to_, "the server's address")->type_name("ADDR")->required();
    command_->add_option("--bind", bind_, "address of this end (default: the kernel's choice; 127.0.0.2 towards 127.0.0.1)")
        ->type_name("ADDR");
    command_->add_option("--size", size_, "of a message, such as 4096B, 1MB, 64KiB (default 1MB)")->type_name("SIZE");
    command_->add_option("--depth", options_.depth, "messages in flight (default 8)")->type_name("N")->check(CLI::Range(1, 256));
    command_->add_option("--count", options_.count, "messages in all (default 100)")
        ->type_name("N")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40));
    command_->add_option("--mtu", options_.mtu, "payload bytes a packet (default 4096)")
        ->check(CLI::IsMember({256, 512, 1024, 2048, 4096}));
    command_->add_flag("--verify", options_.verify, "compare every byte of every message where it arrives");
    command_->add_flag("--selective", options_.selective, "selective repeat instead of go-back-N (a project profile)");
    command_->add_option("--ack-every", options_.ack_every, "ask for an ACK every N packets (default 4)")
        ->type_name("N")
        ->check(CLI::Range(1, 1024));
    command_->add_option("--timeout-exponent", timeout_exponent_, "acknowledge timeout = 4.096 us * 2^N; 0: none (default 14)")
        ->type_name("N")
        ->check(CLI::Range(0, 31));
    command_->add_option("--retry-count", retry_count_, "timeouts and NAKs in a row before the transport gives up (default 7)")
        ->type_name("N")
        ->check(CLI::Range(0, 7));
    command_->add_option("--seed", options_.seed, "of the bytes and of the injected faults (default 1)")->type_name("N");
    command_->add_option("--pcap", options_.capture, "write all datagrams to this file")->type_name("FILE");
    command_->add_flag("--json", json_, "print one JSON object");
    add_fault_options(*command_, faults_);
  }
  [[nodiscard]] bool parsed() const { return command_->parsed(); }

  ExitCode run() {
    options_.to = live::Address::parse_or_throw("--to", to_);
    if (!bind_.empty()) options_.bind = live::Address::parse_or_throw("--bind", bind_);
    options_.size = message_size(size_);
    options_.faults = faults(faults_, options_.seed);
    options_.timeout_exponent = static_cast<std::uint8_t>(timeout_exponent_);
    options_.retry_count = static_cast<std::uint8_t>(retry_count_);
    const Interrupt interrupt;
    options_.interrupt = interrupt.flag();
    live::RdmaClient client(options_);
    const live::RdmaReport report = client.run();
    std::cout << (json_ ? rdma_json(report) + '\n' : client_text(options_, report)) << std::flush;
    if (report.interrupted) return ExitCode::interrupted;
    if (!report.error.empty()) std::cerr << "weft: " << report.error << '\n';
    return report.ok() ? ExitCode::done : ExitCode::stuck;
  }

 private:
  CLI::App* command_ = nullptr;
  live::RdmaClientOptions options_;
  FaultTexts faults_;
  std::string to_, bind_, size_ = "1MB";
  unsigned timeout_exponent_ = 14, retry_count_ = 7;
  bool json_ = false;
};

ExitCode run_rdma(int argc, char** argv) {
  CLI::App program("The simulator's RoCE engine between two processes, on UDP port 4791.", "weft rdma");
  program.require_subcommand(1);
  program.footer("On one machine: weft rdma server &   then   weft rdma write --to 127.0.0.1 --verify");
  ServerCommand server;
  server.add_to(program);
  std::array<ClientCommand, 3> clients;
  clients[0].add_to(program, live::RdmaOperation::write, "WRITE messages into the server's memory");
  clients[1].add_to(program, live::RdmaOperation::read, "READ messages from the server's memory");
  clients[2].add_to(program, live::RdmaOperation::send, "SEND messages to the server");
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) { return report_command_line(program, error); }
  if (server.parsed()) return server.run();
  for (ClientCommand& client : clients) {
    if (client.parsed()) return client.run();
  }
  return ExitCode::internal;
}

}  // namespace

int rdma_main(int argc, char** argv) { return number(run_rdma(argc, argv)); }

}  // namespace weft
