'use strict';
// Tables of the page. A column is {name, cell: row => text, text: left-aligned, long: may wrap, bar: row => share, bad: row => bool}.

function table(label, columns, rows, whole = false) {
  const head = make(
    'tr',
    {},
    columns.map((column) => make('th', {scope: 'col', class: column.text ? 'text' : ''}, column.name)),
  );
  const body = rows.map((row) =>
    make(
      'tr',
      {},
      columns.map((column) => tableCell(column, row)),
    ),
  );
  const content = make('table', {'aria-label': label}, make('thead', {}, head), make('tbody', {}, body));
  return make('div', {class: whole ? 'scroll whole' : 'scroll', tabindex: '0', role: 'region', 'aria-label': label}, content);
}

function tableCell(column, row) {
  const classes = [column.text && 'text', column.long && 'long', column.bar && 'bar', column.bad && column.bad(row) && 'bad'];
  const cell = make('td', {class: classes.filter(Boolean).join(' ')}, column.cell(row));
  if (column.bar) cell.style.setProperty('--share', Math.min(100, 100 * column.bar(row)) + '%');
  return cell;
}

function flowTable(label, rows) {
  const columns = [
    {name: 'flow', cell: (f) => String(f.flow)},
    {name: 'label', cell: (f) => String(f.label)},
    {name: 'workload', text: true, cell: (f) => f.workload},
    {name: 'from host', cell: (f) => String(f.src)},
    {name: 'to host', cell: (f) => String(f.dst)},
    {name: 'size', cell: (f) => bytes(f.size_bytes)},
    {name: 'start', cell: (f) => (f.start_us === null ? '\u2013' : f.start_us === 0 ? '0' : duration(f.start_us))},
    {name: 'FCT', cell: (f) => duration(f.fct_us)},
    {name: 'slowdown', cell: (f) => figure(f.slowdown)},
    {name: 'goodput', cell: (f) => rate(f.goodput_gbps)},
    {name: 'retransmissions', cell: (f) => whole(f.retransmissions), bad: (f) => f.retransmissions > 0},
    {name: 'CNPs', cell: (f) => whole(f.cnps)},
  ];
  if (rows.some((f) => f.error)) columns.push({name: 'error', text: true, long: true, bad: () => true, cell: (f) => f.error});
  return table(label, columns, rows);
}

function collectiveTable(label, rows) {
  const bandwidth = (gigabytes) => (gigabytes === null ? '\u2013' : figure(gigabytes) + ' GB/s');
  return table(
    label,
    [
      {name: 'label', text: true, cell: (c) => c.label},
      {name: 'operation', text: true, cell: (c) => c.operation},
      {name: 'algorithm', text: true, cell: (c) => c.algorithm},
      {name: 'repetition', cell: (c) => whole(c.repetition)},
      {name: 'ranks', cell: (c) => whole(c.ranks)},
      {name: 'size', cell: (c) => bytes(c.bytes)},
      {name: 'start', cell: (c) => (c.start_us === 0 ? '0' : duration(c.start_us))},
      {name: 'time', cell: (c) => duration(c.time_us)},
      {name: 'algbw', cell: (c) => bandwidth(c.algbw)},
      {name: 'busbw', cell: (c) => bandwidth(c.busbw)},
    ],
    rows,
  );
}

// Times count from the fault.
function faultTable(label, rows) {
  const since = (us) => (us === null ? '\u2013' : us === 0 ? '0' : duration(us));
  return table(
    label,
    [
      {name: 'at', cell: (f) => duration(f.at_us)},
      {name: 'event', text: true, cell: (f) => f.event},
      {name: 'links', text: true, long: true, cell: (f) => f.links.slice(0, 8).join(', ') + (f.links.length > 8 ? `, and ${whole(f.links.length - 8)} more` : '')},
      {name: 'first switch knows', cell: (f) => since(f.known_first_us)},
      {name: 'last switch knows', cell: (f) => since(f.known_last_us)},
      {name: 'packets lost', cell: (f) => whole(f.lost), bad: (f) => f.lost > 0},
      {name: 'last lost', cell: (f) => since(f.last_lost_us)},
      {name: 'goodput steady', cell: (f) => (f.steady_us === 0 ? 'no dip' : since(f.steady_us))},
      {name: 'payload missing', cell: (f) => bytes(f.missing_bytes)},
    ],
    rows,
  );
}

function portTable(label, rows) {
  return table(
    label,
    [
      {name: 'from', text: true, cell: (p) => p.from},
      {name: 'to', text: true, cell: (p) => p.to},
      {name: 'rate', cell: (p) => rate(p.rate_gbps)},
      {name: 'utilisation', cell: (p) => percent(p.utilisation), bar: (p) => p.utilisation},
      {name: 'carried', cell: (p) => bytes(p.bytes)},
      {name: 'deepest queue', cell: (p) => bytes(p.max_queue_bytes)},
      {name: 'ECN marks', cell: (p) => whole(p.ecn_marks)},
      {name: 'paused', cell: (p) => (p.paused_us === 0 ? '0' : duration(p.paused_us))},
      {name: 'pauses sent', cell: (p) => whole(p.pauses_sent)},
      {name: 'drops', cell: (p) => whole(p.drops), bad: (p) => p.drops > 0},
    ],
    rows,
  );
}
