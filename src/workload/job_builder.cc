#include "workload/job_builder.hh"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/check.hh"
#include "base/error.hh"
#include "workload/number.hh"

namespace weft {

using collective::Front;
using collective::Operation;
using collective::RankId;
using collective::Request;
using collective::Task;
using collective::TaskId;
using collective::TaskKind;

namespace {

bool algorithm_exists(Operation operation, const std::string& name) {
  const auto names = collective::algorithm_names(operation);
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Parts of a limited collective: an eighth, two and five of the limit; they must divide as the whole does.
constexpr std::array part_eighths{1, 2, 5};

// What is simulated: the three parts, or all of it where that is not much more.
std::vector<Bytes> parts_of(Bytes bytes, Bytes limit, std::size_t ranks) {
  const std::int64_t unit = static_cast<std::int64_t>(ranks) * 256;
  if (limit.v == 0 || bytes.v <= limit.v + limit.v / 2 || bytes.v <= 16 * unit) return {bytes};
  std::vector<Bytes> parts;
  for (const int eighths : part_eighths) parts.push_back({std::max<std::int64_t>(limit.v / 8 / unit, 1) * unit * eighths});
  return parts;
}

// Algorithms that need no servers, and follow them where they are known.
bool in_one_line(const std::string& algorithm) { return algorithm == "ring" || algorithm == "tree" || algorithm == "direct"; }

// The simulated part of one entry of a matrix.
Bytes share(Bytes entry, Bytes part, Bytes whole) {
  if (part == whole) return entry;
  return {static_cast<std::int64_t>(static_cast<__int128>(entry.v) * part.v / whole.v)};
}

}  // namespace

JobBuilder::JobBuilder(JobSettings settings) : settings_(std::move(settings)), tails_(settings_.hosts.size() * (max_stream + 1), TaskId{}) {
  std::vector<std::uint32_t> sorted = settings_.hosts;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) {
    throw InputError(settings_.where, "two ranks are placed on host " + number(*twice), "a host is the place of one rank");
  }
  record_.name = settings_.name;
  record_.hosts = settings_.hosts;
  record_.compute.resize(ranks());
  for (std::uint32_t rank = 0; rank < ranks(); ++rank) jitter_.emplace_back(mix64(settings_.random_key + rank));
}

LabelId JobBuilder::label(const std::string& text) {
  const auto [found, added] = label_ids_.emplace(text, static_cast<std::uint32_t>(record_.labels.size()));
  if (added) record_.labels.push_back(text);
  return {found->second};
}

Duration JobBuilder::skewed(std::uint32_t rank, Duration time) {
  const auto slow = settings_.slowness.find(rank);
  if (slow != settings_.slowness.end()) time.v = time.v / 1000 * slow->second + time.v % 1000 * slow->second / 1000;
  if (settings_.jitter == 0) return time;
  const std::int64_t draw = static_cast<std::int64_t>(jitter_[rank].below(2 * std::uint64_t{settings_.jitter} * 1000 + 1));
  const std::int64_t millionths = draw - std::int64_t{settings_.jitter} * 1000;
  return {time.v + time.v / 1'000'000 * millionths + time.v % 1'000'000 * millionths / 1'000'000};
}

TaskId JobBuilder::compute(std::uint32_t rank, Duration time, LabelId label, std::span<const TaskId> after) {
  time = skewed(rank, time);
  const TaskId task = work_.graph.add(collective::compute(host(rank), time), after);
  record_.spans.push_back({task, task, rank, label, SpanKind::compute});
  count_compute(rank, time);
  return task;
}

TaskId JobBuilder::compute(std::uint32_t rank, Duration time, LabelId label) {
  TaskId& end = tail(rank, compute_stream);
  const TaskId before = end;
  end = compute(rank, time, label, std::span(&before, 1));
  return end;
}

TaskId JobBuilder::send(std::uint32_t from, std::uint32_t to, Bytes bytes, LabelId label, std::span<const TaskId> after) {
  const TaskId ready = join(from, after);
  const TaskId task = work_.graph.add(collective::transfer(host(from), host(to), bytes), {ready});
  const TaskId arrived = join(to, std::span(&task, 1));
  record_.spans.push_back({ready, arrived, to, label, SpanKind::communication});
  return task;
}

TaskId JobBuilder::join(std::uint32_t rank, std::span<const TaskId> after) { return work_.graph.add(collective::join(host(rank)), after); }

TaskId JobBuilder::pass_time(std::uint32_t rank, Duration time, std::span<const TaskId> after) {
  return work_.graph.add(collective::delay(host(rank), time), after);
}

void JobBuilder::wait(std::uint32_t rank, TaskId task, std::uint8_t stream) {
  TaskId& end = tail(rank, stream);
  if (!task.valid() || task == end) return;
  end = work_.graph.add(collective::join(host(rank)), {end, task});
}

TaskId JobBuilder::mark(std::uint32_t rank, std::uint8_t stream) {
  TaskId& end = tail(rank, stream);
  end = work_.graph.add(collective::join(host(rank)), {end});
  return end;
}

TaskId JobBuilder::add_extension(std::uint32_t rank, TaskId since, std::span<const TaskId> after, std::uint64_t more, std::uint64_t done) {
  CHECK(since.valid());
  CHECK(done > 0);
  const unsigned __int128 millionths = static_cast<unsigned __int128>(more) * 1'000'000 / done;
  CHECK(millionths < (std::uint64_t{1} << 40U), "more", more, "done", done);
  std::vector<TaskId> dependencies{since};
  dependencies.insert(dependencies.end(), after.begin(), after.end());
  return work_.graph.add(collective::extend(host(rank), static_cast<std::int64_t>(millionths)), dependencies);
}

TaskId JobBuilder::extend(std::uint32_t rank, TaskId since, std::uint64_t more, std::uint64_t done, std::uint8_t stream) {
  TaskId& end = tail(rank, stream);
  if (more == 0) return end;
  const TaskId before = mark(rank, stream);
  end = add_extension(rank, since, std::span(&before, 1), more, done);
  record_.spans.push_back({before, end, rank, label("not simulated: " + number(more) + " more of " + number(done)), SpanKind::extension});
  return end;
}

// Rings follow the topology: by host.
std::vector<std::uint32_t> JobBuilder::member_order(const JobCollective& what) const {
  std::vector<std::uint32_t> order(what.ranks.size());
  std::iota(order.begin(), order.end(), 0U);
  if (settings_.ranks_in_order || what.operation == Operation::send_receive) return order;
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return settings_.hosts[what.ranks[a]] < settings_.hosts[what.ranks[b]]; });
  return order;
}

Request JobBuilder::request_for(const JobCollective& what, const std::vector<std::uint32_t>& order, Bytes part,
                                CollectiveSpan& span) const {
  Request request;
  request.where = settings_.where;
  request.operation = what.operation;
  request.bytes = part;
  request.channels = settings_.channels;
  request.chunk = settings_.chunk;
  request.parallel = settings_.parallel;
  for (std::uint32_t position = 0; position < order.size(); ++position) {
    const RankId member = host(what.ranks[order[position]]);
    request.ranks.push_back(member);
    if (order[position] == what.root) request.root = position;
    if (settings_.gpus_per_server == 0) continue;
    request.servers.push_back(member.v / settings_.gpus_per_server);
    request.rails.push_back(member.v % settings_.gpus_per_server);
  }
  const std::size_t n = order.size();
  for (std::size_t i = 0; i < n && !what.matrix.empty(); ++i) {
    for (std::size_t j = 0; j < n; ++j) request.matrix.push_back(share(what.matrix[order[i] * n + order[j]], part, span.bytes));
  }
  pick_algorithm(request, what, span);
  collective::apply(settings_.efficiencies, request);
  if (settings_.ranks_in_order && in_one_line(request.algorithm)) {  // servers known to a ring would put it in their order
    request.servers.clear();
    request.rails.clear();
  }
  span.algorithm = request.algorithm;
  return request;
}

void JobBuilder::pick_algorithm(Request& request, const JobCollective& what, CollectiveSpan& span) const {
  const auto set = settings_.algorithms.find(what.operation);
  request.algorithm = !what.algorithm.empty() ? what.algorithm : set != settings_.algorithms.end() ? set->second : "auto";
  if (request.algorithm != "auto") return;
  const auto names = collective::algorithm_names(what.operation);
  if (names.size() == 1 || what.ranks.size() < 2) {
    request.algorithm = names.front();
    return;
  }
  Request whole = request;
  whole.bytes = span.bytes;
  const collective::Choice choice = collective::choose(whole, settings_.machine);
  CHECK(algorithm_exists(what.operation, choice.algorithm), "algorithm", choice.algorithm);
  request.algorithm = choice.algorithm;
  request.overhead = collective::protocol_overhead(choice.protocol);
  span.why = choice.why;
}

// At each member: its stream is free and what it waits for is done; then the launch.
Front JobBuilder::begin_at_members(const JobCollective& what) {
  Front begun;
  for (std::uint32_t member = 0; member < what.ranks.size(); ++member) {
    const std::uint32_t rank = what.ranks[member];
    const TaskId after = what.after.empty() ? TaskId{} : what.after[member];
    begun.push_back(work_.graph.add(collective::join(host(rank)), {tail(rank, what.stream), after}));
  }
  return begun;
}

// The part's tasks between what `before` and what it returns name, both by member.
Front JobBuilder::append_part(const JobCollective& what, const std::vector<std::uint32_t>& order, Bytes part, const Front& before,
                              CollectiveSpan& span) {
  Front after;
  for (const std::uint32_t member : order) after.push_back(before[member]);
  const Front done = collective::append(work_.graph, request_for(what, order, part, span), after);
  Front ends(order.size());
  for (std::uint32_t position = 0; position < order.size(); ++position) {
    const std::uint32_t member = order[position];
    ends[member] = done[position].valid() ? done[position] : before[member];
  }
  return ends;
}

// What begins at this end must be able to count from it: a message that it sent would be done elsewhere.
void JobBuilder::join_ends(const JobCollective& what, Front& ends) {
  for (std::uint32_t member = 0; member < ends.size(); ++member) ends[member] = join(what.ranks[member], std::span(&ends[member], 1));
}

Front JobBuilder::collective(const JobCollective& what) {
  const std::size_t n = what.ranks.size();
  CHECK(what.stream <= max_stream);
  CHECK(what.after.empty() || what.after.size() == n, "after", what.after.size(), "members", n);
  CollectiveSpan span{.operation = what.operation, .bytes = what.bytes, .simulated = {}, .ranks = static_cast<std::uint32_t>(n)};
  span.label = what.label;
  span.begin = static_cast<std::uint32_t>(work_.graph.size());
  const Front begun = begin_at_members(what);
  Front ends = begun;
  for (std::uint32_t member = 0; member < n && settings_.launch.v > 0; ++member) {
    ends[member] = work_.graph.add(collective::delay(host(what.ranks[member]), settings_.launch), {begun[member]});
  }
  const std::vector<std::uint32_t> order = member_order(what);
  const std::vector<Bytes> parts = parts_of(what.bytes, settings_.message_limit, n);
  std::vector<Front> marks;
  for (const Bytes part : parts) {
    ends = append_part(what, order, part, ends, span);
    span.simulated += part;
    // A copy that many members get is one task, and no mark.
    if (parts.size() > 1 || work_.graph.switch_count() > 0) join_ends(what, ends);
    marks.push_back(ends);
  }
  if (parts.size() > 1) extrapolate(what, parts, marks, ends);
  for (std::uint32_t member = 0; member < n; ++member) {
    record_.spans.push_back({begun[member], ends[member], what.ranks[member], what.label, SpanKind::communication});
    tail(what.ranks[member], what.stream) = ends[member];
  }
  span.end = static_cast<std::uint32_t>(work_.graph.size());
  record_.collectives.push_back(std::move(span));
  return ends;
}

// See collective/extension.hh.
void JobBuilder::extrapolate(const JobCollective& what, const std::vector<Bytes>& parts, const std::vector<Front>& marks, Front& ends) {
  limited_ = true;
  const auto more = static_cast<__int128>((what.bytes - parts[0] + parts[1] - parts[2]).v) * 1'000'000;
  const auto millionths = static_cast<std::int64_t>(more / (parts[2] - parts[1]).v);
  for (std::uint32_t member = 0; member < ends.size(); ++member) {
    ends[member] = work_.graph.add(collective::extrapolate(host(what.ranks[member]), millionths),
                                   {marks[0][member], marks[1][member], marks[2][member]});
  }
}

void JobBuilder::end_iteration() {
  for (std::uint32_t rank = 0; rank < ranks(); ++rank) {
    const auto streams = std::span(tails_).subspan(rank * (std::size_t{max_stream} + 1), max_stream + 1);
    const TaskId end = join(rank, streams);
    std::fill(streams.begin(), streams.end(), end);
    record_.iteration_ends.push_back(end);
  }
}

TaskWork JobBuilder::finish() {
  if (limited_) {
    record_.scaled.push_back("of collectives above " + number(static_cast<std::uint64_t>(settings_.message_limit.v)) +
                             " bytes so much was simulated, in three parts; the rest took its ranks as long as these parts' pace says");
  }
  work_.local_rate = settings_.local_rate;
  work_.job = std::move(record_);
  return std::move(work_);
}

}  // namespace weft
