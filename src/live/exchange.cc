#include "live/exchange.hh"

#include <algorithm>
#include <optional>

#include "base/check.hh"

namespace weft::live {

namespace {

constexpr std::uint32_t magic = 0x57454654;  // "WEFT"
constexpr std::size_t reason_limit = 400;
constexpr std::uint64_t longest_message = std::uint64_t{1} << 31;
constexpr std::uint8_t flag_verify = 1, flag_selective = 2;

using wire::Reader;
using wire::Writer;

void write(const QueuePairOffer& q, Writer& out) {
  out.be(q.qp);
  out.be(q.psn);
  out.be(q.burst);
}

void write(const Offer& m, Writer& out) {
  out.be(static_cast<std::uint8_t>(m.operation));
  out.be(static_cast<std::uint8_t>((m.verify ? flag_verify : 0) | (m.selective ? flag_selective : 0)));
  out.be(m.timeout_exponent);
  out.be(std::uint8_t{0});
  out.be(m.mtu);
  out.be(m.depth);
  out.be(m.ack_every);
  out.be(m.size);
  out.be(m.count);
  out.be(m.seed);
  write(m.queue_pair, out);
}

void write(const Answer& m, Writer& out) {
  out.be(m.rkey);
  out.be(m.address);
  write(m.queue_pair, out);
}

void write(const Refusal& m, Writer& out) { out.bytes(std::as_bytes(std::span(m.reason).first(std::min(m.reason.size(), reason_limit)))); }

void write(const Done& m, Writer& out) { out.be(m.messages); }

void write(const Result& m, Writer& out) {
  for (const std::uint64_t v : {m.messages, m.bytes, m.verified, m.wrong_messages, m.wrong_message, m.wrong_offset, m.packets_dropped,
                                m.naks_sent, m.retransmissions}) {
    out.be(v);
  }
  out.be(m.expected);
  out.be(m.found);
}

bool read(QueuePairOffer& q, Reader& in) {
  q.qp = in.be<std::uint32_t>();
  q.psn = in.be<std::uint32_t>();
  q.burst = in.be<std::uint32_t>();
  return q.qp > 1 && q.qp < 1U << 24 && q.psn < 1U << 24 && q.burst > 0;
}

bool mtu_is_legal(std::uint32_t mtu) { return mtu >= 256 && mtu <= 4096 && (mtu & (mtu - 1)) == 0; }

bool read(Offer& m, Reader& in) {
  const auto operation = in.be<std::uint8_t>();
  const auto flags = in.be<std::uint8_t>();
  m.timeout_exponent = in.be<std::uint8_t>();
  const auto reserved = in.be<std::uint8_t>();
  m.mtu = in.be<std::uint32_t>();
  m.depth = in.be<std::uint32_t>();
  m.ack_every = in.be<std::uint32_t>();
  m.size = in.be<std::uint64_t>();
  m.count = in.be<std::uint64_t>();
  m.seed = in.be<std::uint64_t>();
  if (!read(m.queue_pair, in)) return false;
  if (operation < 1 || operation > 3 || flags > (flag_verify | flag_selective) || reserved != 0) return false;
  m.operation = static_cast<RdmaOperation>(operation);
  m.verify = (flags & flag_verify) != 0;
  m.selective = (flags & flag_selective) != 0;
  return mtu_is_legal(m.mtu) && m.depth >= 1 && m.depth <= 256 && m.ack_every >= 1 && m.timeout_exponent < 32 &&
         m.size <= longest_message && m.count >= 1;
}

bool read(Answer& m, Reader& in) {
  m.rkey = in.be<std::uint32_t>();
  m.address = in.be<std::uint64_t>();
  return read(m.queue_pair, in);
}

// Printed by the other side, so nothing but printable ASCII.
bool read(Refusal& m, Reader& in) {
  const wire::ByteView text = in.bytes(in.rest().size());
  if (text.size() > reason_limit) return false;
  for (const std::byte b : text) m.reason.push_back(static_cast<char>(b));
  return std::all_of(m.reason.begin(), m.reason.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool read(Done& m, Reader& in) {
  m.messages = in.be<std::uint64_t>();
  return true;
}

bool read(Result& m, Reader& in) {
  for (std::uint64_t* const v : {&m.messages, &m.bytes, &m.verified, &m.wrong_messages, &m.wrong_message, &m.wrong_offset,
                                 &m.packets_dropped, &m.naks_sent, &m.retransmissions}) {
    *v = in.be<std::uint64_t>();
  }
  m.expected = in.be<std::uint8_t>();
  m.found = in.be<std::uint8_t>();
  return true;
}

DecodedMessage refused(std::string_view problem) { return {.state = DecodedMessage::State::refused, .problem = problem}; }

template <class M>
DecodedMessage decode_body(wire::ByteView body) {
  Reader in(body);
  M message;
  const bool legal = read(message, in);
  if (!in.ok() || !in.rest().empty()) return refused("a message of the wrong length");
  if (!legal) return refused("a value out of range");
  return {.state = DecodedMessage::State::complete, .consumed = exchange_head_size + body.size(), .message = std::move(message)};
}

}  // namespace

std::string_view name_of(RdmaOperation operation) {
  switch (operation) {
    case RdmaOperation::write: return "write";
    case RdmaOperation::read: return "read";
    case RdmaOperation::send: return "send";
  }
  return "unknown";
}

std::size_t encode_message(const Message& message, MessageBytes& out) {
  Writer writer(out);
  writer.be(magic);
  writer.be(exchange_version);
  writer.be(static_cast<std::uint16_t>(message.index() + 1));
  const wire::ByteRoom length = writer.take(4);
  std::visit([&](const auto& m) { write(m, writer); }, message);
  Writer(length).be(static_cast<std::uint32_t>(writer.size() - exchange_head_size));
  CHECK(writer.ok(), "type", message.index());
  return writer.size();
}

DecodedMessage decode_message(wire::ByteView bytes) {
  if (bytes.size() < exchange_head_size) return {};
  Reader head(bytes);
  if (head.be<std::uint32_t>() != magic) return refused("not a weft side channel");
  if (head.be<std::uint16_t>() != exchange_version) return refused("another version of the side channel than 1");
  const auto type = head.be<std::uint16_t>();
  const auto length = head.be<std::uint32_t>();
  if (length > exchange_body_limit) return refused("a message of the wrong length");
  if (type < 1 || type > std::variant_size_v<Message>) return refused("a message of unknown type");
  if (head.rest().size() < length) return {};
  const wire::ByteView body = head.rest().first(length);
  switch (type) {
    case 1: return decode_body<Offer>(body);
    case 2: return decode_body<Answer>(body);
    case 3: return decode_body<Refusal>(body);
    case 4: return decode_body<Done>(body);
    default: return decode_body<Result>(body);
  }
}

}  // namespace weft::live
