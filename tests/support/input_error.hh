// Expects an InputError, and what it must say: where, and a part of the message or of the hint.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/error.hh"

namespace weft::test {

template <class Action>
void expect_input_error(Action action, const std::string& where, const std::string& part) {
  try {
    action();
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), where) << error.what();
    const std::string all = std::string(error.what()) + " | " + error.hint();
    EXPECT_NE(all.find(part), std::string::npos) << "wanted: " << part << "\nsaid: " << all;
    return;
  }
  ADD_FAILURE() << "no InputError; expected one at " << where << ": " << part;
}

}  // namespace weft::test
