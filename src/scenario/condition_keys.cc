// The keys of an entry of `links:`.
#include <utility>

#include "scenario/tables.hh"

namespace weft {
namespace {

Section<LossParameters> loss_section() {
  using P = LossParameters;
  Section<P> section("links.loss");
  section.default_kind("uniform");
  section.add_choice(
      "kind", &P::kind,
      std::vector<std::pair<std::string, LossKind>>{{"uniform", LossKind::uniform}, {"gilbert-elliott", LossKind::gilbert_elliott}},
      "Independent losses, or a chain of a good and a bad state, one step a frame.");
  section.add("p", &P::p, "Chance that a frame is lost.").only_for({"uniform"}).needed_for({"uniform"}).within(0, 1);
  section.add("good_to_bad", &P::good_to_bad, "Chance to change to the bad state.")
      .only_for({"gilbert-elliott"})
      .needed_for({"gilbert-elliott"})
      .within(0, 1);
  section.add("bad_to_good", &P::bad_to_good, "Chance to change back.").only_for({"gilbert-elliott"}).within(0, 1);
  section.add("loss_good", &P::loss_good, "Chance of loss in the good state.").only_for({"gilbert-elliott"}).within(0, 1);
  section.add("loss_bad", &P::loss_bad, "Chance of loss in the bad state.").only_for({"gilbert-elliott"}).within(0, 1);
  return section;
}

void add_loss(Section<LinkCondition>& section) {
  const Section<LossParameters> inner = loss_section();
  Key key;
  key.kind = KeyKind::chance;
  key.inner = inner.table();
  key.fallback = "none";
  key.within(0, 1);
  section.add_custom("loss", std::move(key), "Random loss of frames: a chance such as `1e-4`, or a mapping.",
                     [inner](const Reader& reader, const Key& row, const Value& value, LinkCondition& into) {
                       into.loss.emplace();
                       if (value.kind == Value::Kind::map) return inner.read(reader, value, *into.loss);
                       reader.read(row, value, into.loss->p);
                     });
}

void check_condition(const Reader& reader, const Value& mapping, LinkCondition& condition) {
  if (!condition.loss && !condition.ber && !condition.llr && !condition.rate && !condition.down && !condition.up) {
    reader.fail(mapping.place, "the entry for '" + condition.link + "' in links changes nothing", "add loss, ber, llr, rate or down");
  }
  if (condition.up && !condition.down)
    reader.fail(mapping.find("up")->place, "'up' without 'down' in links", "say when the link goes down");
  if (condition.up && *condition.up <= *condition.down) {
    reader.fail(mapping.find("up")->place, "'up' must be later than 'down' in links",
                "both are instants, counted from the start of the run");
  }
}

}  // namespace

Section<LinkCondition> condition_section() {
  using P = LinkCondition;
  Section<P> section("links");
  section.add("link", &P::link, "Which links: `leaf0-spine3`, with `*` as a wildcard; `leaf0>spine3` means that direction only.")
      .needed_for({"*"});
  add_loss(section);
  section.add("ber", &P::ber, "Bit error rate: a frame of n bytes is damaged with probability 1 - (1 - ber)^(8 n).")
      .absent("`fabric.ber`")
      .within(0, 0.01);
  section.add("llr", &P::llr, "Link-level retry of the frames sent over the link, with the parameters of `fabric.llr`.")
      .absent("`fabric.llr.enabled`");
  section.add("rate", &P::rate, "Degraded rate, for the whole run.").absent("the link's own").between(1'000'000, 100'000'000'000'000);
  section.add("down", &P::down, "Instant at which the link goes down.").absent("never");
  section.add("up", &P::up, "Instant at which it comes up again.").absent("never");
  section.add_rule(check_condition);
  return section;
}

}  // namespace weft
