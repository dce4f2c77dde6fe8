// Host, what concerns receiver credit: engines that want some stand at the credit desk, whose pacers wake the host. See host.hh.
#pragma once

#include "sim/host.hh"

namespace weft {

template <class Transport>
void Host<Transport>::stop_sending(Slot& slot) {
  sending_ -= slot.sending ? 1 : 0;
  slot.sending = false;
}

template <class Transport>
void Host<Transport>::ask_for_credit(Slot& slot, Time now) {
  if constexpr (Transport::receiver_credit) {
    const auto wish = slot.engine.credit_wish();
    if (slot.desk == CreditDesk::none) {
      if (desk_.ports() == 0) {
        for (const PortLine& line : lines_) desk_.add_port(line.intake);
      }
      slot.desk = desk_.enter(slot.end);
    }
    desk_.want(slot.port, slot.desk, wish);
    if (const auto due = desk_.to_arm(slot.port, now))
      Base::arm({*due, EventKind::timer, static_cast<std::uint8_t>(What::credit), slot.port, 0});
  }
}

template <class Transport>
void Host<Transport>::give_credit(Worker& worker, std::size_t port, Time now) {
  if constexpr (Transport::receiver_credit) {
    if (!desk_.wakes(port, now)) return;
    while (const auto end = desk_.next(port, now)) {
      Slot& slot = (*pool_)[table_.slots[*end]];
      desk_.granted(port, now, slot.engine.grant(now));
      after_engine(worker, slot, now);
    }
    if (const auto due = desk_.to_arm(port, now))
      Base::arm({*due, EventKind::timer, static_cast<std::uint8_t>(What::credit), static_cast<std::uint32_t>(port), 0});
  }
}

template <class Transport>
void Host<Transport>::leave_desk(Slot& slot) {
  if constexpr (Transport::receiver_credit) {
    if (slot.desk != CreditDesk::none) desk_.leave(slot.desk);
    slot.desk = CreditDesk::none;
  }
}

}  // namespace weft
