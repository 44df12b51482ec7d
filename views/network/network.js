// The chain drawing: boxes and edges on the canvas of vis-network, which gives pan, zoom, drag and hit tests.
// Two callers: the Streamlit component (export default) and the downloaded page (standalone).
// All text comes in as data and is drawn on a canvas or set as textContent, never parsed as HTML.

const FONTS = '"Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif';
const FONT_SIZE = 13;
const BOX_HEIGHT = 44;
const STRIP = 18; // the coloured strip that holds a node's symbol
const HEAD = 30; // room above the boxes for the headings of the areas
const MARGIN = 14;
const MIN_ZOOM = 0.15;
const MAX_ZOOM = 3;

// -- measures ----------------------------------------------------------------------------------

/** The box width that fills a canvas: wide enough to read, narrow enough to leave room for edges. */
function boxWidth(pitch) {
  return Math.max(84, Math.min(134, Math.round(pitch * 0.78)));
}

/** Stretch the geometry over the canvas, columns and rows apart, so that text keeps its size where it can. */
function fitting(geometry, width, height, head) {
  const [[x0, y0], [x1, y1]] = geometry.corners;
  const [before, after] = geometry.beyond;
  const gaps = geometry.columns - 1;
  let [sx, box, clear] = [1, 120, 30];
  if (gaps > 0) {
    const room = (width - 2 * MARGIN) / (gaps + 0.78 + 0.22 * (before + after));
    const pitch = Math.max(106, Math.min(250, room));
    box = boxWidth(pitch);
    clear = pitch - box;
    sx = (pitch * gaps) / (x1 - x0);
  }
  const rows = y1 - y0;
  const sy = rows > 0 ? Math.max(0.93, Math.min(1.45, (height - head - BOX_HEIGHT - 2 * MARGIN) / rows)) : 1;
  const at = ([x, y, along, across, gap]) => ({
    x: (x - x0) * sx + along * box + gap * Math.min(clear, 40),
    y: (y - y0) * sy + across * BOX_HEIGHT,
  });
  const [left, right] = [at([x0, y0, -0.5, 0, -before]).x, at([x1, y0, 0.5, 0, after]).x];
  return { at, box, clear, left, right, height: rows * sy };
}

// -- text --------------------------------------------------------------------------------------

/** Break a label into lines: between Chinese characters, between Latin words; lines of about equal length. */
function wrapped(ctx, label, width, lines) {
  const parts = label.match(/[\u0021-\u024f]+?(?:-|\s|(?![\u0021-\u024f]))|\s+|[^\u0000-\u024f]/g) || [];
  const total = ctx.measureText(label).width;
  const wanted = Math.min(width, total / Math.ceil(total / width) + FONT_SIZE * 0.6);
  let result = broken(ctx, parts, wanted);
  if (result.length > Math.ceil(total / width)) result = broken(ctx, parts, width);
  if (result.length > lines) {
    result = result.slice(0, lines);
    result[lines - 1] = shortened(ctx, result[lines - 1] + "…", width);
  }
  return result.map((line) => shortened(ctx, line, width));
}

function broken(ctx, parts, width) {
  const result = [];
  let line = "";
  for (const part of parts) {
    const closing = /^[），。、；：）」』】]/.test(part);
    if (line && !closing && ctx.measureText((line + part).trimEnd()).width > width) {
      result.push(line.trim());
      line = "";
    }
    line += part;
  }
  if (line.trim()) result.push(line.trim());
  return result;
}

function shortened(ctx, text, width) {
  if (ctx.measureText(text).width <= width) return text;
  let cut = text.replace(/…$/, "");
  while (cut && ctx.measureText(cut + "…").width > width) cut = cut.slice(0, -1);
  return cut + "…";
}

const scratch = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function rgb(colour) {
  scratch.clearRect(0, 0, 1, 1);
  scratch.fillStyle = "#888888";
  scratch.fillStyle = colour;
  scratch.fillRect(0, 0, 1, 1);
  return [...scratch.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function mixed(a, b, share) {
  const [p, q] = [rgb(a), rgb(b)];
  return `rgb(${p.map((v, i) => Math.round(v * (1 - share) + q[i] * share)).join(",")})`;
}

/** Colours of the page around: Streamlit's theme, or plain light. */
function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name, other) => style.getPropertyValue(name).trim() || other;
  const background = read("--st-background-color", "#ffffff");
  const text = read("--st-text-color", "#1f2430");
  const [r, g, b] = rgb(background);
  const dark = 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
  return {
    background,
    text,
    dark,
    card: dark ? mixed(background, text, 0.08) : "#ffffff",
    edge: mixed(background, text, dark ? 0.5 : 0.42),
    muted: mixed(background, text, 0.62),
    area: [mixed(background, text, dark ? 0.05 : 0.035), mixed(background, text, dark ? 0.09 : 0.07)],
    into: dark ? "#E69F00" : "#B45F00",
    out: dark ? "#56B4E9" : "#0072B2",
  };
}

// -- boxes -------------------------------------------------------------------------------------

function outline(ctx, shape, x, y, w, h) {
  const [l, t] = [x - w / 2, y - h / 2];
  ctx.beginPath();
  if (shape === "hexagon") {
    const c = 9;
    ctx.moveTo(l + c, t);
    for (const [px, py] of [[l + w - c, t], [l + w, y], [l + w - c, t + h], [l + c, t + h], [l, y]]) ctx.lineTo(px, py);
    ctx.closePath();
  } else {
    ctx.roundRect(l, t, w, h, shape === "pill" ? h / 2 : 6);
  }
}

function drawBox(ctx, node, x, y, w, theme, state) {
  const h = BOX_HEIGHT;
  ctx.save();
  ctx.globalAlpha = state.faded ? 0.28 : 1;
  outline(ctx, node.shape, x, y, w, h);
  ctx.fillStyle = theme.background; // opaque below, so that faded boxes hide edges too
  ctx.save();
  ctx.globalAlpha = 1;
  ctx.fill();
  ctx.restore();
  ctx.fillStyle = state.hover ? mixed(theme.card, node.colour, 0.14) : theme.card;
  ctx.fill();
  const strip = (node.symbol ? STRIP : 7) + (node.shape === "box" ? 0 : 6);
  ctx.save();
  ctx.clip();
  ctx.fillStyle = node.colour;
  ctx.fillRect(x - w / 2, y - h / 2, strip, h);
  ctx.restore();
  if (node.symbol) {
    ctx.fillStyle = node.ink;
    ctx.font = `600 ${FONT_SIZE}px ${FONTS}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(node.symbol, x - w / 2 + strip / 2 + (node.shape === "box" ? 0 : 3), y + 1);
  }
  drawBorder(ctx, node, x, y, w, h, theme, state);
  drawLabel(ctx, node, x + strip / 2, y, w - strip - (node.shape === "box" ? 4 : 12), theme);
  ctx.restore();
}

function drawBorder(ctx, node, x, y, w, h, theme, state) {
  ctx.strokeStyle = mixed(node.colour, theme.text, 0.15);
  ctx.lineWidth = state.selected ? 3 : 1.4;
  ctx.setLineDash(node.border === "dashed" ? [5, 3.5] : []);
  outline(ctx, node.shape, x, y, w, h);
  ctx.stroke();
  ctx.setLineDash([]);
  if (node.border === "double" || state.selected) {
    ctx.lineWidth = state.selected ? 2 : 1.2;
    if (state.selected) ctx.strokeStyle = theme.text;
    outline(ctx, node.shape, x, y, w + 7, h + 7);
    ctx.stroke();
  }
}

function drawLabel(ctx, node, x, y, width, theme) {
  ctx.fillStyle = theme.text;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  let lines, leading;
  for (const [size, most] of [[FONT_SIZE, 2], [FONT_SIZE - 1, 2], [FONT_SIZE - 2, 3], [FONT_SIZE - 3, 3], [FONT_SIZE - 4, 3]]) {
    ctx.font = `500 ${size}px ${FONTS}`;
    leading = most > 2 ? 13 : size + 3;
    lines = wrapped(ctx, node.label, width, most);
    if (lines.join("").replace(/\s/g, "") === node.label.replace(/\s/g, "")) break;
  }
  lines.forEach((line, i) => ctx.fillText(line, x, y + 1 + (i - (lines.length - 1) / 2) * leading));
}

// -- edges -------------------------------------------------------------------------------------

/** The way of an edge on the canvas, with the point and direction of its head. */
function traced(route, at) {
  const path = new Path2D();
  const start = at(route.start);
  path.moveTo(start.x, start.y);
  const end = at(route.legs.at(-1).at(-1));
  const dir = route.enters < 0 ? 1 : -1; // on the left side of the box, or on the right one
  const tip = { x: end.x - dir * 1.5, y: end.y };
  for (const leg of route.legs) {
    const points = leg.map(at);
    if (leg === route.legs.at(-1)) points[points.length - 1] = { x: tip.x - dir * 6, y: tip.y };
    const numbers = points.flatMap((p) => [p.x, p.y]);
    if (points.length > 1) path.bezierCurveTo(...numbers);
    else path.lineTo(...numbers);
  }
  return { path, tip, dir, middle: at(route.middle) };
}

/** The route between boxes that the user has moved: no longer through the columns, from the sides that face each other. */
function rerouted(route, from, to, { box, clear }) {
  const [aside, far] = [Math.abs(to.x - from.x) <= box * 0.9, to.x > from.x];
  const [leaves, enters] = aside ? [-0.5, -0.5] : far ? [0.5, -0.5] : [-0.5, 0.5];
  const start = { x: from.x + leaves * box, y: from.y + route.start[3] * BOX_HEIGHT };
  const end = { x: to.x + enters * box, y: to.y + route.legs.at(-1).at(-1)[3] * BOX_HEIGHT };
  const turn = aside ? Math.min(start.x, end.x) - clear * 0.6 : (start.x + end.x) / 2;
  const middle = { x: aside ? turn + clear * 0.15 : turn, y: (start.y + end.y) / 2 };
  const [first, second] = [{ x: turn, y: start.y }, { x: turn, y: end.y }];
  return { start, legs: [[first, second, end]], middle, enters };
}

function drawEdge(ctx, edge, theme, look) {
  const { path, tip, dir } = edge.curve;
  ctx.save();
  ctx.globalAlpha = look.alpha;
  ctx.strokeStyle = ctx.fillStyle = look.colour;
  ctx.lineWidth = look.width;
  ctx.setLineDash(edge.dashed ? [6, 4] : []);
  ctx.stroke(path);
  ctx.setLineDash([]);
  const size = 5.5 + look.width * 1.2;
  ctx.beginPath();
  ctx.moveTo(tip.x, tip.y);
  ctx.lineTo(tip.x - dir * size, tip.y - size * 0.48);
  ctx.lineTo(tip.x - dir * size, tip.y + size * 0.48);
  ctx.closePath();
  ctx.fill();
  ctx.restore();
}

/** Write an edge's label where it covers neither a box nor another label, else not at all. */
function drawEdgeLabel(ctx, edge, theme, taken, at = null) {
  if (!edge.label) return;
  const { x, y } = at || edge.curve.middle;
  ctx.font = `${FONT_SIZE - 1}px ${FONTS}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const text = shortened(ctx, edge.label, at ? 320 : 180);
  const width = ctx.measureText(text).width + 8;
  const area = { x, y, w: width, h: 18 };
  if (!at && taken.some((t) => Math.abs(t.x - x) < (t.w + width) / 2 && Math.abs(t.y - y) < (t.h + 18) / 2)) return;
  taken.push(area);
  ctx.fillStyle = theme.background;
  ctx.beginPath();
  ctx.roundRect(x - width / 2, y - 9, width, 18, 4);
  ctx.fill();
  ctx.strokeStyle = theme.edge;
  ctx.lineWidth = 0.8;
  ctx.stroke();
  ctx.fillStyle = theme.text;
  ctx.fillText(text, x, y + 1);
}

/** The heading of an area, in two lines if it must. */
function drawHeading(ctx, label, { x, y }, width) {
  ctx.font = `600 ${FONT_SIZE}px ${FONTS}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const lines = wrapped(ctx, label, width, 2);
  lines.forEach((line, i) => ctx.fillText(line, x, y + (i - (lines.length - 1) / 2) * 14));
}

// -- the drawing -------------------------------------------------------------------------------

class Drawing {
  constructor(host, hooks, memory) {
    this.host = host;
    this.hooks = hooks;
    this.memory = memory;
    this.selected = memory.selected || null;
    this.hovered = null;
    this.pristine = !memory.view;
    this.nodes = new Map();
    this.edges = [];
    this.place = new Map();
    this.moved = memory.moved || new Map();
    this.nodeSet = new vis.DataSet();
    this.edgeSet = new vis.DataSet();
    this.theme = themeOf(host);
  }

  /** Take the data of this run; the first time, make the canvas. */
  update(data) {
    this.data = data;
    this.nodes = new Map(data.nodes.map((n) => [n.id, n]));
    this.edges = data.edges.map((e) => ({ ...e }));
    if (this.selected && !this.nodes.has(this.selected)) this.selected = null;
    const shown = [...this.nodes.keys()].join("\n");
    const changed = shown !== this.shown;
    this.shown = shown;
    if (changed || !this.scale) this.arrange();
    else this.position();
    this.sync();
    if (!this.network) this.create();
    else if (changed && this.pristine) this.fit(false);
    this.network.redraw();
    if (data.command && data.command[0] !== this.memory.command) {
      this.memory.command = data.command[0];
      this.obey(data.command[1]);
    }
  }

  create() {
    this.network = new vis.Network(this.host, { nodes: this.nodeSet, edges: this.edgeSet }, {
      ...this.data.options,
      autoResize: false,
    });
    this.network.on("beforeDrawing", (ctx) => this.drawBehind(ctx));
    this.network.on("afterDrawing", (ctx) => this.drawInFront(ctx));
    this.network.on("click", (e) => this.select(e.nodes[0] ?? null));
    this.network.on("doubleClick", (e) => e.nodes.length && this.hooks.expand(e.nodes[0]));
    this.network.on("hoverNode", (e) => this.hover(e.node));
    this.network.on("blurNode", () => this.hover(null));
    this.network.on("dragStart", (e) => (this.dragged = e.nodes[0] ?? null));
    this.network.on("dragging", () => this.dragged && this.drag());
    this.network.on("dragEnd", () => this.dragEnded());
    this.network.on("zoom", () => this.viewed());
    this.network.once("afterDrawing", () => this.opened());
  }

  /** vis-network fits its first drawing itself; only then can an earlier view be restored. */
  opened() {
    if (this.memory.view && this.scale) this.network.moveTo(this.memory.view);
    else this.fit(false);
    this.settled = true;
  }

  size() {
    return [this.host.clientWidth, this.host.clientHeight];
  }

  /** Scale the layout to the canvas as it is now. */
  arrange() {
    const [width, height] = this.size();
    if (!width) return;
    this.top = this.data.geometry.areas.length ? HEAD : 8;
    this.scale = fitting(this.data.geometry, width, height, this.top);
    this.position();
  }

  position() {
    if (!this.scale) return;
    for (const id of this.moved.keys()) if (!this.nodes.has(id)) this.moved.delete(id);
    this.place = new Map(
      this.data.nodes.map((n) => [n.id, this.moved.get(n.id) || this.scale.at(n.at)]),
    );
    this.route();
  }

  route() {
    for (const edge of this.edges) {
      const free = this.moved.has(edge.from) || this.moved.has(edge.to);
      const ends = [this.place.get(edge.from), this.place.get(edge.to)];
      edge.curve = free ? traced(rerouted(edge.route, ...ends, this.scale), (p) => p) : traced(edge.route, this.scale.at);
    }
  }

  /** Bring vis-network's own records up to date without touching view or selection. */
  sync() {
    const drawn = this.data.nodes.map((n) => ({
      id: n.id,
      title: n.title || n.label,
      shape: "custom",
      ctxRenderer: (arg) => this.renderer(arg),
      ...this.place.get(n.id),
    }));
    const linked = this.edges.map((e) => ({ id: e.id, from: e.from, to: e.to, hidden: true }));
    for (const [set, items] of [[this.nodeSet, drawn], [this.edgeSet, linked]]) {
      const kept = new Set(items.map((i) => i.id));
      set.remove(set.getIds().filter((id) => !kept.has(id)));
      set.update(items);
    }
  }

  renderer({ ctx, id, x, y, state }) {
    const node = this.nodes.get(id);
    const width = this.scale ? this.scale.box : 120;
    return {
      drawNode: () => {
        if (!node) return;
        const selected = id === this.selected;
        const faded = this.selected && !selected && !this.near.has(id);
        drawBox(ctx, node, x, y, width, this.theme, { selected, faded, hover: state.hover || id === this.hovered });
      },
      nodeDimensions: { width, height: BOX_HEIGHT },
    };
  }

  get near() {
    if (this.nearOf !== this.selected || this.nearEdges !== this.edges) {
      this.nearOf = this.selected;
      this.nearEdges = this.edges;
      this.nearSet = new Set();
      for (const e of this.edges) {
        if (e.from === this.selected) this.nearSet.add(e.to);
        if (e.to === this.selected) this.nearSet.add(e.from);
      }
    }
    return this.nearSet;
  }

  look(edge) {
    const plain = edge.colour || this.theme.edge;
    const focus = this.selected || this.hovered;
    if (this.pointed?.edges.includes(edge)) return { colour: this.theme.text, width: 2.4, alpha: 1, front: true };
    if (focus === edge.from) return { colour: this.theme.out, width: 2.4, alpha: 1, front: true };
    if (focus === edge.to) return { colour: this.theme.into, width: 2.4, alpha: 1, front: true };
    if (this.hovered && (this.hovered === edge.from || this.hovered === edge.to)) return { colour: plain, width: 1.8, alpha: 0.9 };
    return { colour: plain, width: 1.3, alpha: this.selected ? 0.16 : this.hovered ? 0.45 : 0.95 };
  }

  drawBehind(ctx) {
    if (!this.scale) return;
    this.drawAreas(ctx);
    const looks = this.edges.map((edge) => [edge, this.look(edge)]).sort((a, b) => !!a[1].front - !!b[1].front);
    for (const [edge, look] of looks) drawEdge(ctx, edge, this.theme, look);
  }

  drawInFront(ctx) {
    if (!this.scale) return;
    const focus = this.selected || this.hovered;
    const taken = [...this.place.values()].map((p) => ({ ...p, w: this.scale.box, h: BOX_HEIGHT }));
    if (focus) for (const e of this.edges) if (e.from === focus || e.to === focus) drawEdgeLabel(ctx, e, this.theme, taken);
    if (this.pointed) drawEdgeLabel(ctx, this.pointed, this.theme, taken, this.pointed.at);
    this.keepView();
  }

  /** Tinted areas with their headings: columns of one place in the chain, and rows below. */
  drawAreas(ctx) {
    const { at, clear, left, right } = this.scale;
    this.data.geometry.areas.forEach((area, i) => {
      const [start, end] = [at(area.start), at(area.end)];
      const x = area.below ? left - 8 : Math.max(start.x - clear / 2, left - 8);
      const w = (area.below ? right + 8 : Math.min(end.x + clear / 2, right + 8)) - x;
      const y = area.below ? start.y - 11 : -BOX_HEIGHT / 2 - this.top;
      const h = end.y + 9 - y;
      ctx.fillStyle = this.theme.area[i % 2];
      ctx.beginPath();
      ctx.roundRect(x + 1, y, w - 2, h, 8);
      ctx.fill();
      ctx.fillStyle = this.theme.muted;
      const spot = area.heading ? at(area.heading) : { x: x + w / 2, y: y + 16 };
      if (area.heading || !area.below) drawHeading(ctx, area.label, spot, w - 8);
    });
  }

  // -- what the user does

  select(id) {
    if (id !== this.selected) this.obey(id);
  }

  /** Select and report, also what is selected already: whoever ordered it waits for the answer. */
  obey(id) {
    this.selected = this.memory.selected = this.nodes.has(id) ? id : null;
    this.hideTip();
    this.network.redraw();
    this.hooks.select(this.selected);
  }

  hideTip() {
    const tip = this.host.querySelector(".vis-tooltip");
    if (tip) tip.style.visibility = "hidden";
  }

  /** The pointer is gone; vis-network itself only notices moves inside. */
  leave() {
    this.hideTip();
    this.unpoint();
    if (this.hovered) this.hover(null);
  }

  hover(id) {
    this.hovered = id;
    this.host.style.cursor = id ? "pointer" : "";
    this.network.redraw();
  }

  /** The edges under the pointer that have something to say: several where they run as one line. */
  point(event) {
    if (!this.scale || this.hovered || event.buttons) return this.unpoint();
    const { x, y } = this.network.DOMtoCanvas({ x: event.offsetX, y: event.offsetY });
    scratch.lineWidth = 9;
    const edges = this.edges.filter((e) => e.label && scratch.isPointInStroke(e.curve.path, x, y));
    if (!edges.length) return this.unpoint();
    const label = [...new Set(edges.map((e) => e.label))].join(" · ");
    this.pointed = { edges, label, at: { x, y: y - 18 } };
    this.network.redraw();
  }

  unpoint() {
    if (!this.pointed) return;
    this.pointed = null;
    this.network?.redraw();
  }

  drag() {
    const at = this.network.getPositions([this.dragged])[this.dragged];
    this.moved.set(this.dragged, at);
    this.place.set(this.dragged, at);
    this.route();
  }

  dragEnded() {
    this.memory.moved = this.moved;
    this.viewed();
    this.dragged = null;
  }

  viewed() {
    this.pristine = false;
    this.keepView();
  }

  /** Remember the view while the canvas still has a size; when it is taken away it is too late. */
  keepView() {
    if (!this.settled || this.pristine || !this.host.clientWidth) return;
    this.memory.view = { position: this.network.getViewPosition(), scale: this.network.getScale() };
  }

  /** Show everything at once, arranged for the canvas as it is now. */
  fit(anew = true) {
    if (anew) {
      this.moved.clear();
      this.arrange();
      this.sync();
    }
    if (!this.scale || !this.network) return;
    const [width, height] = this.size();
    const [w, h] = this.extent(2 * MARGIN);
    const scale = Math.max(MIN_ZOOM, Math.min(1.25, width / w, height / h));
    this.pristine = true;
    this.memory.view = null;
    const { left, right } = this.scale;
    this.network.moveTo({ position: { x: (left + right) / 2, y: (this.scale.height - this.top) / 2 }, scale });
  }

  /** Width and height of the whole drawing with a margin around it. */
  extent(margin) {
    return [this.scale.right - this.scale.left + margin, this.scale.height + BOX_HEIGHT + this.top + margin];
  }

  zoom(factor) {
    const scale = Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, this.network.getScale() * factor));
    this.network.moveTo({ scale });
    this.viewed();
  }

  resized() {
    const [width, height] = this.size();
    if (!width || !height || (width === this.width && height === this.height)) return;
    [this.width, this.height] = [width, height];
    if (!this.network) return;
    this.network.setSize("100%", "100%");
    if (this.pristine) this.fit(true);
    this.network.redraw();
  }

  themed() {
    this.theme = themeOf(this.host);
    this.network?.redraw();
  }

  /** Where a node is on the canvas, in pixels of the page. */
  spot(id) {
    return this.network.canvasToDOM(this.place.get(id));
  }

  /** Where an arrow key leads: along an edge if there is one, else to the nearest box in that direction. */
  neighbour(dx, dy) {
    const from = this.place.get(this.selected);
    if (!from) return this.data.nodes[0]?.id ?? null;
    const cost = ([, at]) => {
      const along = (at.x - from.x) * dx + (at.y - from.y) * dy;
      const aside = Math.abs((at.x - from.x) * dy) + Math.abs((at.y - from.y) * dx);
      return along > 4 ? (dx ? 2 * along + aside : along + 3 * aside) : Infinity;
    };
    const nearest = (places) => places.filter((p) => cost(p) < Infinity).sort((p, q) => cost(p) - cost(q))[0]?.[0];
    const all = [...this.place].filter(([id]) => id !== this.selected);
    return (dx && nearest(all.filter(([id]) => this.near.has(id)))) || nearest(all) || this.selected;
  }

  /** The whole drawing, with title and legend, at twice the size, as a PNG data address. */
  picture(legend) {
    const ratio = 2;
    const head = (this.data.title ? 34 : 0) + (legend.length ? 30 : 0) + MARGIN;
    const [wide, high] = this.extent(3 * MARGIN);
    const [width, height] = [wide + MARGIN, high + head];
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * ratio, height * ratio];
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    ctx.fillStyle = this.theme.background;
    ctx.fillRect(0, 0, width, height);
    this.drawCaption(ctx, legend);
    ctx.translate(2 * MARGIN - this.scale.left, head + this.top + BOX_HEIGHT / 2 + MARGIN / 2);
    this.drawBehind(ctx);
    for (const [id, at] of this.place) this.renderer({ ctx, id, ...at, state: {} }).drawNode();
    if (this.selected) this.drawInFront(ctx);
    return canvas.toDataURL("image/png");
  }

  drawCaption(ctx, legend) {
    let [x, y] = [2 * MARGIN, MARGIN + 12];
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillStyle = this.theme.text;
    if (this.data.title) {
      ctx.font = `600 18px ${FONTS}`;
      ctx.fillText(this.data.title, x, y);
      y += 32;
    }
    for (const item of legend) {
      drawChip(ctx, item, x, y, this.theme);
      x += 28 + ctx.measureText(item.label).width + 16;
    }
  }

  destroy() {
    this.network?.destroy();
    this.network = null;
  }
}

function drawChip(ctx, item, x, y, theme) {
  ctx.fillStyle = item.colour;
  ctx.beginPath();
  ctx.roundRect(x, y - 10, 22, 20, 4);
  ctx.fill();
  ctx.font = `600 12px ${FONTS}`;
  ctx.fillStyle = item.ink;
  ctx.textAlign = "center";
  ctx.fillText(item.symbol, x + 11, y + 1);
  ctx.textAlign = "left";
  ctx.font = `${FONT_SIZE}px ${FONTS}`;
  ctx.fillStyle = theme.text;
  ctx.fillText(item.label, x + 28, y + 1);
}

// -- the frame around it -----------------------------------------------------------------------

const ICONS = {
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  larger: "M12 5v14M5 12h14",
  smaller: "M5 12h14",
  full: "M8 3H3v5M3 3l7 7M16 21h5v-5M21 21l-7-7",
  picture: "M12 4v11M7 11l5 5 5-5M4 20h16",
};

function button(name, label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  made.dataset.action = name;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  made.append(svg);
  made.addEventListener("click", action);
  return made;
}

function legendRow(items) {
  const row = document.createElement("div");
  row.className = "legend";
  for (const item of items) {
    const entry = document.createElement("span");
    const chip = document.createElement("i");
    chip.textContent = item.symbol;
    chip.style.background = item.colour;
    chip.style.color = item.ink;
    const label = document.createElement("span");
    label.textContent = item.label;
    entry.append(chip, label);
    row.append(entry);
  }
  return row;
}

/** Build legend, buttons and canvas into a parent, once; later calls only bring new data. */
function mount(parent, data, hooks, memory) {
  const frame = document.createElement("div");
  frame.className = "drawing";
  const bar = document.createElement("div");
  bar.className = "bar";
  const host = document.createElement("div");
  host.className = "canvas";
  host.style.height = `${data.height}px`;
  host.tabIndex = 0;
  host.setAttribute("role", "application");
  frame.append(bar, host);
  parent.append(frame);
  const drawing = new Drawing(host, hooks, memory);
  host.drawing = drawing; // for tests and the browser's console
  const state = { frame, host, bar, drawing };
  listen(state);
  refresh(state, data);
  return state;
}

function refresh(state, data) {
  const { host, bar, drawing } = state;
  host.style.height = `${data.height}px`;
  host.setAttribute("aria-label", `${data.title || ""} ${data.labels.help}`.trim());
  const tools = document.createElement("div");
  tools.className = "tools";
  tools.append(
    button("smaller", data.labels.smaller, () => drawing.zoom(1 / 1.25)),
    button("larger", data.labels.larger, () => drawing.zoom(1.25)),
    button("fit", data.labels.fit, () => drawing.fit(true)),
    button("full", data.labels.full, () => fullScreen(state.frame)),
    button("picture", data.labels.picture, () => save(drawing.picture(data.legend), data.title || "chain")),
  );
  bar.replaceChildren(legendRow(data.legend), tools);
  drawing.update(data);
}

function fullScreen(frame) {
  if (document.fullscreenElement) document.exitFullscreen();
  else frame.requestFullscreen?.();
}

function save(address, title) {
  const link = document.createElement("a");
  link.href = address;
  link.download = `${title.replace(/[\\/:*?"<>|]+/g, "-")}.png`;
  link.click();
}

function listen(state) {
  const { host, drawing } = state;
  state.resizes = new ResizeObserver(() => drawing.resized());
  state.resizes.observe(host);
  state.frame.addEventListener("fullscreenchange", () => !drawing.moved.size && (drawing.pristine = true));
  // The page scrolls under the wheel until the drawing has been clicked into.
  const scrolls = (e) => {
    const active = host.contains(host.getRootNode().activeElement) || e.ctrlKey || document.fullscreenElement;
    if (!active) e.stopPropagation();
  };
  host.addEventListener("wheel", scrolls, { capture: true });
  host.addEventListener("pointerdown", () => host.focus({ preventScroll: true }), { capture: true });
  host.addEventListener("mousemove", (e) => drawing.network && drawing.point(e));
  host.addEventListener("mouseleave", () => drawing.network && drawing.leave());
  host.addEventListener("keydown", (e) => key(e, drawing));
  host.addEventListener("transitionend", (e) => e.target === host && drawing.themed());
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function key(event, drawing) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") drawing.select(null);
  else if (event.key in ARROWS) drawing.select(drawing.neighbour(...ARROWS[event.key]));
  else if (event.key === "Enter" && drawing.selected) drawing.hooks.expand(drawing.selected);
  else if (event.key === "+" || event.key === "=") drawing.zoom(1.25);
  else if (event.key === "-") drawing.zoom(1 / 1.25);
  else if (event.key === "0") drawing.fit(true);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// -- callers -----------------------------------------------------------------------------------

const mounted = new WeakMap();
const memories = new Map(); // view, moved boxes and selection of each key, kept while the page is away

/** The library comes in a message of its own; it may arrive after this one. */
function library() {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const look = () => {
      if (window.vis?.Network) resolve();
      else if (Date.now() - started > 60000) reject(new Error("vis-network did not arrive"));
      else setTimeout(look, 25);
    };
    look();
  });
}

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component; // its key is new at each mount
  if (!memories.has(data.key)) memories.set(data.key, {});
  let entry = mounted.get(parentElement);
  if (!entry) {
    entry = {};
    mounted.set(parentElement, entry);
  }
  entry.data = data;
  entry.hooks = {
    select: (id) => setStateValue("selected", id ?? ""),
    expand: (id) => setTriggerValue("expanded", id),
  };
  const show = () => {
    if (entry.gone) return;
    if (entry.state) refresh(entry.state, entry.data);
    else entry.state = mount(parentElement, entry.data, {
      select: (id) => entry.hooks.select(id),
      expand: (id) => entry.hooks.expand(id),
    }, memories.get(data.key));
  };
  if (window.vis?.Network) show();
  else library().then(show);
  return () => {
    entry.gone = true;
    mounted.delete(parentElement);
    entry.state?.resizes.disconnect();
    entry.state?.drawing.destroy();
    entry.state?.frame.remove();
  };
}

/** The downloaded page: the data are in a JSON block beside this script. */
function standalone() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const note = document.getElementById("note");
  data.height = Math.max(420, window.innerHeight - 150);
  const show = (id) => (note.textContent = data.nodes.find((n) => n.id === id)?.title || "");
  const hooks = { select: show, expand: show };
  const state = mount(document.getElementById("drawing"), data, hooks, {});
  window.addEventListener("resize", () => (state.host.style.height = `${Math.max(420, window.innerHeight - 150)}px`));
}

if (document.getElementById("liantu-standalone")) standalone();
