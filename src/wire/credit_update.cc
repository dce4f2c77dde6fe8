#include "wire/credit_update.hh"

#include "base/check.hh"
#include "wire/mac_control.hh"

namespace weft::wire {
namespace {

constexpr std::uint32_t most_credits = (1U << 20) - 1;
constexpr std::uint8_t most_channel = 31;

ParsedCreditUpdate refused(CreditUpdateRefusal reason) { return ParsedCreditUpdate{.refusal = reason}; }

}  // namespace

void CreditUpdate::add(std::uint8_t channel, std::uint32_t consumed) {
  CHECK(count < most && channel <= most_channel && consumed <= most_credits, "count", static_cast<unsigned>(count), "consumed", consumed);
  channels[count++] = {channel, consumed};
}

void CreditUpdate::encode(Writer& out) const {
  CHECK(count > 0 && count <= most, "count", static_cast<unsigned>(count));
  out.be(kind);
  out.be(count);
  for (std::size_t i = 0; i < count; ++i) out.be(std::uint32_t{channels[i].channel} << 24 | channels[i].consumed);
}

std::optional<CreditUpdate> CreditUpdate::decode(Reader& in) {
  const bool is_update = in.be<std::uint8_t>() == kind;
  const auto count = in.be<std::uint8_t>();
  if (!in.ok() || !is_update || count == 0 || count > most) return std::nullopt;
  CreditUpdate h;
  for (std::size_t i = 0; i < count; ++i) {
    const auto word = in.be<std::uint32_t>();
    const auto channel = static_cast<std::uint8_t>(word >> 24);
    const bool ascending = i == 0 || channel > h.channels[i - 1].channel;
    if (!in.ok() || channel > most_channel || !ascending || (word & 0xffffff) > most_credits) return std::nullopt;
    h.add(channel, word & most_credits);
  }
  return h;
}

std::size_t build_credit_update_frame(const MacAddress& source, const CreditUpdate& update, Fcs fcs, ByteRoom out) {
  Writer frame(out);
  EthernetHeader{mac_control_address, source, credit_update_ether_type}.encode(frame);
  update.encode(frame);
  finish_frame(frame, fcs);
  return frame.ok() ? frame.size() : 0;
}

ParsedCreditUpdate parse_credit_update_frame(ByteView frame, Fcs fcs) {
  if (frame.size() < least_frame_without_fcs + (fcs == Fcs::present ? fcs_size : 0)) return refused(CreditUpdateRefusal::truncated);
  const auto body = without_fcs(frame, fcs);
  if (!body) return refused(CreditUpdateRefusal::fcs);
  Reader in(*body);
  const auto ethernet = EthernetHeader::decode(in);
  if (!ethernet || ethernet->type != credit_update_ether_type) return refused(CreditUpdateRefusal::ether_type);
  if (ethernet->destination != mac_control_address) return refused(CreditUpdateRefusal::destination);
  const auto update = CreditUpdate::decode(in);
  if (!update) return refused(CreditUpdateRefusal::malformed);
  return {.source = ethernet->source, .update = *update};
}

std::string_view name_of(CreditUpdateRefusal refusal) {
  switch (refusal) {
    case CreditUpdateRefusal::none: return "none";
    case CreditUpdateRefusal::truncated: return "truncated";
    case CreditUpdateRefusal::fcs: return "fcs";
    case CreditUpdateRefusal::ether_type: return "ether_type";
    case CreditUpdateRefusal::destination: return "destination";
    case CreditUpdateRefusal::malformed: return "malformed";
  }
  return "unknown";
}

}  // namespace weft::wire
