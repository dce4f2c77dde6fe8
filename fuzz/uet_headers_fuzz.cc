// Every Ultra Ethernet header codec on the same bytes: the type field of the PDS headers says whose they are.
#include "wire/entropy_header.hh"
#include "wire/uet_congestion_state.hh"
#include "wire/uet_layout.hh"

#include "header_target.hh"

namespace weft::wire {
namespace {

template <class... Headers>
void check_headers(ByteView bytes) {
  (fuzz::check_header<Headers>(bytes), ...);
}

void check_state(std::uint64_t state) {
  CHECK(NsccState::unpack(state).pack() == state, "state", state);
  const CreditState credit = CreditState::unpack(state);
  CHECK(CreditState::unpack(credit.pack()) == credit, "state", state);
}

}  // namespace
}  // namespace weft::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::wire;
  const auto bytes = weft::fuzz::view(data, size);
  check_headers<PdsPrologue, PdsRequest, PdsCcRequest, PdsAck, PdsAckCc, PdsAckCcx, PdsNack, PdsNackCcx, PdsControlPacket, PdsRudi, PdsUud,
                EntropyHeader>(bytes);
  check_headers<SesCommon, SesStandard, SesMedium, SesSmall, SesResponseCommon, SesPlainResponse, SesDataResponse, SesSmallDataResponse>(
      bytes);
  Reader in(bytes);
  check_state(in.be<std::uint64_t>());
  return 0;
}
