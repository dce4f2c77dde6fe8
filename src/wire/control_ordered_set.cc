#include "wire/control_ordered_set.hh"

#include "base/check.hh"

namespace weft::wire {

namespace {

constexpr int channel_shift = 11;

bool known(std::uint8_t type) { return (type >= 0x01 && type <= 0x04) || type == 0x10; }
bool is_init(ControlSet type) { return type == ControlSet::init || type == ControlSet::init_echo; }

}  // namespace

void ControlOrderedSet::encode(Writer& out) const {
  CHECK(number < 1U << 20 && channel < most_channels, "number", number, "channel", static_cast<unsigned>(channel));
  out.be(block_type);
  out.be(static_cast<std::uint8_t>(type));
  out.be(static_cast<std::uint8_t>(number >> 12));
  out.be(static_cast<std::uint8_t>(number >> 4));
  out.be(static_cast<std::uint8_t>((number & 0xf) << 4 | o_code));
  out.be(is_init(type) ? init_data : static_cast<std::uint16_t>(channel << channel_shift));
  out.be(std::uint8_t{0});
}

std::optional<ControlOrderedSet> ControlOrderedSet::decode(Reader& in) {
  const bool is_ordered_set = in.be<std::uint8_t>() == block_type;
  const auto type = in.be<std::uint8_t>();
  ControlOrderedSet h;
  h.number = static_cast<std::uint32_t>(in.be<std::uint8_t>()) << 12;
  h.number |= static_cast<std::uint32_t>(in.be<std::uint8_t>()) << 4;
  const auto low = in.be<std::uint8_t>();
  h.number |= static_cast<std::uint32_t>(low >> 4);
  const auto more = in.be<std::uint16_t>();
  const bool padded = in.be<std::uint8_t>() == 0;
  if (!in.ok() || !is_ordered_set || !known(type) || (low & 0xf) != o_code || !padded) return std::nullopt;
  h.type = static_cast<ControlSet>(type);
  if (is_init(h.type)) {
    h.init_data = more;
    if (h.number != 0) return std::nullopt;
  } else {
    h.channel = static_cast<std::uint8_t>(more >> channel_shift);
    const std::uint16_t expected = h.type == ControlSet::credits_freed ? static_cast<std::uint16_t>(h.channel << channel_shift) : 0;
    if (more != expected) return std::nullopt;
  }
  return h;
}

}  // namespace weft::wire
