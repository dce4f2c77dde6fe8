// AnyPathPolicy: the closed set of path policies as one value, and their names.
//
// Names: "oblivious", "bitmap", "reps", "mixed". With one path all of them are that path. reset() gives the state of a new
// connection; it allocates only when the policy or the number of paths asks for more memory than before. No virtual call.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "transport/multipath/bitmap.hh"
#include "transport/multipath/mixed.hh"
#include "transport/multipath/oblivious.hh"
#include "transport/multipath/path_policy.hh"
#include "transport/multipath/reps.hh"

namespace weft::multipath {

enum class PathPolicyKind : std::uint8_t { oblivious, bitmap, reps, mixed };

class AnyPathPolicy {
 public:
  using Policies = std::variant<Oblivious, Bitmap, Reps, Mixed>;

  AnyPathPolicy() { reset(PathPolicyKind::oblivious, {.paths = 1}); }
  AnyPathPolicy(PathPolicyKind kind, const PathPolicyConfig& config) { reset(kind, config); }

  void reset(PathPolicyKind kind, const PathPolicyConfig& config);

  [[nodiscard]] PathId next(Time now) noexcept {
    return std::visit([now](auto& policy) noexcept { return policy.next(now); }, policy_);
  }
  void report(PathId path, PathEvent event, Time now) noexcept {
    std::visit([=](auto& policy) noexcept { policy.report(path, event, now); }, policy_);
  }
  // Where the next choice looks first outside this object, for prefetching; null: nowhere.
  [[nodiscard]] const void* address() const noexcept {
    const auto* mixed = std::get_if<Mixed>(&policy_);
    return mixed != nullptr ? mixed->address() : nullptr;
  }
  void digest(Digest& d) const noexcept {
    d.add(policy_.index());
    std::visit([&d](const auto& policy) noexcept { policy.digest(d); }, policy_);
  }
  [[nodiscard]] const Policies& policy() const { return policy_; }

 private:
  Policies policy_;
};

// Empty when there is no such policy.
std::optional<PathPolicyKind> path_policy_kind(std::string_view name);
std::optional<AnyPathPolicy> make_path_policy(std::string_view name, const PathPolicyConfig& config);

}  // namespace weft::multipath
