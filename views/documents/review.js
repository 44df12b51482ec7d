// The two panes of the review page: the text with its facts marked, and the list of facts.
// What comes from the document is only ever set as text, never as HTML.
// What outlives a visit to another page: {hidden kinds, place scrolled to} by document.
const memory = (globalThis.liantuReview ??= new Map());

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const inkOn = (colour) => {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.3 ? "#111111" : "#ffffff";
};

const badge = (kind, className) => {
  const mark = make("span", `mark ${className || ""}`, kind[1]);
  mark.style.setProperty("--c", kind[2]);
  mark.style.setProperty("--ink", inkOn(kind[2]));
  return mark;
};

// Scrolls the pane only; scrollIntoView would move the page too.
const show = (pane, element, always) => {
  if (!element) return;
  const box = pane.getBoundingClientRect(), at = element.getBoundingClientRect();
  if (!always && at.top >= box.top + 8 && at.bottom <= box.bottom - 8) return;
  pane.scrollTop += at.top - box.top - box.height * (always ? 0.05 : 0.35);
};

const SIGNS = { accepted: "✓", rejected: "✗", open: "○", same: "＝", contrary: "≠" };

export default function ({ data, parentElement, setTriggerValue }) {
  const shown = data.version.split(":")[0];
  const kept = memory.get(shown) || { hidden: new Set(), top: 0 };
  memory.set(shown, kept);
  const state = (parentElement.__review ??= {});
  state.trigger = setTriggerValue;
  state.data = data;
  (data.mode === "list" ? drawList : drawText)(parentElement, state, kept);
}

// The styles stand beside it in the same parent and must stay.
function fresh(parent) {
  const root = make("div", "review");
  const old = parent.querySelector(".review");
  old ? old.replaceWith(root) : parent.append(root);
  return root;
}

function pick(state, id) {
  state.trigger("picked", { id, at: Date.now() });
}

// -- the text ------------------------------------------------------------------------------------

function drawText(parent, state, kept) {
  const { data } = state;
  const version = JSON.stringify([data.version, data.kinds, data.words]);
  if (state.version !== version) {
    const again = state.version === undefined && kept.version === version;
    state.version = version;
    buildText(parent, state, kept);
    state.pane.scrollTop = again ? kept.top : 0;
    state.picked = again ? data.picked : undefined;
    kept.version = version;
  }
  if (data.picked && state.picked !== data.picked) kept.hidden.delete(data.picked.split(":")[0]);
  const states = new Map(data.facts.map((f) => [f[0], f[4]]));
  for (const element of state.pane.querySelectorAll("[data-ids]")) {
    const id = topmost(element, data, kept.hidden);
    const kind = id && data.kinds[id.split(":")[0]];
    const isTag = element.classList.contains("tag");
    element.classList.remove(...Object.keys(SIGNS));
    if (id) element.classList.add(states.get(id));
    if (!isTag) element.classList.toggle("fact", Boolean(id));
    if (isTag) element.hidden = !id;
    else if (id) element.style.setProperty("--c", kind[2]);
    element.classList.toggle("picked", Boolean(id) && element.dataset.ids.split(" ").includes(data.picked)
      && !kept.hidden.has(data.picked.split(":")[0]));
  }
  for (const chip of state.chips) chip.setAttribute("aria-pressed", String(!kept.hidden.has(chip.dataset.kind)));
  if (data.picked && state.picked !== data.picked) {
    show(state.pane, state.pane.querySelector(`[data-ids~="${CSS.escape(data.picked)}"]`));
  }
  state.picked = data.picked;
}

const visible = (element, hidden) => element.dataset.ids.split(" ").filter((id) => !hidden.has(id.split(":")[0]));

// Of the facts at a place the chosen one, else the shortest (they are sorted so).
function topmost(element, data, hidden) {
  const ids = visible(element, hidden);
  return ids.includes(data.picked) ? data.picked : ids[0];
}

function buildText(parent, state, kept) {
  const { data } = state;
  const root = fresh(parent), bar = make("div", "bar"), pane = make("div", "pane");
  const text = make("div", "text");
  root.style.height = `${data.height}px`;
  pane.append(text);
  state.pane = pane;
  if (data.headings.length > 1) bar.append(outline(state));
  state.chips = Object.entries(data.kinds).map(([name, kind]) => {
    const chip = make("button", "chip");
    chip.dataset.kind = name;
    chip.title = data.words.toggle;
    chip.append(badge(kind), kind[0]);
    chip.onclick = () => {
      kept.hidden.has(name) ? kept.hidden.delete(name) : kept.hidden.add(name);
      drawText(parent, state, kept);
    };
    return chip;
  });
  bar.append(...state.chips);
  const facts = [...data.facts].sort((a, b) => a[1] - b[1]);
  let first = 0;
  for (const [content, start, depth, head] of data.blocks) {
    const chars = Array.from(content); // Python counts characters, not UTF-16 units
    const end = start + chars.length;
    while (first < facts.length && facts[first][2] <= start && facts[first][1] < start) first++;
    const here = [];
    for (let i = first; i < facts.length && facts[i][1] < end; i++) if (facts[i][2] > start) here.push(facts[i]);
    const hurt = data.damaged.filter((d) => d[0] < end && d[1] > start);
    const p = make("p", depth < 0 ? "title" : depth ? `h h${depth}` : "");
    p.dataset.start = start;
    p.append(...pieces(chars, start, here, hurt, data, depth > 0 ? start + head : start));
    text.append(p);
  }
  if (!data.blocks.length) text.append(make("div", "none", data.words.nothing));
  pane.onscroll = () => { kept.top = pane.scrollTop; };
  pane.onclick = (event) => {
    const element = event.target.closest("[data-ids]");
    if (!element || !pane.contains(element)) return;
    const ids = visible(element, kept.hidden);
    if (!ids.length) return;
    const now = ids.indexOf(state.data.picked); // clicked again: the next of those at this place
    const id = ids[(now + 1) % ids.length];
    state.data = { ...state.data, picked: id };
    state.picked = id;
    drawText(parent, state, kept);
    pick(state, id);
  };
  root.append(bar, pane);
}

// A paragraph in pieces that are alike all through; what stands before `body` is its heading.
function pieces(chars, start, facts, damaged, data, body) {
  const end = start + chars.length;
  const cuts = new Set([start, end, Math.min(body, end)]);
  for (const [, a, b] of facts) cuts.add(Math.max(a, start)).add(Math.min(b, end));
  for (const [a, b] of damaged) cuts.add(Math.max(a, start)).add(Math.min(b, end));
  const places = [...cuts].sort((a, b) => a - b);
  const made = [];
  for (let i = 0; i + 1 < places.length; i++) {
    const [a, b] = [places[i], places[i + 1]];
    const over = facts.filter((f) => f[1] <= a && f[2] >= b).sort((x, y) => x[2] - x[1] - (y[2] - y[1]));
    for (const fact of over.filter((f) => f[1] === a).reverse()) {
      const kind = data.kinds[fact[0].split(":")[0]];
      const tag = badge(kind, "tag");
      tag.dataset.ids = fact[0];
      tag.title = kind[0];
      made.push(tag);
    }
    const part = chars.slice(a - start, b - start).join("");
    const hurt = damaged.find((d) => d[0] <= a && d[1] >= b);
    const span = make("span", "", part);
    if (hurt) {
      const wave = make("span", "damaged", part);
      wave.title = hurt[3];
      if (hurt[1] === b) wave.dataset.mark = hurt[2];
      span.replaceChildren(wave);
    }
    if (b <= body) span.classList.add("heading");
    if (over.length) span.dataset.ids = over.map((f) => f[0]).join(" ");
    made.push(span);
  }
  return made;
}

function outline(state) {
  const { data } = state;
  const select = make("select");
  select.setAttribute("aria-label", data.words.outline);
  select.append(new Option(data.words.outline, ""));
  for (const [start, label, depth, page] of data.headings) {
    const option = new Option(`${"　".repeat(Math.max(0, depth - 1))}${label}`, `${page}:${start}`);
    select.append(option);
  }
  select.onchange = () => {
    const [page, start] = select.value.split(":").map(Number);
    select.value = "";
    if (page !== data.page) state.trigger("turned", { page, at: Date.now() });
    else if (!Number.isNaN(start)) show(state.pane, paragraphAt(state.pane, start), true);
  };
  return select;
}

function paragraphAt(pane, start) {
  let found = null;
  for (const p of pane.querySelectorAll("p")) if (Number(p.dataset.start) <= start) found = p;
  return found;
}

// -- the list ------------------------------------------------------------------------------------

function drawList(parent, state, kept) {
  const { data } = state;
  const top = state.pane && state.version === data.version ? state.pane.scrollTop : 0;
  const focused = state.pane && state.pane.getRootNode().activeElement === state.pane;
  const root = fresh(parent), pane = make("div", "pane list");
  root.style.height = `${data.height}px`;
  pane.tabIndex = 0;
  pane.setAttribute("role", "listbox");
  pane.setAttribute("aria-label", data.words.list);
  for (const row of data.rows) pane.append(listRow(row, parent, state, kept));
  if (!data.rows.length) pane.append(make("div", "none", data.words.nothing));
  pane.onkeydown = (event) => {
    const at = data.rows.findIndex((r) => r[0] === state.data.picked);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const verdict = { a: "accepted", r: "rejected" }[event.key.toLowerCase()];
    if (event.ctrlKey || event.metaKey || event.altKey || (!step && !verdict)) return;
    event.preventDefault();
    if (verdict && at >= 0) state.trigger("decided", { id: data.rows[at][0], verdict, at: Date.now() });
    const next = data.rows[at + step];
    if (step && next) choose(next[0], parent, state, kept);
  };
  root.append(pane);
  state.pane = pane;
  state.version = data.version;
  pane.scrollTop = top;
  if (focused) pane.focus({ preventScroll: true });
  show(pane, pane.querySelector(".picked"));
}

function choose(id, parent, state, kept) {
  state.data = { ...state.data, picked: id };
  drawList(parent, state, kept);
  pick(state, id);
}

function listRow([id, verdict, title, where, edited], parent, state, kept) {
  const { data } = state;
  const row = make("div", `row ${verdict}${id === data.picked ? " picked" : ""}`);
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", String(id === data.picked));
  const sign = make("span", `state ${verdict}`, SIGNS[verdict]);
  sign.title = data.words[verdict];
  const body = make("div");
  body.append(make("div", "what", title), make("div", "where", where + (edited ? ` · ✎ ${data.words.edited}` : "")));
  const quick = make("div", "quick");
  for (const wanted of ["accepted", "rejected"]) {
    const button = make("button", "", SIGNS[wanted]);
    button.title = data.words[`to_${wanted}`];
    button.setAttribute("aria-label", `${data.words[`to_${wanted}`]} ${title}`);
    button.setAttribute("aria-pressed", String(verdict === wanted));
    button.onclick = (event) => {
      event.stopPropagation();
      state.trigger("decided", { id, verdict: verdict === wanted ? "open" : wanted, at: Date.now() });
    };
    quick.append(button);
  }
  row.append(sign, badge(data.kinds[id.split(":")[0]]), body, quick);
  row.onclick = () => choose(id, parent, state, kept);
  return row;
}
