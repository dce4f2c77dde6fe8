// CongestionGate: whether a packet may leave now. Two gates in a row, each there or not: the window (NSCC) and the credit of
// the receiver (RCCC); and SLEEK, which tells what is lost where nobody trims.
//
//   window open   in_flight + packet <= window, or SLEEK is in recovery and the packet is a retransmission
//   credit open   credit > 0
// Sizes are those that the laws count: payload plus overhead.
// Sources: transport/congestion/nscc.hh, rccc.hh, sleek.hh.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "transport/congestion/nscc.hh"
#include "transport/congestion/rccc.hh"
#include "transport/congestion/sleek.hh"
#include "transport/uet/pdc_config.hh"

namespace weft::uet {

class CongestionGate {
 public:
  void reset(const PdcConfig& config) {
    window_.reset();
    credit_.reset();
    if (config.recovery != Recovery::sleek) sleek_.reset();
    if (config.has_window()) window_.emplace(*config.nscc);
    if (config.has_credit()) credit_.emplace(*config.rccc);
    if (config.recovery != Recovery::sleek) return;
    if (!sleek_) sleek_ = std::make_unique<congestion::Sleek>(*config.sleek);
    *sleek_ = congestion::Sleek(*config.sleek);
  }

  // A context that begins anew begins with the credit of a beginner, and has lost nothing; what the window has learned stays.
  void renew(const congestion::RcccParameters* parameters) {
    if (credit_) credit_.emplace(*parameters);
    if (sleek_) sleek_->forget();
  }

  [[nodiscard]] bool open(std::int64_t in_flight, std::uint32_t size, bool retransmission) const {
    if (credit_ && !credit_->may_send()) return false;
    return !window_ || window_->window().v >= in_flight + size || (retransmission && sleek_ && sleek_->recovering());
  }
  // Just sent, with in_flight as it is now: would another packet of this size have to wait?
  [[nodiscard]] bool closing(std::int64_t in_flight, std::uint32_t size) const {
    return (credit_ && !credit_->may_send()) || (window_ && in_flight + size >= window_->window().v);
  }
  [[nodiscard]] bool starved() const { return credit_ && !credit_->may_send(); }
  [[nodiscard]] bool has_credit() const { return credit_.has_value(); }
  void on_sent(std::uint32_t size) {
    if (credit_) credit_->on_sent(Bytes{size});
  }
  // The credit_target for the packet that was just sent.
  [[nodiscard]] std::uint32_t credit_target(std::int64_t backlog, std::uint32_t packet, std::uint32_t senders) const {
    const Bytes limit = window_ ? window_->window() + Bytes{packet} : Bytes{std::numeric_limits<std::int64_t>::max()};
    return credit_->target(Bytes{backlog}, limit, senders).v;
  }

  void on_credit(std::uint32_t counter) {
    if (credit_) credit_->on_credit({counter & congestion::credit_counter_mask});
  }
  void on_answer() {
    if (credit_) credit_->on_answer();
  }
  // rtt 0: no valid sample. in_flight without what this ACK told of.
  void on_ack(Time now, Duration rtt, bool ecn, std::int64_t newly_received, std::int64_t in_flight) {
    if (window_) window_->on_ack(now, rtt, ecn, Bytes{newly_received}, Bytes{in_flight});
  }
  // in_flight still has the trimmed packet.
  void on_trimmed(Time now, Duration rtt, std::uint32_t size, bool last_hop, std::int64_t in_flight) {
    if (window_) window_->on_nack(now, rtt, Bytes{size}, last_hop, Bytes{in_flight});
  }
  void on_loss(std::uint32_t size) {
    if (window_) window_->on_loss(Bytes{size});
  }

  [[nodiscard]] congestion::Nscc* window() { return window_ ? &*window_ : nullptr; }
  [[nodiscard]] const congestion::Nscc* window() const { return window_ ? &*window_ : nullptr; }
  [[nodiscard]] congestion::Sleek* sleek() { return sleek_.get(); }
  [[nodiscard]] const congestion::Sleek* sleek() const { return sleek_.get(); }
  [[nodiscard]] const congestion::RcccSender* credit() const { return credit_ ? &*credit_ : nullptr; }
  void digest(Digest& d) const {
    if (window_) window_->digest(d);
    if (credit_) credit_->digest(d);
    if (sleek_) sleek_->digest(d);
  }

 private:
  std::unique_ptr<congestion::Sleek> sleek_;  // none where switches trim
  std::optional<congestion::Nscc> window_;
  std::optional<congestion::RcccSender> credit_;
};

}  // namespace weft::uet
