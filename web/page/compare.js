'use strict';
// The page of `weft compare`: the same figures of two runs side by side, and both distributions in one chart.

function comparisonRows(a, b) {
  const rows = [];
  const add = (name, pick, format) => rows.push({name, a: pick(a), b: pick(b), format});
  for (const key of ['min', 'mean', 'p50', 'p99', 'max']) add('FCT ' + key, (s) => s.flows.fct_us[key], duration);
  for (const key of ['mean', 'p50', 'p99', 'max']) add('slowdown ' + key, (s) => s.flows.slowdown[key], figure);
  add('flows completed', (s) => s.flows.completed, whole);
  add('goodput', (s) => s.goodput_gbps, rate);
  for (const key of ['drops', 'trims', 'ecn_marks', 'pauses', 'retransmissions']) add(key.replace('_', ' '), (s) => s[key], whole);
  add('simulated time', (s) => 1e6 * s.simulated_time_s, duration);
  add('packet-hops a second', (s) => s.packet_hops_per_s, large);
  return rows;
}

function comparePage(data) {
  const [a, b] = data.runs;
  const same = a.summary.state_hash === b.summary.state_hash;
  const rows = comparisonRows(a.summary, b.summary);
  const ratio = (row) => (row.a > 0 && row.b !== null ? figure(row.b / row.a) : '\u2013');
  return [
    make(
      'header',
      {},
      make(
        'div',
        {class: 'head'},
        make('h1', {}, `${a.name} and ${b.name}`),
        make('span', {class: 'badge ' + (same ? 'good' : 'warn')}, same ? 'same state hash' : 'different state hash'),
      ),
      make(
        'p',
        {class: 'under'},
        `${a.name}: ${a.summary.scenario}, seed ${a.summary.seed}, ${a.summary.status} \u00b7 ${b.name}: ${b.summary.scenario}, seed ${b.summary.seed}, ${b.summary.status}`,
      ),
    ),
    make('h2', {}, 'Flow completion times'),
    make(
      'div',
      {class: 'grid'},
      board.panel(
        'Flow completion time',
        'Share of measured flows that completed within a time, to the last acknowledgement at the sender.',
        {
          kind: 'lines',
          x: {name: 'time since the start of the flow', format: duration, log: data.runs.some((run) => spread(run.fct_cdf))},
          y: share,
          series: data.runs.map((run) => steps(run.name, run.fct_cdf)),
        },
        {wide: true, height: 380},
      ),
    ),
    make('h2', {}, 'Figures'),
    table(
      'figures of both runs',
      [
        {name: 'figure', text: true, cell: (row) => row.name},
        {name: a.name, cell: (row) => row.format(row.a)},
        {name: b.name, cell: (row) => row.format(row.b)},
        {name: 'second / first', cell: ratio},
      ],
      rows,
      true,
    ),
  ];
}
