"use strict";
(async () => {
const $ = (id) => document.getElementById(id);
async function unpacked(text) {
  const packed = Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}
const written = $("data").textContent;
const data = JSON.parse(written[0] === "{" ? written : await unpacked(written));
const SVG = $("drawing").namespaceURI;
const { nodes, edges } = data;
const groups = data.groups.map(([name, parent, count, chunk]) => ({ name, parent, count, chunk }));
const still = matchMedia("(prefers-reduced-motion: reduce)");
const OPEN_ALL = 130, OPEN_AT_FIRST = 16, READABLE = 0.45, OPEN_AT_MOST = 4000, CULLED = 300, COPIES = 5, LABELS = 70;

function make(tag, attributes = {}, ...children) {
  const svg = attributes.svg;
  const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "svg") continue;
    if (key === "on") for (const [event, f] of Object.entries(value)) element.addEventListener(event, f);
    else if (key === "text") element.textContent = value;
    else if (value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}
const draw = (tag, attributes, ...children) => make(tag, { ...attributes, svg: true }, ...children);
const shape = (s) => (s ? `(${s.join(", ")}${s.length === 1 ? "," : ""})` : "several");
const plural = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
function figure(x) {
  if (typeof x !== "number") return String(x);
  const small = Number(x.toPrecision(4));
  return (Math.abs(small) >= 1e4 || (small !== 0 && Math.abs(small) < 1e-4) ? small.toExponential() : String(small)).replaceAll("-", "−");
}

// ---- what is known of nodes ---------------------------------------------------------------------
nodes.forEach((node, i) => { node.id = i; node.in = []; node.out = []; });
edges.forEach((edge, i) => { edge.id = i; nodes[edge.to].in.push(i); nodes[edge.from].out.push(i); });
for (const [i, forward, backward] of data.times) nodes[i].times = [forward, backward];
for (const node of nodes) {
  const last = node.kind === "operation" && !node.out.length;
  node.odd = oddities(node.value) !== "";
  node.look = last ? "output" : node.kind;
  node.title = node.name || (node.kind === "operation" ? `#${node.place}` : node.kind === "leaf" ? `variable ${node.id}` : node.short || "constant");
}
const members = groups.map(() => []);
for (const node of nodes) if (node.group >= 0) members[node.group].push(node.id);
const inside = groups.map(() => []);
groups.forEach((group, i) => { if (group.parent >= 0) inside[group.parent].push(i); });
const isOpen = groups.map(() => false);
const around = (group) => { const path = []; for (; group >= 0; group = groups[group].parent) path.push(group); return path; };

// ---- steps --------------------------------------------------------------------------------------
// A step is [kind, what]; kinds: f a forward operation, s the beginning, b a node fires, n one naive arrival.
const forward = data.forward.map((i) => ["f", i]);
const expected = new Uint32Array(nodes.length);
for (const [, arrivals] of data.backward.steps) for (const one of arrivals) expected[edges[one.edge].from]++;
const begins = data.backward.seeds.length ? [["s", 0]] : [];
const orders = {
  right: [...forward, ...begins, ...data.backward.steps.map((step) => ["b", step])],
  naive: data.naive && data.naive.steps ? [...forward, ...begins, ...data.naive.steps.map((step, i) => ["n", step, i])] : null,
};
let mode = "right";
let steps = orders.right;
let at = 0; // so many steps are done
const state = { computed: null, sums: null, arrived: null, fired: null, ahead: null, behind: null, texts: null, wrong: null, tally: null };
function reset() {
  at = 0;
  state.computed = new Uint8Array(nodes.length);
  state.sums = new Array(nodes.length).fill("");
  state.arrived = new Uint32Array(nodes.length);
  state.fired = new Uint8Array(nodes.length);
  state.ahead = new Uint8Array(edges.length);
  state.behind = new Uint8Array(edges.length);
  state.texts = new Array(edges.length).fill("");
  state.wrong = new Uint8Array(nodes.length);
  state.tally = groups.map(() => [0, 0]);
  for (const node of nodes) if (node.kind !== "operation") state.computed[node.id] = 1;
}
function count(i, which) { for (let g = nodes[i].group; g >= 0; g = groups[g].parent) state.tally[g][which]++; }
function arrive(one) {
  const edge = edges[one.edge];
  state.behind[one.edge] = 1;
  state.texts[one.edge] = told(one);
  state.sums[edge.from] = one.sum[2];
  state.arrived[edge.from]++;
}
function told(one) {
  const edge = edges[one.edge], c = one.sum[1];
  if (edge.local === undefined) return c;
  const g = mode === "naive" && one.from !== undefined ? one.from : nodes[edge.to].shortGradient;
  return g === undefined ? c : `${g} · ${edge.local} = ${c}`;
}
function apply([kind, what, index]) {
  if (kind === "f") {
    state.computed[what] = 1;
    for (const e of nodes[what].in) state.ahead[e] = 1;
    count(what, 0);
  } else if (kind === "s") {
    for (const [i, seed] of data.backward.seeds) state.sums[i] = seed;
  } else if (kind === "b") {
    const [i, arrivals] = what;
    if (!state.fired[i]) count(i, 1);
    state.fired[i] = 1;
    arrivals.forEach(arrive);
  } else {
    const i = edges[what.edge].to;
    what.from = state.sums[i]; // what it has when it hands on
    if (!state.fired[i]) count(i, 1);
    state.fired[i] = 1;
    arrive(what);
    if (!what.right) state.wrong[edges[what.edge].from] = index === data.naive.wrong ? 2 : Math.max(1, state.wrong[edges[what.edge].from]);
  }
}
function go(to) { reach(to); show(); }
function reach(to) {
  to = Math.max(0, Math.min(steps.length, to));
  if (to < at) reset();
  while (at < to) apply(steps[at++]);
}
const isBack = () => at > forward.length;
const current = () => (at ? steps[at - 1] : null);
function activeNodes() {
  const step = current();
  if (!step) return [];
  const [kind, what] = step;
  if (kind === "f") return [what];
  if (kind === "s") return data.backward.seeds.map(([i]) => i);
  if (kind === "b") return [what[0]];
  return [edges[what.edge].to, edges[what.edge].from];
}
function activeArrows() {
  const step = current();
  if (!step) return [[], []];
  const [kind, what] = step;
  if (kind === "f") return [nodes[what].in, []];
  if (kind === "b") return [[], what[1].map((one) => one.edge)];
  return [[], kind === "n" ? [what.edge] : []];
}

function sentence() {
  const out = [];
  const phase = (name, text) => out.push(make("span", { class: `phase ${name}`, text }));
  const say = (text, cls) => out.push(cls ? make("span", { class: cls, text }) : text);
  const step = current();
  if (!step) {
    say(steps.length ? "Before the first step. Press the right arrow key, or Play." : "One value, no operations.");
    return out;
  }
  const [kind, what, index] = step;
  if (kind === "f") {
    phase("forward", "→ forward");
    say(`${nodes[what].name ? `${nodes[what].name} = ` : `${nodes[what].title}: `}${(nodes[what].formula || [nodes[what].op]).join(" = ")}`);
    if (at === forward.length && !begins.length) say(data.recorded ? ". No walk back was recorded: call backward() inside the block." : ". Nothing was recorded: there is the structure, and what is still held.");
  } else if (kind === "s") {
    phase("backward", "← backward");
    say(data.backward.seeds.map(([i, seed]) => `begins at ${nodes[i].title}, whose gradient is ${seed}`).join("; ") + ".");
  } else if (kind === "b") {
    phase("backward", "← backward");
    const [i, arrivals] = what;
    const n = expected[i];
    say(`${nodes[i].title} ${n ? (n === 1 ? "has its contribution" : `has all ${n} contributions`) + ", 0 pending" : "is where it begins"}, and hands on: `);
    say(arrivals.length ? arrivals.map((one) => addition(one)).join("; ") : "nothing");
    if (at === steps.length) say(". Done: every gradient is complete.");
  } else {
    phase("backward", "← naive");
    const edge = edges[what.edge], node = nodes[edge.to];
    if (what.pending) say(`${node.title} does not wait for ${plural(what.pending, "more contribution")}: `);
    else say(`${node.title} hands on${data.naive.steps.slice(0, index).some((one) => one.edge === what.edge) ? " once more" : ""}: `);
    say(addition(what));
    if (!what.right) {
      const right = rightOf(what.edge);
      say(index === data.naive.wrong ? "  ✗ The first wrong sum" : "  ✗ wrong", "bad");
      if (right) say(index === data.naive.wrong ? ` (in the right order this arrow carries ${right.sum[1]}, once).` : ".");
    }
    if (at === steps.length) say(verdict(), data.naive.wrong >= 0 ? "bad" : "");
  }
  return out;
}
function addition(one) {
  const [before, c, after] = one.sum;
  const raw = one.raw ? ` (summed from ${shape(one.raw)})` : "";
  return `${nodes[edges[one.edge].from].title}: ${before || "0"} += ${c} → ${after}${raw}`;
}
const rightArrivals = new Map();
for (const [, arrivals] of data.backward.steps) for (const one of arrivals) rightArrivals.set(one.edge, one);
const rightOf = (edge) => rightArrivals.get(edge);
function verdict() {
  const all = data.naive.steps.length, total = data.naive.total;
  if (total !== all.toLocaleString("en")) return ` Stopped here: this order needs ${total} additions, the right one ${rightArrivals.size.toLocaleString("en")}.`;
  if (data.naive.wrong < 0) return " Here the naive order gives the same numbers: no operation's value is used twice.";
  const off = nodes.filter((n) => n.kind === "leaf" && n.shortGradient !== undefined && state.sums[n.id] !== n.shortGradient);
  return " At the end: " + off.slice(0, 4).map((n) => `${n.title} has ${state.sums[n.id]}, right is ${n.shortGradient}`).join("; ") + ".";
}

// ---- what is visible ----------------------------------------------------------------------------
// An item stands for a node ("n5") or a closed group ("g2"); copies of a variable have "n5@n7".
function standing(i) {
  let found = `n${i}`;
  for (let g = nodes[i].group; g >= 0; g = groups[g].parent) if (!isOpen[g]) found = `g${g}`;
  return found;
}
const shownOf = (group) => { for (let g = groups[group].parent; g >= 0; g = groups[g].parent) if (!isOpen[g]) return false; return true; };
let items = new Map(), arrows = [], byNode = new Map(), turned = null, layoutSize = null;
function view() {
  items = new Map(); byNode = new Map(); arrows = [];
  const bundles = new Map();
  const readers = new Map();
  for (const edge of edges) {
    const from = standing(edge.from), to = standing(edge.to);
    if (from === to) continue;
    if (nodes[edge.from].kind === "leaf" && from[0] === "n") {
      if (!readers.has(edge.from)) readers.set(edge.from, new Set());
      readers.get(edge.from).add(to);
    }
  }
  const add = (key, item) => { if (!items.has(key)) items.set(key, { key, copies: 1, ...item }); };
  for (const node of nodes) {
    const key = standing(node.id);
    if (key[0] === "g") add(key, { group: Number(key.slice(1)), cluster: groups[Number(key.slice(1))].parent });
    else if ((readers.get(node.id)?.size ?? 0) > COPIES) for (const to of readers.get(node.id)) {
      const reader = to[0] === "g" ? groups[Number(to.slice(1))].parent : nodes[Number(to.slice(1))].group;
      add(`${key}@${to}`, { node: node.id, cluster: reader, copies: readers.get(node.id).size });
    } else add(key, { node: node.id, cluster: node.group });
  }
  for (const item of items.values()) if (item.node !== undefined) {
    if (!byNode.has(item.node)) byNode.set(item.node, []);
    byNode.get(item.node).push(item);
  }
  for (const edge of edges) {
    let from = standing(edge.from);
    const to = standing(edge.to);
    if (from === to) continue;
    if (!items.has(from)) from = `${from}@${to}`;
    const single = from[0] === "n" && to[0] === "n";
    const key = single ? `e${edge.id}` : `${from}>${to}`;
    if (!bundles.has(key)) { bundles.set(key, { key, from, to, edges: [] }); arrows.push(bundles.get(key)); }
    bundles.get(key).edges.push(edge.id);
  }
}
function open(group, yes) {
  isOpen[group] = yes;
  if (!yes) for (const todo = [...inside[group]]; todo.length;) { const g = todo.pop(); isOpen[g] = false; todo.push(...inside[g]); }
}
function openFirst(most) {
  // From the outside in, as long as there is room: the smallest first.
  let shown = nodes.filter((n) => n.group < 0).length + groups.filter((g) => g.parent < 0).length;
  const queue = groups.map((_, i) => i).filter((i) => groups[i].parent < 0);
  const size = (g) => members[g].length + inside[g].length;
  while (queue.length) {
    queue.sort((a, b) => size(b) - size(a));
    const g = queue.pop();
    if (shown + size(g) - 1 > most) break;
    shown += size(g) - 1;
    isOpen[g] = true;
    queue.push(...inside[g]);
  }
}

// ---- boxes: their text and size -----------------------------------------------------------------
const ruler = document.createElement("canvas").getContext("2d");
const fonts = getComputedStyle(document.body).fontFamily;
function wide(text, head) { ruler.font = `${head ? "600 13px" : "12px"} ${fonts}`; return ruler.measureText(text).width; }
const cut = (text, n = 30) => (text.length > n ? `${text.slice(0, n - 1)}…` : text);
const largest = new Array(nodes.length).fill("");
for (const order of [data.backward.steps.flatMap(([, a]) => a), data.naive?.steps ?? []]) for (const one of order) {
  const i = edges[one.edge].from;
  if (one.sum[2].length > largest[i].length) largest[i] = one.sum[2];
}
function headOf(node) {
  if (node.kind === "constant") return node.shape?.length ? "constant" : cut(node.short || "constant");
  if (node.kind === "leaf") return cut(node.title);
  const short = node.formula?.[0].length <= 22 ? node.formula[0] : node.op;
  return cut(node.name ? `${node.name} = ${short}` : `${node.title}: ${short}`, 34);
}
function oddities(value) {
  if (!value) return "";
  const all = value.numbers ?? [value.number];
  const nan = value.nan || all.includes("nan"), inf = value.inf || all.some((x) => /^[−]?inf$/.test(x));
  return (nan ? " NaN" : "") + (inf ? " ∞" : "");
}
function valueOf(node) {
  if (node.shape === null) return "several values";
  if (node.shape?.length) return shape(node.shape) + oddities(node.value);
  return node.kind === "constant" ? "" : node.short;
}
const canGrad = (node) => node.kind !== "constant" && (expected[node.id] > 0 || node.shortGradient !== undefined);
function measure(item) {
  if (item.group !== undefined) {
    const group = groups[item.group];
    item.head = `${cut(group.name, 34)}`;
    item.lines = 2 + (data.backward.steps.length ? 1 : 0);
    item.width = Math.max(wide(item.head, true), wide(plural(group.count, "operation")), wide(`${group.count} of ${group.count} handed on`)) + 36;
  } else {
    const node = nodes[item.node];
    item.head = headOf(node); item.value = valueOf(node);
    item.lines = 1 + (item.value ? 1 : 0) + (canGrad(node) ? 1 : 0);
    const grad = canGrad(node) ? `grad ${(node.shortGradient ?? "").length > largest[item.node].length ? node.shortGradient : largest[item.node]}` : "";
    item.width = Math.max(44, wide(item.head, true) + 24, wide(item.value || "") + 20, wide(grad) + 26);
  }
  item.height = 14 + 17 * item.lines;
}

// ---- layout, by Graphviz ------------------------------------------------------------------------
let busy = false, again = null, engine = null;
const say = (text) => { $("busy").hidden = !text; $("busy").textContent = text; };
async function start() {
  const source = await unpacked($("layout").textContent);
  try {
    const work = `;onmessage=async({data})=>{try{const v=await Viz.instance();const r=v.render(data,{format:"json0"});postMessage(r.status==="success"?{json:r.output}:{error:r.errors.map(e=>e.message).join("; ")})}catch(e){postMessage({error:String(e)})}}`;
    const worker = new Worker(URL.createObjectURL(new Blob([source, work], { type: "text/javascript" })));
    const first = ask(worker, "digraph{a}");
    await first;
    return (dot) => ask(worker, dot);
  } catch {
    document.head.append(make("script", { text: source })); // no workers here: on the page's own time
    const viz = await globalThis.Viz.instance();
    return async (dot) => viz.render(dot, { format: "json0" }).output;
  }
}
function ask(worker, dot) {
  return new Promise((resolve, reject) => {
    worker.onmessage = (e) => (e.data.error ? reject(new Error(e.data.error)) : resolve(e.data.json));
    worker.onerror = (e) => reject(new Error(e.message || "the worker failed"));
    worker.postMessage(dot);
  });
}
function dot(direction) {
  const labels = arrows.length <= LABELS;
  const out = [`digraph{graph[rankdir=${direction},nodesep=${labels ? 0.42 : 0.3},ranksep=${labels ? 0.34 : 0.45},margin=0,splines=${items.size > 900 ? "polyline" : "true"}${items.size > 300 ? ",nslimit=2,mclimit=0.5" : ""}];node[shape=box,fixedsize=true,label=""];edge[arrowhead=none];`];
  const held = new Map();
  for (const item of items.values()) {
    if (!held.has(item.cluster)) held.set(item.cluster, []);
    held.get(item.cluster).push(item);
  }
  const put = (item) => out.push(`"${item.key}"[width=${(item.width / 72).toFixed(3)},height=${(item.height / 72).toFixed(3)}];`);
  // Open groups inside each other, without recursion: "}" closes one.
  const todo = groups.map((_, i) => i).filter((i) => groups[i].parent < 0 && isOpen[i]).reverse();
  while (todo.length) {
    const g = todo.pop();
    if (g === "}") { out.push("}"); continue; }
    out.push(`subgraph "cluster_${g}"{margin=12;label=<<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="${Math.ceil(wide(groups[g].name, true) + 34)}" HEIGHT="18"><TR><TD></TD></TR></TABLE>>;labeljust=l;`);
    for (const item of held.get(g) ?? []) put(item);
    todo.push("}");
    for (const h of [...inside[g]].reverse()) if (isOpen[h]) todo.push(h);
  }
  for (const item of held.get(-1) ?? []) put(item);
  arrows.forEach((arrow, i) => {
    const text = labels ? room(arrow) : "";
    const label = text ? `,label=<<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="${Math.ceil(wide(text, true) + 30)}" HEIGHT="18"><TR><TD></TD></TR></TABLE>>` : "";
    out.push(`"${arrow.from}"->"${arrow.to}"[id="${i}"${label}];`);
  });
  out.push("}");
  return out.join("");
}
function room(arrow) {
  // The longest text that this arrow will have.
  if (arrow.edges.length > 1) return `×${arrow.edges.length}`;
  const one = rightOf(arrow.edges[0]), edge = edges[arrow.edges[0]];
  if (!one) return "";
  const widest = (nodes[edge.to].shortGradient ?? "").length;
  return edge.local !== undefined ? `${"0".repeat(widest)} · ${edge.local} = ${one.sum[1]}` : one.sum[1];
}
async function layout(focus) {
  if (busy) { again = { focus }; return; }
  busy = true;
  try {
    view();
    for (const item of items.values()) measure(item);
    say(`placing ${plural(items.size, "box").replace("boxs", "boxes")} …`);
    engine ??= start();
    const render = await engine;
    let best = null;
    for (const direction of turned ? [turned] : items.size <= 80 ? ["TB", "LR"] : ["TB"]) {
      const found = JSON.parse(await render(dot(direction)));
      const [, , width, height] = found.bb.split(",").map(Number);
      const box = $("drawing").getBoundingClientRect();
      const scale = Math.min(1.25, (box.width - 40) / width, (box.height - 40) / height);
      if (!best || scale > best.scale * 1.15) best = { found, scale, direction };
    }
    place(best.found, best.direction);
    say("");
    if (focus === undefined) {
      fit();
      if (camera.k < READABLE && chosen) { camera.k = READABLE; centre(chosen); within(); }
    } else centre(focus);
    show();
  } catch (error) {
    say(`The graph could not be placed: ${error.message}. Steps, program and inspector work.`);
  } finally {
    busy = false;
    document.body.dataset.ready = "yes";
    if (again) { const next = again; again = null; layout(next.focus); }
  }
}
const numbers = (text) => text.split(",").map(Number);
function place(found, direction) {
  const [, , width, height] = numbers(found.bb);
  layoutSize = { width, height, direction };
  const flip = ([x, y]) => [x, height - y];
  const boxes = [];
  for (const one of found.objects ?? []) {
    if (one.nodes !== undefined || one.name.startsWith("cluster_")) {
      const [x0, y0, x1, y1] = numbers(one.bb);
      boxes.push({ group: Number(one.name.slice(8)), x: x0, y: height - y1, width: x1 - x0, height: y1 - y0 });
    } else Object.assign(items.get(one.name), (([x, y]) => ({ x, y }))(flip(numbers(one.pos))));
  }
  for (const one of found.edges ?? []) {
    const arrow = arrows[Number(one.id)];
    const points = one.pos.split(" ").filter((p) => !/^[es],/.test(p)).map((p) => flip(numbers(p)));
    arrow.points = points;
    const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
    arrow.bounds = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    arrow.label = one.lp ? flip(numbers(one.lp)) : null;
    if (arrow.label) arrow.label[0] -= 5; // away from the next arrow
  }
  paint(boxes);
  $("scene").classList.remove("far");
}

// ---- drawing ------------------------------------------------------------------------------------
const path = (points) => `M${points[0].map(fixed).join(" ")}C${points.slice(1).map((p) => p.map(fixed).join(" ")).join(" ")}`;
const fixed = (x) => Math.round(x * 10) / 10;
function aside(points) {
  // Beside the forward arrow, the other way round.
  const [a, b] = [points[0], points[points.length - 1]];
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [x, y] = [(-(b[1] - a[1]) / length) * 7, ((b[0] - a[0]) / length) * 7];
  return points.map((p) => [p[0] + x, p[1] + y]).reverse();
}
function paint(clusters) {
  for (const id of ["clusters", "arrows", "boxes", "labels", "moving"]) $(id).replaceChildren();
  clusters.sort((a, b) => around(a.group).length - around(b.group).length);
  for (const one of clusters) {
    const name = groups[one.group].name;
    const title = draw("g", { class: "title", role: "button", "aria-label": `close group ${name}`, on: { click: () => toggle(one.group) } },
      draw("rect", { x: one.x + 3, y: one.y + 3, width: wide(name, true) + 30, height: 19 }),
      draw("text", { x: one.x + 8, y: one.y + 17, text: `⊟ ${name}` }));
    $("clusters").append(draw("g", { class: "cluster", "data-group": one.group },
      draw("rect", { x: one.x, y: one.y, width: one.width, height: one.height, rx: 6 }), title));
  }
  for (const arrow of arrows) {
    if (!arrow.points) continue;
    arrow.ahead = draw("path", { class: "forward-arrow", d: path(arrow.points) });
    arrow.behind = draw("path", { class: "back-arrow", d: path(aside(arrow.points)) });
    $("arrows").append(arrow.ahead, arrow.behind);
    const middle = arrow.label ?? arrow.points[Math.floor(arrow.points.length / 2)];
    arrow.text = draw("text", { class: "arrow-label", x: fixed(middle[0]), y: fixed(middle[1] + 4) });
    arrow.seen = null;
    $("labels").append(arrow.text);
  }
  for (const item of items.values()) $("boxes").append(box(item));
}
function box(item) {
  const { width: w, height: h } = item;
  const look = item.group !== undefined ? "group" : nodes[item.node].look;
  const g = draw("g", { class: `box ${look}`, id: `box-${item.key}`, transform: `translate(${fixed(item.x - w / 2)} ${fixed(item.y - h / 2)})`, role: "img",
    on: { click: (e) => { e.stopPropagation(); choose(item.key); }, dblclick: () => item.group !== undefined && toggle(item.group), pointerenter: () => hover(item, true), pointerleave: () => hover(item, false) } });
  g.append(draw("rect", { class: "ring", x: -5, y: -5, width: w + 10, height: h + 10, rx: 8 }));
  g.append(draw("rect", { class: "body", width: w, height: h, rx: look === "leaf" ? Math.min(18, h / 2) : look === "group" ? 3 : 4 }));
  if (look === "output") g.append(draw("rect", { class: "inner", x: 4, y: 4, width: w - 8, height: h - 8, rx: 2 }));
  if (look === "group") g.append(draw("rect", { class: "edge", width: 8, height: h }));
  const line = (k, cls, text) => { const t = draw("text", { class: cls, x: w / 2 + (look === "group" ? 4 : 0), y: 20 + 17 * k, text }); g.append(t); return t; };
  let k = 0;
  line(k++, "head", look === "group" ? `⊞ ${item.head}` : item.head);
  item.dom = { g };
  if (item.group !== undefined) {
    item.dom.value = line(k++, "value", "");
    if (item.lines > 2) item.dom.grad = line(k++, "grad", "");
  } else {
    if (item.value) item.dom.value = line(k++, "value", "");
    if (item.lines > k) item.dom.grad = line(k++, "grad", "");
    if (expected[item.node]) {
      item.dom.badge = draw("text", { x: w - 2, y: 4, "text-anchor": "middle" });
      item.dom.pill = draw("rect", { x: w - 12, y: -10, width: 20, height: 20, rx: 10 });
      item.dom.pending = draw("g", { class: "pending", visibility: "hidden" }, item.dom.pill, item.dom.badge);
      g.append(item.dom.pending);
    }
  }
  item.seen = {};
  return g;
}
function set(item, key, value, act) { if (item.seen[key] !== value) { item.seen[key] = value; act(value); } }
let chosen = null, hits = new Set();
function show() {
  const active = new Set(activeNodes().map(standing));
  for (const i of activeNodes()) for (const item of byNode.get(i) ?? []) active.add(item.key);
  const [ahead, behind] = activeArrows().map((list) => new Set(list));
  const back = isBack();
  for (const item of items.values()) {
    if (!item.dom) continue;
    const { g, value, grad, pending, badge, pill } = item.dom;
    let cls, spoken;
    if (item.group !== undefined) {
      const [done, fired] = state.tally[item.group], all = groups[item.group].count;
      cls = `box group${done ? "" : " ahead"}`;
      spoken = `${item.head}, closed group, ${done} of ${all} operations computed`;
      set(item, "value", `${done === all ? plural(all, "operation") : `${done} of ${all} operations`}`, (t) => { value.textContent = t; });
      if (grad) set(item, "grad", back && fired ? `${fired} of ${all} handed on` : "", (t) => { grad.textContent = t; });
    } else {
      const node = nodes[item.node], i = item.node, sum = state.sums[i];
      const wrong = state.wrong[i] > 0 && mode === "naive";
      cls = `box ${node.look}${state.computed[i] ? "" : " ahead"}${wrong ? " wrong" : ""}${node.odd ? " odd" : ""}${hits.has(i) ? " found" : ""}`;
      if (value) set(item, "value", state.computed[i] ? item.value : "?", (t) => { value.textContent = t; });
      const text = sum ? `grad ${sum}${wrong ? " ✗" : ""}` : back && expected[i] ? "grad 0" : !data.backward.steps.length && node.shortGradient ? `grad ${node.shortGradient}` : "";
      if (grad) set(item, "grad", text, (t) => { grad.textContent = t; });
      const waiting = expected[i] - state.arrived[i];
      const over = mode === "naive", last = at === steps.length && node.kind === "leaf";
      const badgeText = !back || !expected[i] || (!over && (state.fired[i] || last)) ? "" : waiting < 0 ? `+${-waiting}` : over && last && !waiting ? "" : String(waiting);
      if (pending) set(item, "badge", badgeText, (t) => { badge.textContent = t; const wide = 20 + 7 * Math.max(0, t.length - 1); pill.setAttribute("width", wide); pill.setAttribute("x", item.width - 2 - wide / 2); pending.setAttribute("visibility", t ? "visible" : "hidden"); pending.setAttribute("class", t === "0" ? "pending ready" : "pending"); });
      spoken = `${item.head} ${state.computed[i] ? item.value : "not computed yet"} ${text}${badgeText ? (waiting < 0 ? `, ${-waiting} too many` : `, ${badgeText} pending`) : ""}${item.copies > 1 ? `, drawn ${item.copies} times` : ""}`;
    }
    if (active.has(item.key)) cls += " active";
    if (chosen && (item.key === chosen || item.key.startsWith(`${chosen}@`))) cls += " chosen";
    set(item, "cls", cls, (t) => g.setAttribute("class", t));
    set(item, "spoken", spoken, (t) => g.setAttribute("aria-label", t));
  }
  for (const arrow of arrows) {
    if (!arrow.ahead) continue;
    const some = (list) => arrow.edges.some((e) => list[e]);
    const has = (which) => arrow.edges.some((e) => which.has(e));
    const lit = has(behind);
    const now = `${some(state.ahead) ? " done" : ""}${has(ahead) ? " active" : ""}|${some(state.behind) ? " done" : ""}${lit ? " active" : ""}`;
    const many = arrow.edges.length;
    const lone = lit && many > 1 ? arrow.edges.find((e) => behind.has(e)) : null;
    const text = many > 1 ? `×${many}${lone === null || lone === undefined ? "" : `: ${state.texts[lone]}`}` : state.behind[arrow.edges[0]] && (arrows.length <= LABELS || lit) ? state.texts[arrow.edges[0]] : "";
    if (arrow.seen !== now + text) {
      arrow.seen = now + text;
      const [a, b] = now.split("|");
      arrow.ahead.setAttribute("class", `forward-arrow${a}`);
      arrow.behind.setAttribute("class", `back-arrow${b}`);
      arrow.text.textContent = text;
      arrow.text.setAttribute("class", `arrow-label${many > 1 ? " many" : ""}${lit ? " active" : ""}`);
    }
  }
  $("slider").value = at;
  $("slider").max = steps.length;
  $("slider").setAttribute("aria-valuetext", `step ${at} of ${steps.length}`);
  $("count").textContent = `${at} of ${steps.length}`;
  for (const id of ["first", "back"]) $(id).disabled = at === 0;
  for (const id of ["next", "last"]) $(id).disabled = at === steps.length;
  $("says").replaceChildren(...sentence());
  markLines();
  inspect();
}
function moved() {
  // After one step: the node in sight, contributions on their way.
  const list = activeNodes();
  if ($("follow").checked && list.length) choose(standing(list[0])); else show();
  const [, behind] = activeArrows();
  $("moving").replaceChildren();
  if (still.matches || !behind.length || arrows.length > 600) return;
  const travel = new Set(behind);
  const going = arrows.filter((a) => a.behind && a.edges.some((e) => travel.has(e))).slice(0, 40);
  const dots = going.map((a) => { const dot = draw("circle", { class: "dot", r: 5 }); $("moving").append(dot); return [a.behind, a.behind.getTotalLength(), dot]; });
  const begin = performance.now(), at0 = at;
  const frame = (now) => {
    const t = Math.min(1, (now - begin) / 450);
    if (at !== at0 || t >= 1) { dots.forEach(([, , d]) => d.remove()); return; }
    for (const [p, length, d] of dots) { const q = p.getPointAtLength(length * t); d.setAttribute("cx", q.x); d.setAttribute("cy", q.y); }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
function step(by) { reach(at + by); moved(); }

// ---- pan and zoom -------------------------------------------------------------------------------
let paneSize = null;
const pane = () => (paneSize ??= $("drawing").getBoundingClientRect());
const camera = { x: 0, y: 0, k: 1 };
function aim() {
  $("scene").setAttribute("transform", `translate(${fixed(camera.x)} ${fixed(camera.y)}) scale(${camera.k.toFixed(4)})`);
  if (!culling && items.size > CULLED) { culling = true; requestAnimationFrame(cull); }
}
// Of large graphs only what is in sight is there to be drawn, and text only where it can be read.
let culling = false;
function cull() {
  culling = false;
  const { width, height } = pane(), margin = 300 / camera.k;
  const left = -camera.x / camera.k - margin, top = -camera.y / camera.k - margin;
  const right = (width - camera.x) / camera.k + margin, bottom = (height - camera.y) / camera.k + margin;
  $("scene").classList.toggle("far", camera.k < 0.2);
  const away = (thing, x0, y0, x1, y1, elements) => {
    const out = x1 < left || x0 > right || y1 < top || y0 > bottom;
    if (thing.out === out) return;
    thing.out = out;
    for (const element of elements) element.style.display = out ? "none" : "";
  };
  for (const item of items.values()) if (item.dom) away(item, item.x - item.width / 2, item.y - item.height / 2, item.x + item.width / 2, item.y + item.height / 2, [item.dom.g]);
  for (const arrow of arrows) if (arrow.ahead) away(arrow, ...arrow.bounds, [arrow.ahead, arrow.behind, arrow.text]);
}
function fit() {
  if (!layoutSize) return;
  const { width, height } = pane();
  camera.k = Math.max(0.02, Math.min(1.6, (width - 48) / layoutSize.width, (height - 48) / layoutSize.height));
  camera.x = (width - layoutSize.width * camera.k) / 2; camera.y = (height - layoutSize.height * camera.k) / 2;
  aim();
}
function zoom(factor, x, y) {
  const { width, height } = pane();
  x ??= width / 2; y ??= height / 2;
  const k = Math.max(0.02, Math.min(8, camera.k * factor));
  camera.x = x - ((x - camera.x) * k) / camera.k; camera.y = y - ((y - camera.y) * k) / camera.k; camera.k = k;
  aim();
}
function within() {
  // Not past the ends of the graph.
  const { width, height } = pane();
  const clamp = (x, room, size) => (size * camera.k < room - 48 ? (room - size * camera.k) / 2 : Math.min(24, Math.max(room - size * camera.k - 24, x)));
  camera.x = clamp(camera.x, width, layoutSize.width);
  camera.y = clamp(camera.y, height, layoutSize.height);
  aim();
}
function itemOf(key) { return items.get(key) ?? [...items.values()].find((item) => item.key.startsWith(`${key}@`)); }
function centre(key, gently) {
  const item = itemOf(key);
  if (!item || item.x === undefined) return gently ? undefined : fit();
  const { width, height } = pane();
  const x = item.x * camera.k + camera.x, y = item.y * camera.k + camera.y;
  if (gently && x > 30 && y > 30 && x < width - 30 && y < height - 30) return;
  if (!gently) camera.k = Math.max(camera.k, 0.7);
  camera.x = width / 2 - item.x * camera.k; camera.y = height / 2 - item.y * camera.k;
  aim();
}
const fingers = new Map();
$("drawing").addEventListener("wheel", (e) => {
  e.preventDefault();
  const box = $("drawing").getBoundingClientRect();
  zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0015)), e.clientX - box.left, e.clientY - box.top);
}, { passive: false });
$("drawing").addEventListener("pointerdown", (e) => { fingers.set(e.pointerId, [e.clientX, e.clientY]); });
addEventListener("pointermove", (e) => {
  const before = fingers.get(e.pointerId);
  if (!before) return;
  const others = [...fingers].filter(([id]) => id !== e.pointerId);
  if (others.length) {
    const [x, y] = others[0][1], box = $("drawing").getBoundingClientRect();
    zoom(Math.hypot(e.clientX - x, e.clientY - y) / (Math.hypot(before[0] - x, before[1] - y) || 1), x - box.left, y - box.top);
  } else { camera.x += e.clientX - before[0]; camera.y += e.clientY - before[1]; $("drawing").classList.add("dragged"); aim(); }
  fingers.set(e.pointerId, [e.clientX, e.clientY]);
});
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, (e) => { fingers.delete(e.pointerId); $("drawing").classList.remove("dragged"); });

// ---- choosing, opening --------------------------------------------------------------------------
function choose(key) { chosen = key; centre(key, true); show(); }
function toggle(group) {
  const yes = !isOpen[group];
  const more = members[group].length + inside[group].length;
  if (yes && items.size + more > OPEN_AT_MOST) { say(`${plural(more, "more box").replace("boxs", "boxes")} are too many at once: close another group first.`); return; }
  open(group, yes);
  chosen = yes ? standing(members[group][0] ?? firstIn(group)) : `g${group}`;
  layout(chosen);
}
function firstIn(group) {
  while (!members[group].length) group = inside[group][0];
  return members[group][0];
}
function reveal(i) {
  let changed = false;
  for (const g of around(nodes[i].group)) if (!isOpen[g]) { isOpen[g] = true; changed = true; }
  chosen = `n${i}`;
  if (changed) layout(chosen); else { centre(chosen, true); show(); }
}
function walkBy(by) {
  const list = [...new Map([...items.values()].map((item) => [item.key.split("@")[0], item])).entries()];
  const first = (item) => (item.node !== undefined ? item.node : firstIn(item.group));
  list.sort((a, b) => first(a[1]) - first(b[1]));
  const here = list.findIndex(([key]) => key === chosen);
  const [key] = list[Math.max(0, Math.min(list.length - 1, here < 0 ? (by > 0 ? 0 : list.length - 1) : here + by))] ?? [];
  if (key) { choose(key); $("drawing").setAttribute("aria-activedescendant", `box-${itemOf(key).key}`); }
}
function hover(item, yes) {
  item.dom.g.classList.toggle("hover", yes); item.seen.cls = null;
  const line = item.node !== undefined && nodes[item.node].line;
  if (line) rows.get(line.join(":"))?.classList.toggle("hover", yes);
}

// ---- the program --------------------------------------------------------------------------------
const rows = new Map(), onLine = new Map();
for (const i of data.forward) if (nodes[i].line) {
  const key = nodes[i].line.join(":");
  if (!onLine.has(key)) onLine.set(key, []);
  onLine.get(key).push(i);
}
function writeLines() {
  const pane = $("lines");
  data.files.forEach((file, f) => {
    if (data.files.length > 1 || file.name) pane.append(make("div", { class: "file", text: file.name }));
    let before = null;
    for (const [number, text] of file.lines) {
      if (before !== null && number !== before + 1) pane.append(make("div", { class: "file", text: "⋮" }));
      before = number;
      const key = `${f}:${number}`, used = onLine.has(key);
      const row = make("div", { class: `row${used ? " used" : ""}`, id: `line-${f}-${number}`, role: used ? "option" : "presentation", "aria-selected": used ? "false" : null },
        make("b", { text: number }), make("span", { text: text || " " }));
      if (used) {
        row.title = plural(onLine.get(key).length, "operation");
        row.addEventListener("click", () => lineChosen(key));
        row.addEventListener("pointerenter", () => lineHover(key, true));
        row.addEventListener("pointerleave", () => lineHover(key, false));
      }
      rows.set(key, row);
      pane.append(row);
    }
  });
  $("code").classList.toggle("none", !data.files.length);
  document.querySelector("aside").classList.toggle("narrow", !data.files.length);
}
function lineHover(key, yes) {
  rows.get(key).classList.toggle("hover", yes);
  const keys = new Set(onLine.get(key).map(standing));
  for (const k of keys) { const item = itemOf(k); if (item?.dom) { item.dom.g.classList.toggle("hover", yes); item.seen.cls = null; } }
}
const turn = new Map();
let lineAt = null;
function lineChosen(key) {
  lineAt = key;
  const list = onLine.get(key), next = (turn.get(key) ?? -1) + 1;
  turn.set(key, next % list.length);
  reveal(list[next % list.length]);
}
let lineInSight = null;
function inSight(row) {
  if (lineInSight === row) return;
  lineInSight = row;
  requestAnimationFrame(() => {
    const pane = $("code"), top = row.offsetTop;
    if (top < pane.scrollTop) pane.scrollTop = top - 30;
    else if (top + row.offsetHeight > pane.scrollTop + pane.clientHeight) pane.scrollTop = top + row.offsetHeight + 30 - pane.clientHeight;
  });
}
let marked = [];
function markLines() {
  for (const row of marked) { row.classList.remove("now", "at"); row.setAttribute("aria-selected", "false"); }
  const i = chosen?.[0] === "n" ? Number(chosen.slice(1).split("@")[0]) : activeNodes().find((n) => nodes[n].line);
  const key = i !== undefined && nodes[i]?.line ? nodes[i].line.join(":") : null;
  if (key && rows.has(key)) { rows.get(key).classList.add("now"); rows.get(key).setAttribute("aria-selected", "true"); inSight(rows.get(key)); }
  marked = [rows.get(key), rows.get(lineAt)].filter(Boolean);
  if (lineAt && rows.has(lineAt)) { rows.get(lineAt).classList.add("at"); $("lines").setAttribute("aria-activedescendant", rows.get(lineAt).id); }
}
$("lines").addEventListener("keydown", (e) => {
  const keys = [...rows.keys()].filter((key) => onLine.has(key));
  const here = keys.indexOf(lineAt);
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    lineAt = keys[Math.max(0, Math.min(keys.length - 1, here + (e.key === "ArrowDown" ? 1 : -1)))] ?? null;
    e.preventDefault(); e.stopPropagation(); markLines();
    inSight(rows.get(lineAt));
  } else if (e.key === "Enter" && lineAt) { e.preventDefault(); lineChosen(lineAt); }
});

// ---- the inspector ------------------------------------------------------------------------------
let inspected = null;
function inspect() {
  const pane = $("details");
  const key = `${chosen}|${at}|${mode}`;
  if (inspected === key) return;
  inspected = key;
  if (!chosen) { pane.replaceChildren(make("p", { class: "small", text: "Choose a node: a click, or Tab to the graph and the arrow keys." })); return; }
  pane.replaceChildren(...(chosen[0] === "g" ? ofGroup(Number(chosen.slice(1))) : ofNode(nodes[Number(chosen.slice(1).split("@")[0])])));
}
function ofGroup(g) {
  const group = groups[g];
  const here = $("follow").checked ? activeNodes().find((i) => standing(i) === `g${g}`) : undefined;
  if (here !== undefined) return [make("p", { class: "small" }, `in the closed group ${group.name} `, make("button", { text: "Show it there", on: { click: () => reveal(here) } })), ...ofNode(nodes[here])];
  return [make("h3", { text: around(g).reverse().map((i) => groups[i].name).join(" › ") }),
    make("p", { text: `${plural(group.count, "operation")}${inside[g].length ? `, in ${plural(inside[g].length, "group")}` : ""}.` }),
    make("button", { text: "Open (Enter)", on: { click: () => toggle(g) } })];
}
function ofNode(node) {
  const out = [make("h3", { text: `${node.name || node.title}${node.op && node.op !== node.title ? ` · ${node.op}` : ""}` })];
  if (node.formula) out.push(make("p", { class: "formula", text: `${node.op}: ${node.formula.join(" = ")}` }));
  const facts = [];
  const fact = (name, text) => text !== "" && text !== undefined && facts.push(make("dt", { text: name }), make("dd", { text }));
  fact("kind", { leaf: "variable", constant: "constant", operation: node.look === "output" ? "output" : "operation" }[node.kind]);
  fact("shape", `${shape(node.shape)} ${node.dtype}`);
  if (node.group >= 0) fact("group", around(node.group).reverse().map((i) => groups[i].name).join(" › "));
  fact("options", node.options);
  if (node.line) fact("line", `${data.files[node.line[0]].name}:${node.line[1]}`);
  if (node.saved !== undefined) fact("saved", `${plural(node.saved, "byte")} for the way back`);
  if (node.times) fact("time", `${node.times[0]} µs forward, ${node.times[1]} µs backward`);
  if (node.kind === "leaf" && node.out.length > 1) fact("used", `${node.out.length} times`);
  out.push(make("dl", { class: "facts" }, ...facts));
  if (state.computed[node.id] || node.kind !== "operation") {
    if (node.value) out.push(make("h4", { text: "Value" }), ...content(node.value));
    else out.push(make("p", { class: "small", text: "The value is no longer held." }));
  }
  if (node.gradient && node.kind !== "constant") {
    out.push(make("h4", { text: node.kind === "leaf" ? "Gradient" : "Gradient (the cotangent that came in)" }));
    const now = state.sums[node.id];
    if (isBack() && now && now !== node.shortGradient) out.push(make("p", { class: "small", text: `so far: ${now}; complete:` }));
    out.push(...content(node.gradient));
    const came = node.out.map(rightOf).filter(Boolean);
    if (came.length > 1) out.push(make("h4", { text: "It is the sum of" }), sums(came.slice(0, 100), (one) => edges[one.edge].to, (one) => `+ ${one.sum[1]} → ${one.sum[2]}`));
    else if (came.length) out.push(make("p", { class: "small" }, "it came from ", link(edges[came[0].edge].to)));
  }
  const gave = node.in.map(rightOf).filter(Boolean);
  if (gave.length) {
    out.push(make("h4", { text: "Contribution to each operand" }));
    out.push(sums(gave, (one) => edges[one.edge].from, (one) => {
      const edge = edges[one.edge];
      return `${edge.local !== undefined ? `${node.shortGradient} · ${edge.local} (local derivative) = ` : ""}${one.sum[1]}${one.raw ? `, summed from ${shape(one.raw)} to ${shape(nodes[edge.from].shape)}` : ""}`;
    }));
    for (const one of gave) if (one.value?.shape && nodes[edges[one.edge].from].title) out.push(make("p", { class: "small", text: `to ${nodes[edges[one.edge].from].title}:` }), ...content(one.value));
  }
  return out;
}
const link = (i) => make("button", { text: nodes[i].title, on: { click: () => reveal(i) } });
function sums(list, which, text) {
  return make("ul", { class: "sums" }, ...list.map((one) => make("li", {}, link(which(one)), ` ${text(one)}`)));
}
function content(value) {
  if (value.number !== undefined) return [make("p", { class: "number", text: typeof value.number === "number" ? String(value.number).replace("-", "−") : value.number })];
  if (value.other) return [make("p", { text: value.other })];
  if (value.several) return value.several.flatMap((one, i) => [make("p", { class: "small", text: `output ${i}${one ? "" : ": nothing"}` }), ...(one ? content(one) : [])]);
  const out = [];
  const columns = value.shape.length ? value.shape[value.shape.length - 1] : 1;
  if (value.numbers) {
    const list = value.numbers.map((x) => (typeof x === "number" ? x : NaN));
    const size = Math.max(...list.map(Math.abs).filter(Number.isFinite), 0) || 1;
    if (columns <= 8 && list.length <= 64) {
      const table = make("table", { class: "heat" });
      for (let r = 0; r * columns < list.length; r++) {
        table.append(make("tr", {}, ...value.numbers.slice(r * columns, (r + 1) * columns).map((x) => {
          const cell = make("td", { text: figure(x) });
          if (typeof x === "number") cell.style.background = `color-mix(in srgb, var(${x < 0 ? "--low" : "--high"}) ${Math.round((Math.abs(x) / size) * 45)}%, transparent)`;
          return cell;
        })));
      }
      out.push(table);
    } else out.push(heat(Math.ceil(list.length / columns), columns, list.map((x) => x / size)));
    out.push(make("p", { class: "small", text: `${shape(value.shape)}, from ${figure(Math.min(...list.filter(Number.isFinite)))} to ${figure(Math.max(...list.filter(Number.isFinite)))}` }));
    return out;
  }
  if (value.map) {
    const bytes = Uint8Array.from(atob(value.map), (c) => c.charCodeAt(0));
    out.push(heat(value.shape[0], value.shape[1], [...bytes].map((b) => (b ? (b - 128) / 127 : NaN))));
  }
  if (value.bars) {
    const most = Math.max(...value.bars, 1);
    out.push(draw("svg", { class: "bars", viewBox: "0 0 160 60", preserveAspectRatio: "none", role: "img", "aria-label": `histogram from ${figure(value.low)} to ${figure(value.high)}: ${value.bars.join(", ")}` },
      ...value.bars.map((n, i) => draw("rect", { x: i * 10 + 0.5, width: 9, y: 60 - (n / most) * 58, height: (n / most) * 58 }))));
  }
  const odd = [value.nan ? `${value.nan} NaN` : "", value.inf ? `${value.inf} infinite` : "", value.zeros ? `${value.zeros.toLocaleString("en")} zeros` : ""].filter(Boolean).join(", ");
  out.push(make("p", { class: "small", text: `${shape(value.shape)}, norm ${figure(value.norm)}${value.low !== undefined ? `, from ${figure(value.low)} to ${figure(value.high)}` : ""}${value.mean !== undefined ? `, mean ${figure(value.mean)} ± ${figure(value.deviation)}` : ""}${odd ? `, ${odd}` : ""}` }));
  return out;
}
function heat(height, width, levels) {
  const canvas = make("canvas", { width, height, role: "img", "aria-label": `heat map, ${height} rows, ${width} columns` });
  const pen = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
  const color = (name) => { const hex = style.getPropertyValue(name).trim(); return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)); };
  const [low, middle, high] = ["--low", "--middle", "--high"].map(color);
  const image = pen.createImageData(width, height);
  levels.forEach((x, i) => {
    const to = x < 0 ? low : high, t = Math.min(1, Math.abs(x));
    const rgb = Number.isNaN(x) ? [255, 0, 255] : middle.map((m, k) => m + (to[k] - m) * t);
    image.data.set([...rgb, 255], 4 * i);
  });
  pen.putImageData(image, 0, 0);
  canvas.style.aspectRatio = `${width} / ${height}`;
  if (width > height * 8) canvas.style.height = "24px";
  return canvas;
}

// ---- finding ------------------------------------------------------------------------------------
let matches = [], matchAt = -1;
function search(query) {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const told = (node) => [node.title, node.op, node.kind === "leaf" ? "variable" : node.kind, ...(node.formula ?? []), around(node.group).map((g) => groups[g].name).reverse().join("."), shape(node.shape)].join(" ").toLowerCase();
  matches = words.length ? nodes.filter((node) => { const text = told(node); return words.every((w) => text.includes(w)); }).map((n) => n.id) : [];
  const exact = (i) => (nodes[i].title.toLowerCase() === words.join(" ") ? 0 : nodes[i].op.toLowerCase() === words.join(" ") ? 1 : 2);
  matches.sort((a, b) => exact(a) - exact(b) || a - b);
  hits = new Set(matches); matchAt = -1;
  $("found").textContent = words.length ? `${matches.length.toLocaleString("en")} found` : "";
  show();
}
let typing = 0;
$("query").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => search($("query").value), 120); });
$("find").addEventListener("submit", (e) => {
  e.preventDefault();
  clearTimeout(typing);
  const before = matchAt;
  const query = $("query").value;
  if (query !== $("find").dataset.query) { $("find").dataset.query = query; search(query); } else matchAt = before;
  if (!matches.length) return;
  matchAt = (matchAt + 1) % matches.length;
  $("found").textContent = `${matchAt + 1} of ${matches.length.toLocaleString("en")}`;
  reveal(matches[matchAt]);
});

// ---- buttons and keys ---------------------------------------------------------------------------
let playing = 0;
function play(yes = !playing) {
  clearInterval(playing);
  playing = 0;
  if (yes) {
    if (at === steps.length) go(0);
    const pace = steps.length > 400 ? 120 : steps.length > 60 ? 450 : 1100;
    step(1);
    playing = setInterval(() => { if (at >= steps.length) play(false); else step(1); }, pace);
  }
  $("play").textContent = playing ? "‖ Pause" : "▶ Play";
  $("play").setAttribute("aria-label", playing ? "Pause" : "Play");
}
function order(name) {
  if (!orders[name]) return;
  const place = at;
  mode = name; steps = orders[name]; $("mode").value = name;
  reset();
  reach(Math.min(place, forward.length + begins.length));
  moved();
}
const acts = {
  fit, closer: () => zoom(1.25), farther: () => zoom(0.8), theme, help: () => { $("about").showModal(); },
  turn: () => { turned = layoutSize?.direction === "TB" ? "LR" : "TB"; layout(); },
  expand: () => { const all = nodes.length; if (all > OPEN_AT_MOST) openMore(); else { groups.forEach((_, i) => { isOpen[i] = true; }); layout(); } },
  collapse: () => { groups.forEach((_, i) => { isOpen[i] = false; }); chosen = standing(activeNodes()[0] ?? 0); layout(); },
  first: () => { play(false); reach(0); moved(); }, back: () => { play(false); step(-1); }, next: () => { play(false); step(1); },
  last: () => { play(false); reach(steps.length); moved(); }, play: () => play(),
};
function openMore() {
  groups.forEach((_, i) => { isOpen[i] = false; });
  openFirst(600);
  layout().then(() => say(`${plural(nodes.length, "node")} are too many at once: some groups stay closed.`));
}
for (const [id, act] of Object.entries(acts)) $(id).addEventListener("click", act);
$("slider").addEventListener("input", () => { play(false); go(Number($("slider").value)); if ($("follow").checked && activeNodes().length) choose(standing(activeNodes()[0])); });
$("mode").addEventListener("change", () => { play(false); order($("mode").value); });
$("about").addEventListener("close", () => $("help").setAttribute("aria-expanded", "false"));
function theme() {
  const dark = document.documentElement.dataset.theme !== "dark";
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  inspected = null; inspect();
}
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (e) => { document.documentElement.dataset.theme = e.matches ? "dark" : "light"; inspected = null; inspect(); });
addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || $("about").open) return;
  const tag = e.target.tagName, typed = tag === "INPUT" && e.target.type === "search", pressed = tag === "BUTTON" || tag === "SELECT";
  if (typed) { if (e.key === "Escape") { $("query").value = ""; search(""); $("drawing").focus(); } return; }
  if (tag === "SELECT" || (e.target.type === "checkbox" && e.key === " ")) return;
  const keys = {
    ArrowRight: acts.next, ArrowLeft: acts.back, Home: acts.first, End: acts.last, "+": acts.closer, "=": acts.closer, "-": acts.farther, 0: fit,
    t: acts.turn, n: () => order(mode === "right" ? "naive" : "right"), "/": () => $("query").focus(), "?": acts.help,
  };
  if (e.key === " " && !pressed) keys[" "] = acts.play;
  if (e.target === $("drawing")) {
    keys.ArrowUp = () => walkBy(-1); keys.ArrowDown = () => walkBy(1);
    keys.Enter = () => { if (chosen?.[0] === "g") toggle(Number(chosen.slice(1))); else if (chosen) { const g = nodes[Number(chosen.slice(1).split("@")[0])].group; if (g >= 0) toggle(g); } };
  }
  if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
});
new ResizeObserver(([entry]) => { const before = paneSize; paneSize = entry.contentRect; if (before && Math.abs(before.width - paneSize.width) > 4) fit(); }).observe($("drawing"));

// ---- begin --------------------------------------------------------------------------------------
const operations = data.forward.length;
$("caption").textContent = `${plural(operations, "operation")}, ${plural(nodes.filter((n) => n.kind === "leaf").length, "variable")}${groups.length ? `, ${plural(groups.length, "group")}` : ""}`;
if (!orders.naive) {
  $("mode").options[1].disabled = true;
  $("mode").title = data.naive?.failed ? `The naive order failed: ${data.naive.failed}` : "No walk back was recorded.";
}
writeLines();
reset();
if (nodes.length <= OPEN_ALL) groups.forEach((_, i) => { isOpen[i] = true; }); else openFirst(OPEN_AT_FIRST);
const begin = data.backward.seeds[0]?.[0] ?? data.forward[operations - 1] ?? 0;
chosen = nodes.length ? standing(data.start === "first" ? 0 : begin) : null;
go(data.start === "first" ? 0 : steps.length);
globalThis.explorer = { data, go, step, order, get at() { return at; }, get items() { return items; }, state };
layout();
})();
