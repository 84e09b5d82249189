/* What a person would criticise in a page as it is drawn: text that is cut, covered or runs into other text, what scrolls or
   leaves its place, letters too small for a wall, a distorted stage, and pictures without anything in them.
   Called with { root, least_px, is_full, within_ms }; answers { faults, marks }: sentences, and each panel's data marks.
   A text that is decoration says so: data-decoration on it or around it. */
async ({ root: rootSelector, least_px, is_full, within_ms }) => {
  const TOUCH = 1.5; // stage pixels by which two texts, or a text and its box, may meet: letters are anti-aliased
  const FINE = 10; // letters are measured so much larger: an older browser measures in whole pixels
  const root = document.querySelector(rootSelector);
  if (!root) return { faults: [`missing: there is no ${rootSelector}`], marks: {} };
  const stage = root.querySelector(".stage"), faults = [], marks = {};
  const pen = document.createElement("canvas").getContext("2d"), inks = new Map();
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40);
  const place = (e) => { const panel = e.closest(".panel"); return panel ? panel.className.split(" ").find((name) => name.startsWith("area-")) : e.tagName.toLowerCase(); };
  const say = (kind, e, what) => faults.push(`${kind}: ${place(e)}: ${what}`);
  const isShown = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const isCutting = (style, axis) => style[`overflow${axis}`] !== "visible";

  /* ── until nothing moves any more ── */

  const graphs = () => [...root.querySelectorAll(".dash-graph")].filter(isShown);
  const plot = (graph) => graph.querySelector(".js-plotly-plot");
  const DRAWN = ".cartesianlayer .mlayer :is(path, text, image), .geolayer :is(.backplot, .frontplot) :is(path, text)";
  const hasSize = (e) => { const { width, height } = e.getBoundingClientRect(); return width + height > 0; };
  const marksOf = (graph) => [...graph.querySelectorAll(DRAWN)].filter(hasSize).length;
  const isOfItsSize = (graph) => {
    const drawn = plot(graph), layout = drawn && drawn._fullLayout;
    return Boolean(layout && drawn.querySelector(".main-svg")) && Math.abs(layout.width - drawn.clientWidth) < 1 && Math.abs(layout.height - drawn.clientHeight) < 1;
  };

  async function settle() {
    await document.fonts.ready;
    const began = performance.now();
    for (let last = "", still = 0; still < 3; ) {
      await new Promise(requestAnimationFrame);
      const boxes = [...root.querySelectorAll(".panel, .main-svg, svg text")].map((e) => { const { left, top, width, height } = e.getBoundingClientRect(); return [left, top, width, height].map(Math.round); });
      const now = JSON.stringify(boxes), isReady = graphs().every((graph) => isOfItsSize(graph) && marksOf(graph)) && document.getAnimations().every((one) => one.playState !== "running");
      still = isReady && now === last ? still + 1 : 0;
      last = now;
      if (performance.now() - began > within_ms) {
        for (const graph of graphs()) if (!isOfItsSize(graph)) say("unsettled", graph, "a picture has not the size of its place");
        return;
      }
    }
  }
  await settle();

  /* ── the stage ── */

  const matrix = stage ? new DOMMatrix(getComputedStyle(stage).transform) : new DOMMatrix();
  const scale = matrix.a;
  if (matrix.a !== matrix.d || matrix.b || matrix.c) say("distorted", stage, `${matrix.a} across, ${matrix.d} down`);
  if (stage) {
    const { left, top, right, bottom } = stage.getBoundingClientRect();
    const fills = (Math.abs(left) < 2 && Math.abs(right - innerWidth) < 2) || (Math.abs(top) < 2 && Math.abs(bottom - innerHeight) < 2);
    if (!fills) say("scaled", stage, `${Math.round(right - left)} × ${Math.round(bottom - top)} on ${innerWidth} × ${innerHeight}`);
  }

  /* ── boxes ── */

  function scrolled() {
    const page = document.scrollingElement, style = getComputedStyle(page), body = getComputedStyle(document.body);
    const isHeld = (axis) => [style, body].some((one) => ["hidden", "clip"].includes(one[`overflow${axis}`]));
    if (page.scrollWidth > innerWidth + 1 && !isHeld("X")) say("scrolls", page, `${page.scrollWidth} wide in ${innerWidth}`);
    if (stage && page.scrollHeight > innerHeight + 1 && !isHeld("Y")) say("scrolls", page, `${page.scrollHeight} high in ${innerHeight}`);
    if (stage && innerWidth > page.clientWidth) say("scrolls", page, "there is a scrollbar");
  }

  function overflowing(e) {
    const style = getComputedStyle(e);
    for (const [axis, wants, has] of [["X", e.scrollWidth, e.clientWidth], ["Y", e.scrollHeight, e.clientHeight]]) {
      if (wants <= has + 1 || !has || !isCutting(style, axis)) continue;
      const isScrolling = ["auto", "scroll"].includes(style[`overflow${axis}`]);
      if (isScrolling && !stage) continue; // a page for a desk has boxes that scroll
      say(isScrolling ? "scrolls" : "cut", e, `${short(e.textContent)} wants ${wants} of ${has} px ${axis === "X" ? "across" : "down"}`);
    }
  }

  function beyond(e) {
    const own = e.getBoundingClientRect(), panel = stage && e.closest(".panel");
    if (!own.width || !own.height) return;
    const isOut = own.left < -1 || own.right > innerWidth + 1 || (stage && (own.top < -1 || own.bottom > innerHeight + 1));
    if (isOut && (stage || !inScrolling(e))) { say("outside", e, `${short(e.textContent)} leaves the screen`); return; }
    if (!panel || e === panel || e.closest("svg, .js-plotly-plot") || getComputedStyle(e).display === "inline") return; // of those only letters are seen
    const box = panel.getBoundingClientRect(), right = box.right - parseFloat(getComputedStyle(panel).paddingRight) * scale;
    if (own.right > right + 2 * scale || own.bottom > box.bottom + 0.5 * scale || own.left < box.left - 1 || own.top < box.top - 1) say("outside", e, `${short(e.textContent)} leaves its panel`);
  }

  const inScrolling = (e) => { for (let at = e.parentElement; at; at = at.parentElement) if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true; return false; };

  /* ── texts, each as the corners of what one sees of it ── */

  function ink(owner, text) { // how much of a line's height is empty above and below its letters
    const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(owner), size = FINE * parseFloat(fontSize);
    const font = `${fontStyle} ${fontWeight} ${size}px ${fontFamily}`, key = font + text;
    if (!inks.has(key)) {
      pen.font = font;
      const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down, actualBoundingBoxAscent, actualBoundingBoxDescent } = pen.measureText(text.trim());
      inks.set(key, [(up - actualBoundingBoxAscent) / (up + down), (down - actualBoundingBoxDescent) / (up + down)]);
    }
    return inks.get(key);
  }

  const corners = (x, y, width, height, at = (px, py) => [px, py]) => [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)];
  const placedBy = ({ a, b, c, d, e, f }) => (x, y) => [a * x + c * y + e, b * x + d * y + f];

  function quads(node, owner) {
    const [above, below] = ink(owner, node.data), inked = ({ x, y, width, height }, at) => corners(x, y + height * above, width, height * (1 - above - below), at);
    const turned = owner.getScreenCTM && owner.getScreenCTM();
    if (turned && Math.abs(turned.b) > 1e-3) return [inked(owner.getBBox(), placedBy(turned))];
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1).map((box) => inked(box));
  }

  function texts() {
    const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, owner = node.parentElement;
      if (!node.data.trim() || owner.closest("title, desc, script, style, option, [data-decoration]") || !isShown(owner)) continue;
      for (const quad of quads(node, owner)) {
        const xs = quad.map(([x]) => x), ys = quad.map(([, y]) => y);
        const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
        const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (over && over.closest("[role=alert]") && !over.closest("[role=alert]").contains(owner)) continue; // it hides what it stands over, and means to
        found.push({ owner, text: short(node.data), quad, left, right, top, bottom, over });
      }
    }
    return found;
  }

  function clipOf(e) { // the box outside of which nothing of an element's content is drawn, or none
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const cut = /url\("?#([^")]+)/.exec(style.clipPath);
    if (cut && e.getScreenCTM) {
      const rect = document.getElementById(cut[1])?.firstElementChild;
      if (!rect) return null;
      const { x, y, width, height } = rect.getBBox(), all = corners(x, y, width, height, placedBy(e.getScreenCTM()));
      return { left: all[0][0], top: all[0][1], right: all[2][0], bottom: all[2][1] };
    }
    if (e instanceof SVGElement && !(e instanceof SVGSVGElement)) return null;
    if (style.display === "inline" || style.display === "contents") return null;
    const [x, y] = [isCutting(style, "X"), isCutting(style, "Y")];
    return x || y ? { left: x ? box.left : -1e9, right: x ? box.right : 1e9, top: y ? box.top : -1e9, bottom: y ? box.bottom : 1e9 } : null;
  }

  const clips = new Map();
  function cutBy({ owner, left, right, top, bottom }) {
    for (let e = owner; e && e !== document.body; e = e.parentElement) {
      if (!clips.has(e)) clips.set(e, clipOf(e));
      const clip = clips.get(e), play = TOUCH * scale;
      if (!stage && clip && ["auto", "scroll"].includes(getComputedStyle(e).overflowX)) return null;
      if (clip && (left < clip.left - play || right > clip.right + play || top < clip.top - play || bottom > clip.bottom + play)) return e;
    }
    return null;
  }

  const across = (one, other, [nx, ny]) => {
    const span = (quad) => quad.map(([x, y]) => x * nx + y * ny), [a, b] = [span(one), span(other)];
    return Math.min(Math.max(...a), Math.max(...b)) - Math.max(Math.min(...a), Math.min(...b));
  };
  const normals = (quad) => [0, 1].map((k) => { const [x, y] = [quad[k + 1][0] - quad[k][0], quad[k + 1][1] - quad[k][1]], long = Math.hypot(x, y) || 1; return [y / long, -x / long]; });
  const depth = (one, other) => Math.min(...[...normals(one.quad), ...normals(other.quad)].map((normal) => across(one.quad, other.quad, normal)));

  function overlapping(all) {
    all.forEach((one, at) => {
      for (const other of all.slice(at + 1)) {
        const near = one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
        if (near && depth(one, other) > TOUCH * scale) say("overlap", one.owner, `${one.text} | ${other.text}`);
      }
    });
  }

  const isOpaque = (e) => { const { backgroundColor, opacity } = getComputedStyle(e); return Number(opacity) === 1 && !/, 0(\.\d+)?\)$|transparent/.test(backgroundColor); };

  function covered({ owner, text, over }) {
    if (!over || over.contains(owner) || owner.contains(over) || over.closest("svg, .js-plotly-plot") || !isOpaque(over)) return;
    say("covered", owner, `${text} lies under ${short(over.textContent) || over.className}`);
  }

  function small({ owner, text }) {
    const turned = owner.getScreenCTM ? owner.getScreenCTM() : null, own = turned ? Math.hypot(turned.a, turned.b) / scale : 1;
    const size = parseFloat(getComputedStyle(owner).fontSize) * own;
    if (size < least_px - 0.1) say("small", owner, `${text} in letters of ${size.toFixed(1)} px`);
  }

  /* ── what each panel draws ── */

  const PICTURES = ".panel-box, .panel-cards, .panel-scenes"; // one with .not-yet keeps a place for what will come

  function counted(panel) {
    const charts = [...panel.querySelectorAll(".dash-graph")].map(marksOf);
    const bodies = [...panel.querySelectorAll("tbody")].map((body) => body.rows.length);
    const numbers = all.filter(({ owner, text }) => panel.contains(owner) && /\d/.test(text)).length;
    if (charts.includes(0)) say("undrawn", panel, "a picture without a mark");
    if (bodies.includes(0)) say("undrawn", panel, "a table without a row");
    if (!all.some(({ owner }) => panel.contains(owner))) say("undrawn", panel, "no word at all");
    if (is_full && panel.querySelector(".nothing")) say("empty", panel, short(panel.querySelector(".nothing").textContent));
    const sum = [...charts, ...bodies, numbers].reduce((a, b) => a + b, 0);
    if (is_full && !sum) say("empty", panel, "nothing that tells of data");
    return sum;
  }

  const all = texts();
  scrolled();
  for (const e of root.querySelectorAll("*")) if (e instanceof HTMLElement && isShown(e)) { overflowing(e); beyond(e); }
  for (const one of all) {
    const by = cutBy(one);
    if (by) say("cut", one.owner, `${one.text} is cut by ${by.getAttribute("class") || by.tagName}`);
    if (least_px) small(one);
    covered(one);
  }
  overlapping(all);
  for (const panel of root.querySelectorAll(PICTURES)) if (!panel.querySelector(".not-yet")) marks[place(panel)] = counted(panel);
  return { faults: [...new Set(faults)], marks };
}
