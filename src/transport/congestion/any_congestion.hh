// AnyCongestion: the closed set of congestion laws as one value, and the registry that makes one by name.
//
// Names: "none", "dcqcn" (sets: see dcqcn_parameters.hh). A transport copies the value; no heap, no virtual call.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "transport/congestion/dcqcn.hh"
#include "transport/congestion/none.hh"

namespace weft::congestion {

class AnyCongestion {
 public:
  using Laws = std::variant<None, Dcqcn>;

  AnyCongestion() = default;
  template <CongestionLaw L>
  explicit AnyCongestion(const L& law) : law_(law) {}

  [[nodiscard]] bool paced() const noexcept {
    return std::visit([](const auto& law) noexcept { return law.paced(); }, law_);
  }
  void on_cnp(Time now) noexcept {
    std::visit([now](auto& law) noexcept { law.on_cnp(now); }, law_);
  }
  void on_sent(Time now, Bytes size) noexcept {
    std::visit([now, size](auto& law) noexcept { law.on_sent(now, size); }, law_);
  }
  [[nodiscard]] Rate rate(Time now) noexcept {
    return std::visit([now](auto& law) noexcept { return law.rate(now); }, law_);
  }
  void digest(Digest& d) const noexcept {
    d.add(law_.index());
    std::visit([&d](const auto& law) noexcept { law.digest(d); }, law_);
  }
  [[nodiscard]] const Laws& law() const { return law_; }

 private:
  Laws law_{};
};

// Empty when there is no such law, or the law has no such parameter set ("" = its default set).
std::optional<AnyCongestion> make_congestion(std::string_view law, std::string_view set, Rate line);

}  // namespace weft::congestion
