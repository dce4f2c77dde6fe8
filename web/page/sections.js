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
  const failed = summary.flows.failed;
  const [tone, words] = summary.status === 'done' && failed ? ['bad', counted(failed, 'flow') + ' failed'] : statusWords[summary.status];
  const facts = [scenario.file, 'seed ' + summary.seed, 'weft ' + summary.weft_version, 'state hash ' + summary.state_hash];
  return make(
    'header',
    {},
    make('div', {class: 'head'}, make('h1', {}, summary.scenario === 'unnamed' && scenario.file ? scenario.file : summary.scenario), make('span', {class: 'badge ' + tone}, words)),
    make('p', {class: 'under'}, facts.filter(Boolean).join(' \u00b7 ')),
  );
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
    found.push(
      make(
        'section',
        {class: 'banner ' + (status === 'interrupted' ? 'warn' : 'bad')},
        make('h3', {}, title),
        reason ? make('p', {}, reason) : null,
        waits.length
          ? make(
              'ul',
              {},
              waits.slice(0, 50).map((wait) => make('li', {}, `${wait.waiter} waits for ${wait.waits_for}: ${wait.reason}`)),
            )
          : null,
        waits.length > 50 ? make('p', {}, `and ${whole(waits.length - 50)} more in summary.json`) : null,
        waits.length ? make('p', {class: 'chain'}, waitChain(waits)) : null,
      ),
    );
  }
  if (data.failed.length) {
    const {src, dst, error} = data.failed[0];
    found.push(
      make(
        'section',
        {class: 'banner bad'},
        make('h3', {}, counted(data.totals.failed, 'flow') + ' failed'),
        make('p', {}, `The first, from host ${src} to host ${dst}: ${error || 'without a word'}`),
      ),
    );
  }
  if (warnings.length) {
    found.push(
      make(
        'section',
        {class: 'banner warn'},
        make('h3', {}, warnings.length === 1 ? 'Warning' : 'Warnings'),
        make(
          'ul',
          {},
          warnings.slice(0, 50).map((text) => make('li', {}, text)),
        ),
        warnings.length > 50 ? make('p', {}, `and ${whole(warnings.length - 50)} more in summary.json`) : null,
      ),
    );
  }
  return found;
}

function tile(what, value, more, tone) {
  return make(
    'div',
    {class: 'tile'},
    make('div', {class: 'what'}, what),
    make('div', {class: 'value ' + (tone || '')}, value),
    make('div', {class: 'more'}, more),
  );
}

function tiles(data) {
  const s = data.summary;
  const fct = s.flows.fct_us;
  const slow = s.flows.slowdown;
  const by = s.drops_by_reason;
  const reasons = [
    [by.buffer, 'no buffer'],
    [by.loss, 'random losses'],
    [by.corrupted, 'bit errors'],
    [by.down, 'link down'],
    [by.no_route, 'no route'],
    [by.order, 'too late for the order'],
  ]
    .filter(([count]) => count > 0)
    .map(([count, why]) => whole(count) + ' ' + why);
  const unfinished = s.flows.count - s.flows.completed;
  return make(
    'section',
    {class: 'tiles', 'aria-label': 'headline figures'},
    tile(
      'flows completed',
      whole(s.flows.completed),
      `of ${whole(s.flows.count)}` +
        (s.flows.failed ? `, ${whole(s.flows.failed)} failed` : '') +
        `; in ${duration(1e6 * s.simulated_time_s)} simulated`,
      unfinished ? 'bad' : '',
    ),
    tile(
      'flow completion time, p99',
      duration(fct.p99),
      `min ${duration(fct.min)}, mean ${duration(fct.mean)}, p50 ${duration(fct.p50)}, max ${duration(fct.max)}`,
    ),
    tile(
      'slowdown, p99',
      figure(slow.p99),
      `min ${figure(slow.min)}, mean ${figure(slow.mean)}, p50 ${figure(slow.p50)}, max ${figure(slow.max)}`,
    ),
    tile('goodput', rate(s.goodput_gbps), 'payload delivered over simulated time' + (data.jobs.some((job) => job.scaled.length) ? ', as far as it was simulated' : '')),
    tile('drops', whole(s.drops), reasons.join(', ') || 'no packet was lost', s.drops ? 'warn' : ''),
    tile('retransmissions', whole(s.retransmissions), counted(s.trims, 'packet') + ' trimmed', s.retransmissions ? 'warn' : ''),
    tile('ECN marks', whole(s.ecn_marks), 'packets marked by switches'),
    tile('pauses', whole(s.pauses), 'XOFF that stopped a running class'),
    tile(
      'simulation speed',
      large(s.packet_hops_per_s),
      `packet-hops a second; ${large(s.packet_hops)} in ${duration(1e6 * s.run_s)} on ${counted(s.threads, 'thread')}`,
    ),
    tile('memory', bytes(s.peak_rss_bytes), `at most; set-up took ${duration(1e6 * s.setup_s)}`),
  );
}

function ofAll(shown, total, what) {
  return shown < total ? `${whole(shown)} of ${whole(total)} ${what}` : `all ${whole(total)} ${what}`;
}

function notes(data) {
  const texts = data.summary.notes.length ? data.summary.notes : ['This run left no notes.'];
  return make(
    'ul',
    {class: 'notes'},
    texts.map((text) => make('li', {}, text)),
  );
}

function scenarioText(data) {
  return make('details', {}, make('summary', {}, 'The scenario as it was run'), make('pre', {}, make('code', {}, data.scenario.text)));
}
