// `weft example [NAME]`: lists the scenarios that come with weft, or prints one.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "app/command.hh"
#include "app/examples.hh"
#include "base/error.hh"
#include "scenario/nearest.hh"

namespace weft {
namespace {

// The first sentence of the comment at its head, on one line.
std::string first_sentence(std::string_view text) {
  std::string sentence;
  while (!text.empty() && text.front() == '#') {
    const std::size_t end = text.find('\n');
    sentence += (sentence.empty() ? "" : " ") + std::string(text.substr(2, end - 2));
    text.remove_prefix(end + 1);
  }
  const std::size_t stop = std::min(sentence.find(": "), sentence.find(". "));
  return stop == std::string::npos ? sentence : sentence.substr(0, stop);
}

class ExampleCommand : public Command {
 public:
  CLI::App* add_to(CLI::App& program) override {
    CLI::App* command = program.add_subcommand("example", "list the scenarios that come with weft, or print one");
    command->add_option("NAME", name_, "which one to print");
    return command;
  }

  ExitCode run() override {
    if (name_.empty()) {
      for (const Example& example : examples()) {
        std::cout << example.name << std::string(20 - std::min<std::size_t>(example.name.size(), 19), ' ') << first_sentence(example.text)
                  << '\n';
      }
      std::cout << "\nweft example NAME > NAME.yaml && weft run NAME.yaml\n";
      return ExitCode::done;
    }
    const std::string_view text = find_example(name_);
    if (text.empty()) {
      std::vector<std::string> names;
      for (const Example& example : examples()) names.emplace_back(example.name);
      throw InputError("weft example", "there is no example '" + name_ + "'", suggest(name_, names));
    }
    std::cout << text;
    return ExitCode::done;
  }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<Command> make_example_command() { return std::make_unique<ExampleCommand>(); }

}  // namespace weft
