#include "transport/multipath/any_path_policy.hh"

namespace weft::multipath {

namespace {

template <PathPolicy P>
void reset_as(AnyPathPolicy::Policies& policies, const PathPolicyConfig& config) {
  if (!std::holds_alternative<P>(policies)) policies.template emplace<P>();
  std::get<P>(policies).reset(config);
}

}  // namespace

void AnyPathPolicy::reset(PathPolicyKind kind, const PathPolicyConfig& config) {
  switch (kind) {
    case PathPolicyKind::oblivious: return reset_as<Oblivious>(policy_, config);
    case PathPolicyKind::bitmap: return reset_as<Bitmap>(policy_, config);
    case PathPolicyKind::reps: return reset_as<Reps>(policy_, config);
    case PathPolicyKind::mixed: return reset_as<Mixed>(policy_, config);
  }
}

std::optional<PathPolicyKind> path_policy_kind(std::string_view name) {
  if (name == "oblivious") return PathPolicyKind::oblivious;
  if (name == "bitmap") return PathPolicyKind::bitmap;
  if (name == "reps") return PathPolicyKind::reps;
  if (name == "mixed") return PathPolicyKind::mixed;
  return std::nullopt;
}

std::optional<AnyPathPolicy> make_path_policy(std::string_view name, const PathPolicyConfig& config) {
  const auto kind = path_policy_kind(name);
  if (!kind) return std::nullopt;
  return AnyPathPolicy(*kind, config);
}

}  // namespace weft::multipath
