'use strict';
// Charts drawn as inline SVG: what a build without the chart bundle shows. Same face as charts/echarts.js:
// draw(element, spec, theme) returns {resize(), dispose()}. A spec is
//   {kind: 'lines' | 'points', x: axis, y: axis, series: [{name, points: [[x, y], ...], step: hold each value}]}
//   {kind: 'bars', categories: [...], horizontal: bool, labels: 'long', x: axis, y: axis, series: [{name, values: [...]}]}
//   {kind: 'heat', rows: [...], columns: [...], cells: [[column, row, value], ...], max, format, rowName, columnName}
// and an axis {name, format: value => text, log: bool, min, max}.

const svgCharts = (() => {
  const margin = {left: 66, right: 14, top: 10, bottom: 44};

  function svg(tag, attributes, ...children) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function niceStep(span, count) {
    const raw = span / count;
    const power = 10 ** Math.floor(Math.log10(raw));
    return power * ([1, 2, 5, 10].find((step) => step * power >= raw) || 10);
  }

  // Maps values to pixels and says where the ticks are.
  function scale(axis, values, from, to) {
    let low = axis.min ?? Math.min(...values);
    let high = axis.max ?? Math.max(...values);
    if (!(high > low)) {
      low -= Math.abs(low) / 10 || 0.5;
      high += Math.abs(high) / 10 || 0.5;
    }
    const log = axis.log && low > 0;
    const place = log ? Math.log10 : (value) => value;
    const at = (value) => from + ((to - from) * (place(value) - place(low))) / (place(high) - place(low));
    const ticks = [];
    if (log) {
      for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); ++power) {
        for (const digit of high / low > 1000 ? [1] : [1, 2, 5]) {
          const value = digit * 10 ** power;
          if (value >= low && value <= high) ticks.push(value);
        }
      }
    } else {
      const step = niceStep(high - low, 5);
      for (let i = Math.ceil(low / step); i * step <= high + step / 1e6; ++i) ticks.push(i * step);
    }
    return {at, ticks};
  }

  function frame(element, theme, xAxis, yAxis, x, y, width, height) {
    const root = svg('svg', {viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true'});
    for (const tick of y ? y.ticks : []) {
      root.append(svg('line', {x1: margin.left, x2: width - margin.right, y1: y.at(tick), y2: y.at(tick), stroke: theme.line}));
      root.append(svg('text', {x: margin.left - 8, y: y.at(tick) + 4, 'text-anchor': 'end'}, yAxis.format(tick)));
    }
    let last = -Infinity;
    for (const tick of x ? x.ticks : []) {
      if (x.at(tick) - last < 60) continue;
      last = x.at(tick);
      root.append(svg('text', {x: last, y: height - margin.bottom + 18, 'text-anchor': 'middle'}, xAxis.format(tick)));
    }
    root.append(svg('text', {x: width - margin.right, y: height - 6, 'text-anchor': 'end'}, xAxis.name || ''));
    root.append(
      svg('line', {x1: margin.left, x2: width - margin.right, y1: height - margin.bottom, y2: height - margin.bottom, stroke: theme.muted}),
    );
    element.replaceChildren(root);
    return root;
  }

  function linesOrPoints(element, spec, theme, width, height) {
    const all = spec.series.flatMap((series) => series.points);
    const x = scale(
      spec.x,
      all.map((point) => point[0]),
      margin.left,
      width - margin.right,
    );
    const y = scale(
      {min: 0, ...spec.y},
      all.map((point) => point[1]),
      height - margin.bottom,
      margin.top,
    );
    const root = frame(element, theme, spec.x, spec.y, x, y, width, height);
    spec.series.forEach((series, index) => {
      const colour = theme.series[index % theme.series.length];
      const held = series.step
        ? series.points.flatMap((point, i) => (i ? [[point[0], series.points[i - 1][1]], point] : [point]))
        : series.points;
      const pixels = held.map((point) => [x.at(point[0]).toFixed(1), y.at(point[1]).toFixed(1)]);
      if (spec.kind === 'points') {
        for (const [cx, cy] of pixels) root.append(svg('circle', {cx, cy, r: 2.5, fill: colour, 'fill-opacity': 0.55}));
      } else {
        root.append(
          svg('polyline', {
            points: pixels.map((pixel) => pixel.join(',')).join(' '),
            fill: 'none',
            stroke: colour,
            'stroke-width': 2,
            'stroke-dasharray': ['none', '6 4', '2 3'][Math.floor(index / 6) % 3],
          }),
        );
      }
    });
  }

  function verticalBars(element, spec, theme, width, height) {
    const y = scale(
      {min: 0, ...spec.y},
      spec.series.flatMap((series) => series.values),
      height - margin.bottom,
      margin.top,
    );
    const root = frame(element, theme, spec.x, spec.y, null, y, width, height);
    const slot = (width - margin.left - margin.right) / spec.categories.length;
    const bar = (slot * 0.8) / spec.series.length;
    spec.categories.forEach((category, place) => {
      spec.series.forEach((series, index) => {
        const top = y.at(series.values[place]);
        root.append(
          svg('rect', {
            x: margin.left + slot * (place + 0.1) + bar * index,
            width: bar,
            y: top,
            height: height - margin.bottom - top,
            fill: theme.series[index % theme.series.length],
          }),
        );
      });
      if (place % Math.ceil(46 / slot) !== 0) return;
      root.append(svg('text', {x: margin.left + slot * (place + 0.5), y: height - margin.bottom + 18, 'text-anchor': 'middle'}, category));
    });
  }

  // A name that does not fit loses its beginning: what tells names apart stands at the end.
  function clipped(text, most) {
    const label = svg('text', {}, text.length > most ? '\u2026' + text.slice(text.length - most + 1) : text);
    label.append(svg('title', {}, text));
    return label;
  }

  function horizontalBars(element, spec, theme, width, height) {
    const left = spec.labels === 'long' ? Math.min(420, width * 0.4) : 150;
    const high = Math.max(...spec.series.flatMap((series) => series.values), 1e-12);
    const root = svg('svg', {viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true'});
    const slot = height / spec.categories.length;
    const bar = (slot * 0.7) / spec.series.length;
    spec.categories.forEach((category, place) => {
      const name = clipped(category, Math.floor(left / 6.4));
      for (const [key, value] of Object.entries({x: left - 8, y: slot * (place + 0.5) + 4, 'text-anchor': 'end'})) name.setAttribute(key, value);
      root.append(name);
      spec.series.forEach((series, index) => {
        const value = series.values[place];
        const length = ((width - left - 80) * value) / high;
        const y = slot * (place + 0.15) + bar * index;
        root.append(svg('rect', {x: left, y, width: length, height: bar, fill: theme.series[index % theme.series.length]}));
        root.append(svg('text', {x: left + length + 6, y: y + bar / 2 + 4}, spec.x.format(value)));
      });
    });
    element.replaceChildren(root);
  }

  function heat(element, spec, theme, width, height) {
    const root = svg('svg', {viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true'});
    const cellWidth = (width - margin.left - margin.right) / spec.columns.length;
    const cellHeight = (height - margin.bottom - margin.top) / spec.rows.length;
    for (const [column, row, value] of spec.cells) {
      const cell = svg('rect', {
        x: margin.left + column * cellWidth,
        y: margin.top + row * cellHeight,
        width: cellWidth + 0.3,
        height: cellHeight + 0.3,
        fill: theme.heat[0],
      });
      const colour = svg(
        'rect',
        {
          x: margin.left + column * cellWidth,
          y: margin.top + row * cellHeight,
          width: cellWidth + 0.3,
          height: cellHeight + 0.3,
          fill: theme.heat[2],
          'fill-opacity': Math.min(1, value / spec.max),
        },
        svg('title', {}, `${spec.rows[row]} > ${spec.columns[column]}: ${spec.format(value)}`),
      );
      root.append(cell, colour);
    }
    spec.rows.forEach((name, row) => {
      if (row % Math.ceil(14 / cellHeight) !== 0) return;
      root.append(svg('text', {x: margin.left - 6, y: margin.top + (row + 0.5) * cellHeight + 4, 'text-anchor': 'end'}, name));
    });
    spec.columns.forEach((name, column) => {
      if (column % Math.ceil(56 / cellWidth) !== 0) return;
      root.append(
        svg('text', {x: margin.left + (column + 0.5) * cellWidth, y: height - margin.bottom + 18, 'text-anchor': 'middle'}, name),
      );
    });
    element.replaceChildren(root);
  }

  function draw(element, spec, theme) {
    const paint = () => {
      const width = Math.max(280, element.clientWidth);
      const height = Math.max(120, element.clientHeight);
      if (spec.kind === 'heat') heat(element, spec, theme, width, height);
      else if (spec.kind !== 'bars') linesOrPoints(element, spec, theme, width, height);
      else if (spec.horizontal) horizontalBars(element, spec, theme, width, height);
      else verticalBars(element, spec, theme, width, height);
    };
    paint();
    return {resize: paint, dispose: () => element.replaceChildren()};
  }

  return {draw, interactive: false};
})();
