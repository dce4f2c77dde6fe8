'use strict';
// The sections of a report, from top to bottom. Each takes the page's data and returns elements, or nothing when it has
// nothing to say.

const statusWords = {
  done: ['good', 'done'],
  stuck: ['bad', 'stuck: unfinished'],
  interrupted: ['warn', 'interrupted: results so far'],
};

function heading(data) {
  const {scenario, summary} = data;
  const [tone, words] = statusWords[summary.status] || ['warn', summary.status];
  const facts = [scenario.file, 'seed ' + summary.seed, 'weft ' + summary.weft_version, 'state hash ' + summary.state_hash];
  return make('header', {}, make('div', {class: 'head'}, make('h1', {}, summary.scenario), make('span', {class: 'badge ' + tone}, words)),
    make('p', {class: 'under'}, facts.filter(Boolean).join(' \u00b7 ')));
}

// Follows the waits from the first waiter; a chain that comes back to its start is a cyclic wait.
function waitChain(waits) {
  const next = new Map(waits.map((wait) => [wait.waiter, wait.waits_for]));
  const path = [waits[0].waiter];
  while (next.has(path[path.length - 1]) && path.length < 20) {
    const name = next.get(path[path.length - 1]);
    path.push(name);
    if (path.indexOf(name) < path.length - 1) break;
  }
  const cyclic = path.indexOf(path[path.length - 1]) < path.length - 1;
  return (cyclic ? 'Cyclic wait: ' : 'Chain: ') + path.join(' \u2192 ');
}

function banners(data) {
  const {status, status_reason: reason, warnings, waits} = data.summary;
  const found = [];
  if (status !== 'done' || waits.length > 0) {
    const title = status === 'stuck' ? 'The run got stuck' : status === 'interrupted' ? 'The run was interrupted' : 'A wait was seen';
    found.push(make('section', {class: 'banner ' + (status === 'interrupted' ? 'warn' : 'bad')}, make('h3', {}, title),
      reason ? make('p', {}, reason) : null,
      waits.length ? make('ul', {}, waits.slice(0, 50).map((wait) => make('li', {}, `${wait.waiter} waits for ${wait.waits_for}: ${wait.reason}`))) : null,
      waits.length > 50 ? make('p', {}, `and ${whole(waits.length - 50)} more in summary.json`) : null,
      waits.length ? make('p', {class: 'chain'}, waitChain(waits)) : null));
  }
  if (warnings.length) {
    found.push(make('section', {class: 'banner warn'}, make('h3', {}, warnings.length === 1 ? 'Warning' : 'Warnings'),
      make('ul', {}, warnings.slice(0, 50).map((text) => make('li', {}, text))),
      warnings.length > 50 ? make('p', {}, `and ${whole(warnings.length - 50)} more in summary.json`) : null));
  }
  return found;
}

function tile(what, value, more, tone) {
  return make('div', {class: 'tile'}, make('div', {class: 'what'}, what), make('div', {class: 'value ' + (tone || '')}, value),
    make('div', {class: 'more'}, more));
}

function tiles(data) {
  const s = data.summary;
  const fct = s.flows.fct_us;
  const slow = s.flows.slowdown;
  const by = s.drops_by_reason;
  const reasons = [[by.buffer, 'no buffer'], [by.loss, 'bit errors'], [by.down, 'link down'], [by.no_route, 'no route']]
    .filter(([count]) => count > 0).map(([count, why]) => whole(count) + ' ' + why);
  const unfinished = s.flows.count - s.flows.completed;
  return make('section', {class: 'tiles', 'aria-label': 'headline figures'},
    tile('flows completed', `${whole(s.flows.completed)} of ${whole(s.flows.count)}`,
      (s.flows.failed ? `${whole(s.flows.failed)} failed, ` : '') + `in ${duration(1e6 * s.simulated_time_s)} simulated`, unfinished ? 'bad' : ''),
    tile('flow completion time, p99', duration(fct.p99), `min ${duration(fct.min)}, mean ${duration(fct.mean)}, p50 ${duration(fct.p50)}, max ${duration(fct.max)}`),
    tile('slowdown, p99', figure(slow.p99), `min ${figure(slow.min)}, mean ${figure(slow.mean)}, p50 ${figure(slow.p50)}, max ${figure(slow.max)}`),
    tile('goodput', rate(s.goodput_gbps), 'payload delivered over simulated time'),
    tile('drops', whole(s.drops), reasons.join(', ') || 'no packet was lost', s.drops ? 'warn' : ''),
    tile('retransmissions', whole(s.retransmissions), counted(s.trims, 'packet') + ' trimmed', s.retransmissions ? 'warn' : ''),
    tile('ECN marks', whole(s.ecn_marks), 'packets marked by switches'),
    tile('pauses', whole(s.pauses), 'XOFF that stopped a running class'),
    tile('simulation speed', large(s.packet_hops_per_s), `packet-hops a second; ${large(s.packet_hops)} in ${figure(s.run_s)} s on ${counted(s.threads, 'thread')}`),
    tile('memory', bytes(s.peak_rss_bytes), `at most; set-up took ${figure(s.setup_s)} s`));
}

const share = {name: '', format: (value) => figure(100 * value) + ' %', min: 0, max: 1};

function spread(points) {
  return points.length > 1 && points[0][0] > 0 && points[points.length - 1][0] / points[0][0] > 30;
}

function flowCharts(data) {
  if (data.fct_cdf.length === 0) return make('p', {class: 'note'}, 'No flow completed inside the measured time.');
  const charts = [board.panel('Flow completion time', 'Share of flows that completed within a time: to the last acknowledgement at the sender, and to the last byte at the receiver.',
    {kind: 'lines', x: {name: 'time since the start of the flow', format: duration, log: spread(data.fct_cdf)}, y: share,
      series: [{name: 'sender', points: data.fct_cdf}, {name: 'receiver', points: data.receiver_cdf}]})];
  if (data.slowdown_cdf.length) {
    charts.push(board.panel('Slowdown', 'Share of flows within a slowdown: completion time divided by that of the same flow alone on an idle network.',
      {kind: 'lines', x: {name: 'slowdown', format: figure, log: spread(data.slowdown_cdf)}, y: share, series: [{name: 'flows', points: data.slowdown_cdf}]}));
  }
  if (data.sizes.length) {
    charts.push(board.panel('Slowdown against size', 'One dot a flow' + (data.sizes.length < data.summary.flows.measured ? ` (${whole(data.sizes.length)} of ${whole(data.summary.flows.measured)}, evenly chosen).` : '.'),
      {kind: 'points', x: {name: 'size', format: bytes, log: true}, y: {name: 'slowdown', format: figure}, series: [{name: 'flows', points: data.sizes}]}, {wide: true}));
  }
  return make('div', {class: 'grid'}, charts);
}

function portBars(title, note, ports, value, format) {
  return board.panel(title, note, {kind: 'bars', horizontal: true, categories: ports.map((port) => port.from + ' > ' + port.to), x: {format},
    series: [{name: title, values: ports.map(value)}]}, {height: Math.max(120, 24 + 20 * ports.length)});
}

function linkCharts(data) {
  const bins = data.tiers.length ? data.tiers[0].histogram.length : 0;
  const charts = [];
  if (bins) {
    charts.push(board.panel('Link utilisation by tier', 'Share of the ports of a tier at each level of use over the whole run: '
      + data.tiers.map((tier) => `${tier.name} mean ${percent(tier.mean)}, most ${percent(tier.max)}`).join('; ') + '.',
    {kind: 'bars', x: {name: 'utilisation'}, y: {format: share.format}, categories: Array.from({length: bins}, (unused, i) => `${100 * i / bins}\u2013${100 * (i + 1) / bins}\u00a0%`),
      series: data.tiers.map((tier) => ({name: tier.name, values: tier.histogram.map((count) => count / tier.ports)}))}, {wide: true}));
  }
  for (const map of data.heatmaps) {
    charts.push(board.panel('Utilisation, ' + map.name, 'One cell a port: from the switch of the row to the one of the column.',
      {kind: 'heat', rows: map.rows, columns: map.columns, cells: map.cells, max: 1, format: percent},
      {wide: map.columns.length > 40, height: Math.min(560, Math.max(200, 70 + 12 * map.rows.length))}));
  }
  if (data.deepest.length) charts.push(portBars('Deepest queues', 'The most bytes that ever waited at a port.', data.deepest, (port) => port.max_queue_bytes, bytes));
  if (data.paused.length) charts.push(portBars('Most paused ports', 'How long some class of the port was stopped by the neighbour.', data.paused, (port) => port.paused_us, duration));
  return make('div', {class: 'grid'}, charts);
}

function traceCharts(data) {
  const groups = new Map();
  for (const trace of data.traces) {
    const key = trace.what + ' (' + trace.unit + ')';
    groups.set(key, [...(groups.get(key) || []), trace]);
  }
  const format = {'Gb/s': rate, bytes};
  return make('div', {class: 'grid'}, [...groups].map(([key, traces]) => board.panel(traces[0].what[0].toUpperCase() + traces[0].what.slice(1) + ' over time',
    counted(traces.length, 'series', 'series') + ' in ' + traces[0].unit + '.',
    {kind: 'lines', x: {name: 'simulated time', format: duration}, y: {format: format[traces[0].unit] || figure},
      series: traces.map((trace) => ({name: trace.name, points: trace.points}))}, {wide: true})));
}

function ofAll(shown, total, what) {
  return shown < total ? `${whole(shown)} of ${whole(total)} ${what}` : `all ${whole(total)} ${what}`;
}

function notes(data) {
  const texts = data.summary.notes.length ? data.summary.notes : ['This run left no notes.'];
  return make('ul', {class: 'notes'}, texts.map((text) => make('li', {}, text)));
}

function scenarioText(data) {
  return make('details', {}, make('summary', {}, 'The scenario as it was run'), make('pre', {}, make('code', {}, data.scenario.text)));
}
