'use strict';
// The charts of a report: flows, links, traces. Each takes the page's data and returns a grid of panels.

const share = {name: '', format: (value) => figure(100 * value) + ' %', min: 0, max: 1};

function spread(points) {
  return points.length > 1 && points[0][0] > 0 && points[points.length - 1][0] / points[0][0] > 30;
}

// A distribution is a step function that starts at 0.
function steps(name, points) {
  return {name, step: true, points: points.length ? [[points[0][0], 0], ...points] : []};
}

function flowCharts(data) {
  if (data.fct_cdf.length === 0) return make('p', {class: 'note'}, 'No flow completed inside the measured time.');
  const charts = [
    board.panel(
      'Flow completion time',
      'Share of flows that completed within a time: to the last acknowledgement at the sender, and to the last byte at the receiver.',
      {
        kind: 'lines',
        x: {name: 'time since the start of the flow', format: duration, log: spread(data.fct_cdf)},
        y: share,
        series: [steps('sender', data.fct_cdf), steps('receiver', data.receiver_cdf)],
      },
    ),
  ];
  if (data.slowdown_cdf.length) {
    charts.push(
      board.panel(
        'Slowdown',
        'Share of flows within a slowdown: completion time divided by that of the same flow alone on an idle network.',
        {
          kind: 'lines',
          x: {name: 'slowdown', format: figure, log: spread(data.slowdown_cdf)},
          y: share,
          series: [steps('flows', data.slowdown_cdf)],
        },
      ),
    );
  }
  if (data.sizes.length) {
    charts.push(
      board.panel(
        'Slowdown against size',
        'One dot a flow' +
          (data.sizes.length < data.summary.flows.measured
            ? ` (${whole(data.sizes.length)} of ${whole(data.summary.flows.measured)}, evenly chosen).`
            : '.'),
        {
          kind: 'points',
          x: {name: 'size', format: bytes, log: true},
          y: {name: 'slowdown', format: figure},
          series: [{name: 'flows', points: data.sizes}],
        },
        {wide: true},
      ),
    );
  }
  return make('div', {class: 'grid'}, charts);
}

function portBars(title, note, ports, value, format, wide) {
  return board.panel(
    title,
    note,
    {
      kind: 'bars',
      horizontal: true,
      categories: ports.map((port) => port.from + ' > ' + port.to),
      x: {format},
      series: [{name: title, values: ports.map(value)}],
    },
    {height: Math.max(120, 24 + 20 * ports.length), wide},
  );
}

function linkCharts(data) {
  const bins = data.tiers.length ? data.tiers[0].histogram.length : 0;
  const charts = [];
  if (bins) {
    charts.push(
      board.panel(
        'Link utilisation by tier',
        'Share of the ports of a tier at each level of use over the whole run: ' +
          data.tiers.map((tier) => `${tier.name} mean ${percent(tier.mean)}, most ${percent(tier.max)}`).join('; ') +
          '.' + onlySimulated(data),
        {
          kind: 'bars',
          x: {name: 'utilisation'},
          y: {format: share.format},
          categories: Array.from({length: bins}, (unused, i) => `${(100 * i) / bins}\u2013${(100 * (i + 1)) / bins}\u00a0%`),
          series: data.tiers.map((tier) => ({name: tier.name, values: tier.histogram.map((count) => count / tier.ports)})),
        },
        {wide: true},
      ),
    );
  }
  for (const map of data.heatmaps) {
    charts.push(
      board.panel(
        'Utilisation, ' + map.name,
        'One cell a port: from the switch of the row to the one of the column.',
        {kind: 'heat', rows: map.rows, columns: map.columns, cells: map.cells, max: 1, format: percent},
        {wide: map.columns.length > 40, height: Math.min(560, Math.max(200, 70 + 12 * map.rows.length))},
      ),
    );
  }
  const alone = !data.deepest.length || !data.paused.length;
  const depth = (port) => port.max_queue_bytes;
  const paused = (port) => port.paused_us;
  if (data.deepest.length)
    charts.push(portBars('Deepest queues', 'The most bytes that ever waited at a port.', data.deepest, depth, bytes, alone));
  if (data.paused.length) {
    charts.push(
      portBars('Most paused ports', 'How long some class of the port was stopped by the neighbour.', data.paused, paused, duration, alone),
    );
  }
  return make('div', {class: 'grid'}, charts);
}

function traceCharts(data) {
  const groups = new Map();
  for (const trace of data.traces) {
    const key = trace.what + ' (' + trace.unit + ')';
    groups.set(key, [...(groups.get(key) || []), trace]);
  }
  const format = {'Gb/s': rate, bytes};
  return make(
    'div',
    {class: 'grid'},
    [...groups].map(([key, traces]) =>
      board.panel(
        traces[0].what[0].toUpperCase() + traces[0].what.slice(1) + ' over time',
        counted(traces.length, 'series', 'series') + ' in ' + traces[0].unit + '.',
        {
          kind: 'lines',
          x: {name: 'simulated time', format: duration},
          y: {format: format[traces[0].unit] || figure},
          series: traces.map((trace) => ({name: trace.name, points: trace.points, step: trace.what === 'rate'})),
        },
        {wide: true},
      ),
    ),
  );
}
