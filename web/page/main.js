'use strict';
// Puts the page together from the data it carries.

function reportPage(data) {
  const totals = data.totals;
  const parts = [heading(data), ...banners(data), ...data.jobs.flatMap(jobSection)];
  if (data.jobs.length) parts.push(make('h2', {}, 'The run'));
  parts.push(tiles(data));
  if (data.collectives.length)
    parts.push(
      make('h2', {}, 'Collectives'),
      collectiveCharts(data),
      make('p', {class: 'under'}, ofAll(data.collectives.length, totals.collectives, 'collectives') + '; every one is in collectives.csv.'),
      collectiveTable('collectives', data.collectives),
    );
  const faults = data.summary.faults || [];
  if (faults.length)
    parts.push(
      make('h2', {}, 'Links that changed'),
      make('p', {class: 'under'}, (faults.length > 50 ? ofAll(50, faults.length, 'changes') + '; t' : 'T') + 'imes count from the change.'),
      faultTable('links that changed', faults.slice(0, 50)),
    );
  parts.push(make('h2', {}, data.collectives.length ? 'Messages' : 'Flows'), flowCharts(data));
  if (data.ports.length) parts.push(make('h2', {}, 'Links'), linkCharts(data));
  if (data.traces.length) parts.push(make('h2', {}, 'Traces'), traceCharts(data));
  if (totals.series > data.traces.length)
    parts.push(make('p', {class: 'note'}, ofAll(data.traces.length, totals.series, 'traced series') + '; the others are in traces.csv.'));
  if (data.failed.length)
    parts.push(
      make('h2', {}, 'Failed flows'),
      make('p', {class: 'under'}, ofAll(data.failed.length, totals.failed, 'failed flows')),
      flowTable('failed flows', data.failed),
    );
  if (data.slowest.length)
    parts.push(
      make('h2', {}, 'Slowest flows'),
      make(
        'p',
        {class: 'under'},
        ofAll(data.slowest.length, data.summary.flows.measured, 'measured flows') + ', by slowdown; every flow is in flows.csv.',
      ),
      flowTable('slowest flows', data.slowest),
    );
  if (data.ports.length)
    parts.push(
      make('h2', {}, 'Hottest links'),
      make(
        'p',
        {class: 'under'},
        ofAll(data.ports.length, totals.ports, 'ports') + ', one for each direction of a link; every one is in links.csv.',
      ),
      portTable('hottest links', data.ports),
    );
  parts.push(make('h2', {}, 'What was modelled, and what was not'), notes(data), scenarioText(data));
  return parts;
}

function footer() {
  const plain =
    'These are the simple charts that need no bundle. For interactive ones build weft after `npm ci && npm run build` in web/, or run ./quickstart.';
  return make('p', {class: 'foot'}, board.interactive ? 'Charts: point at them for values; hold Ctrl and turn the wheel to zoom.' : plain);
}

(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const page = document.getElementById('page');
  page.append(...(data.page === 'compare' ? comparePage(data) : reportPage(data)), footer());
  board.start();
  document.documentElement.dataset.ready = board.interactive ? 'bundle' : 'plain';
})();
