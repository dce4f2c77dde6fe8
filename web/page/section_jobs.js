'use strict';
// The part of a report that is about jobs: what an iteration takes and what communication costs it.

function jobTiles(job) {
  const share = (part) => (job.iteration_us ? ' (' + percent(part / job.iteration_us) + ')' : '');
  const tile = (what, value, more) =>
    make('div', {class: 'tile'}, make('div', {class: 'what'}, what), make('div', {class: 'value'}, value), make('div', {class: 'more'}, more));
  if (job.iteration_us === null) return make('p', {class: 'note'}, 'No iteration ended.');
  return make(
    'div',
    {class: 'tiles'},
    tile('iteration', duration(job.iteration_us), `mean of ${whole(job.iterations)}, ${whole(job.ranks)} GPUs`),
    tile('computing', duration(job.compute_us), 'mean of the ranks' + share(job.compute_us)),
    tile('communication not hidden, and waiting', duration(job.exposed_us), 'the rest of the iteration' + share(job.exposed_us)),
  );
}

function jobGantt(job) {
  const spans = job.spans;
  if (spans.length === 0) return null;
  const end = Math.max(...spans.map((span) => span[4]));
  const rows = job.shown.map((rank, i) => `rank ${rank}, host ${job.hosts[i]}`);
  return make(
    'section',
    {class: 'panel wide'},
    make('h3', {}, 'First iteration'),
    make(
      'p',
      {class: 'note'},
      `${whole(rows.length)} of ${whole(job.ranks)} ranks. Upper half of a row: computing (grey: not simulated, as long as the simulated part says). ` +
        'Lower half: communication, from the moment the rank is ready for it. Point at a bar for its name.',
    ),
    ganttLegend({spans, labels: job.labels}),
    make('div', {class: 'gantt'}, gantt({rows, spans, labels: job.labels, end})),
  );
}

function costBars(job) {
  if (job.costs.length === 0) return null;
  return board.panel(
    'Communication of an iteration, by label',
    'Time in which a rank takes part in it: hidden behind computing, or exposed. Mean of the ranks; labels may overlap each other.',
    {
      kind: 'bars',
      horizontal: true,
      labels: 'long',
      categories: job.costs.map((cost) => cost.label),
      x: {format: duration},
      series: [
        {name: 'exposed', values: job.costs.map((cost) => cost.exposed_us)},
        {name: 'hidden', values: job.costs.map((cost) => cost.hidden_us)},
      ],
    },
    {height: Math.max(140, 40 + 44 * job.costs.length), wide: true},
  );
}

// What was not simulated in full leaves the network idle meanwhile.
function onlySimulated(data) {
  return data.jobs.some((job) => job.scaled.length) ? ' What was not simulated (see "Scaled down") does not count: links look less used than they would be.' : '';
}

function jobSection(job) {
  const charts = [jobGantt(job), costBars(job)].filter(Boolean);
  const parts = [make('h2', {}, 'Job ' + job.name), jobTiles(job)];
  if (job.scaled.length)
    parts.push(
      make('div', {class: 'banner warn'}, make('h3', {}, 'Scaled down'), make('ul', {}, job.scaled.map((line) => make('li', {}, line)))),
    );
  if (charts.length) parts.push(make('div', {class: 'grid jobs'}, charts));
  return parts;
}

function collectiveCharts(data) {
  const name = (c) => `${c.label === c.operation ? '' : c.label + ', '}${c.operation} (${c.algorithm}), ${whole(c.ranks)} ranks, ${bytes(c.bytes)}`;
  const charts = [];
  if (data.alike.length)
    charts.push(
      board.panel(
        'Bus bandwidth by collective',
        'As NCCL defines busbw, mean of those that are alike; those that took most time in all come first.',
        {
          kind: 'bars',
              horizontal: true,
          labels: 'long',
          categories: data.alike.map(name),
          x: {format: (value) => figure(value) + ' GB/s'},
          series: [{name: 'busbw', values: data.alike.map((c) => c.busbw)}],
        },
        {height: Math.max(120, 24 + 24 * data.alike.length), wide: true},
      ),
    );
  const loads = data.loads.filter((load) => load.points.length > 1);
  if (loads.length)
    charts.push(
      board.panel(
        'Link utilisation over time, by tier',
        'What all links of a tier carried together, over what they could have carried.' + onlySimulated(data),
        {
          kind: 'lines',
          x: {name: 'simulated time', format: duration},
          y: {format: percent, min: 0, max: 1},
          series: loads.map((load) => ({name: load.name, points: load.points, step: true})),
        },
        {wide: true},
      ),
    );
  return make('div', {class: 'grid'}, charts);
}
