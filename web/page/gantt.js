'use strict';
// A Gantt chart as inline SVG: for each rank a row for what it computes and one for what it communicates.
// spec: {rows: [names], spans: [[row, kind, label, start, end]], labels: [names], end}; kinds: 0 compute, 1 communication, 2 extension.
// Communication that lies over other communication of the row stands in thinner lanes.

function ganttLanes(spans) {
  const free = [];
  for (const span of spans) {
    let lane = free.findIndex((end) => end <= span[3]);
    if (lane < 0) lane = free.push(0) - 1;
    free[lane] = span[4];
    span.lane = lane;
  }
  return Math.max(1, free.length);
}

// The labels that take most time get a colour of their own, the others share one: [[label, colour]], the largest first.
function ganttColours(spans) {
  const times = new Map();
  for (const [, kind, label, start, end] of spans) if (kind === 1) times.set(label, (times.get(label) || 0) + end - start);
  const own = [1, 2, 4, 5, 6];
  return [...times.keys()]
    .sort((a, b) => times.get(b) - times.get(a) || a - b)
    .map((label, i) => [label, i < own.length ? `var(--series-${own[i]})` : 'var(--muted)']);
}

function ganttLegend(spec) {
  const entry = (colour, name) => make('span', {}, make('i', {style: `background: ${colour}; height: 10px`}), name);
  const colours = ganttColours(spec.spans);
  const named = colours.filter(([, colour]) => colour !== 'var(--muted)').map(([label, colour]) => entry(colour, spec.labels[label]));
  const has = (kind) => spec.spans.some((span) => span[1] === kind);
  return make(
    'div',
    {class: 'legend'},
    has(0) ? entry('var(--series-3)', 'computing') : null,
    has(2) ? entry('var(--line)', 'not simulated') : null,
    named,
    colours.length > named.length ? entry('var(--muted)', 'other communication') : null,
  );
}

function gantt(spec) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = (tag, attributes, ...children) => {
    const element = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const width = 1130, left = 150, top = 6, row = 34, half = 14;
  const height = top + row * spec.rows.length + 26;
  const at = (time) => left + ((width - left - 10) * time) / spec.end;
  const root = svg('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'Gantt chart of the ranks shown'});
  const colours = new Map(ganttColours(spec.spans));
  const colour = (span) => (span[1] === 0 ? 'var(--series-3)' : span[1] === 2 ? 'var(--line)' : colours.get(span[2]));
  for (let i = 0; i <= 5; ++i) {
    const x = at((spec.end * i) / 5);
    root.append(svg('line', {x1: x, x2: x, y1: top, y2: height - 22, stroke: 'var(--line)'}));
    root.append(svg('text', {x, y: height - 6, 'text-anchor': i === 5 ? 'end' : 'middle'}, i === 0 ? '0' : duration((spec.end * i) / 5)));
  }
  spec.rows.forEach((name, index) => {
    const y = top + row * index;
    root.append(svg('text', {x: left - 8, y: y + row / 2 + 2, 'text-anchor': 'end'}, name));
    const mine = spec.spans.filter((span) => span[0] === index);
    const talk = mine.filter((span) => span[1] === 1);
    const lanes = ganttLanes(talk);
    for (const span of mine) {
      const lane = span[1] === 1 ? half / lanes : half;
      const place = span[1] === 1 ? y + half + 2 + span.lane * lane : y + 1;
      const box = svg('rect', {
        x: at(span[3]),
        y: place,
        width: Math.max(0.4, at(span[4]) - at(span[3])),
        height: Math.max(0.8, lane - 0.6),
        fill: colour(span),
      });
      box.append(svg('title', {}, `${spec.labels[span[2]]}\n${duration(span[3])} to ${duration(span[4])} (${duration(span[4] - span[3])})`));
      root.append(box);
    }
  });
  return root;
}
