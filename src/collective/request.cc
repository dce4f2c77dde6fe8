#include "collective/request.hh"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hh"

namespace weft::collective {
namespace {

[[noreturn]] void fail(const Request& request, const std::string& what, const std::string& hint = {}) {
  throw InputError(request.where, std::string(operation_name(request.operation)) + ": " + what, hint);
}

std::string text(std::int64_t value) { return std::to_string(value); }

void check_ranks(const Request& request) {
  if (request.ranks.empty()) fail(request, "no rank takes part");
  std::vector<std::pair<RankId, std::size_t>> sorted;
  for (std::size_t i = 0; i < request.ranks.size(); ++i) {
    if (!request.ranks[i].valid()) fail(request, "position " + std::to_string(i) + " of the group names no rank");
    sorted.emplace_back(request.ranks[i], i);
  }
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].first != sorted[i - 1].first) continue;
    fail(request, "rank " + text(sorted[i].first.v) + " is placed twice, at positions " + std::to_string(sorted[i - 1].second) + " and " +
                      std::to_string(sorted[i].second));
  }
  if (request.operation == Operation::send_receive && request.ranks.size() != 2) {
    fail(request, "needs two ranks, the sender and the receiver; there are " + std::to_string(request.ranks.size()));
  }
}

void check_size(const Request& request, Bytes size, const std::string& name) {
  constexpr std::int64_t most = std::int64_t{1} << 50;
  if (size.v < 0 || size.v > most) fail(request, name + " of " + text(size.v) + " bytes is outside 0 .. 2^50");
  if (size.v % request.element.v != 0) {
    fail(request, name + " of " + text(size.v) + " bytes is no whole number of elements of " + text(request.element.v) + " bytes",
         text(size.v - size.v % request.element.v) + " or " + text(size.v - size.v % request.element.v + request.element.v) + " bytes");
  }
}

void check_sizes(const Request& request) {
  if (request.element.v < 1) fail(request, "an element of " + text(request.element.v) + " bytes");
  check_size(request, request.bytes, "a size");
  if (request.chunk.v != 0) check_size(request, request.chunk, "a chunk");
  for (const Overhead* which : {&request.overhead, &request.inside, &request.between}) {
    const Overhead overhead = *which;
    const std::string shown = "an overhead of " + text(overhead.wire) + "/" + text(overhead.payload);
    if (overhead.payload < 1 || overhead.wire < 1 || std::max(overhead.wire, overhead.payload) > Overhead::most) {
      fail(request, shown, "1/1, or 2/1 for LL, 16/15 for LL128");
    }
    if (overhead.wire < overhead.payload && which != &request.between) fail(request, shown + " takes bytes away", "1/1 or more");
  }
}

void check_matrix(const Request& request) {
  const std::size_t n = request.ranks.size();
  if (request.matrix.empty()) return;
  if (request.operation != Operation::all_to_all) fail(request, "takes no matrix of bytes", "all-to-all does");
  if (request.matrix.size() != n * n) {
    fail(request, "a matrix of " + std::to_string(request.matrix.size()) + " entries for " + std::to_string(n) + " ranks",
         std::to_string(n * n) + " entries");
  }
  for (std::size_t i = 0; i < n * n; ++i) {
    check_size(request, request.matrix[i],
               "the part from rank " + text(request.ranks[i / n].v) + " to rank " + text(request.ranks[i % n].v));
  }
}

void check_by_member(const Request& request, const std::vector<std::uint32_t>& list, const std::string& name) {
  if (list.empty() || list.size() == request.ranks.size()) return;
  fail(request, std::to_string(list.size()) + " " + name + " for " + std::to_string(request.ranks.size()) + " ranks");
}

}  // namespace

std::string_view operation_name(Operation operation) {
  constexpr std::array<std::string_view, 8> names{"all-reduce", "all-gather", "reduce-scatter", "all-to-all",
                                                  "broadcast",  "reduce",     "barrier",        "send-receive"};
  return names[static_cast<std::size_t>(operation)];
}

void check_request(const Request& request) {
  check_ranks(request);
  check_sizes(request);
  check_matrix(request);
  check_by_member(request, request.servers, "servers");
  check_by_member(request, request.rails, "rails");
  if (request.channels < 1 || request.channels > Request::max_channels) {
    fail(request, text(request.channels) + " channels", "1 to " + text(Request::max_channels));
  }
  if (request.root >= request.ranks.size()) {
    fail(request, "the root is position " + text(request.root) + " of a group of " + std::to_string(request.ranks.size()));
  }
}

}  // namespace weft::collective
