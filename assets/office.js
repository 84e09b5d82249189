/* The browser's side of the office pages: of a page that names its state, what changed is asked for every half minute and set
   in place, the drawing is put in, ages count on, a node lights what it rests on and what rests on it, and a file is looked at before it is sent. */
(() => {
  "use strict";
  const ASK_EVERY_MS = 30000, LOST_AFTER_MS = 90000, WITHIN_MS = 20000, UPLOAD_WITHIN_MS = 300000, BECAME_EVERY_MS = 2000;
  const UNITS = [[90, 1, "秒", "s"], [5400, 60, "分钟", "min"], [172800, 3600, "小时", "h"], [Infinity, 86400, "天", "days"]];
  const page = () => document.querySelector(".office[data-state]");
  const isChinese = () => (document.querySelector(".office") || document.documentElement).getAttribute("data-language") !== "en";
  const language = () => (isChinese() ? "zh" : "en");

  let known = null; // the page whose state is known, for another one begins anew
  let etag = null, askedAt = 0, heardAt = 0, isAsking = false, ahead = 0; // ahead: the server's clock against ours, in ms
  let sections = {}, drawing = null, chosen = null;

  /* ── ages ── */

  function span(seconds) {
    const [, size, zh, en] = UNITS.find(([limit]) => seconds < limit);
    return `${Math.max(0, Math.round(seconds / size))} ${isChinese() ? zh : en}`;
  }

  function countAges() {
    const now = (Date.now() + ahead) / 1000;
    for (const age of document.querySelectorAll(".ago[data-since]")) {
      const text = span(now - Number(age.dataset.since)), told = isChinese() ? `${text}前` : `${text} ago`;
      if (age.textContent !== told) age.textContent = told;
    }
  }

  function countOn() {
    countAges();
    const silent = performance.now() - heardAt, isLost = silent > LOST_AFTER_MS;
    document.body.classList.toggle("is-office-lost", isLost);
    const lost = document.querySelector(".lost-for");
    if (lost && isLost) lost.textContent = isChinese() ? `已 ${span(silent / 1000)}` : `for ${span(silent / 1000)}`;
  }

  /* ── what changed ── */

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    askedAt = performance.now();
    try {
      const headers = etag ? { "If-None-Match": etag } : {};
      const asked = page(), answer = await fetch(asked.dataset.state, { headers, cache: "no-store", signal: AbortSignal.timeout(WITHIN_MS) });
      if (answer.status !== 304 && !answer.ok) throw new Error(`${asked.dataset.state}: ${answer.status}`);
      const told = Date.parse(answer.headers.get("date") || "");
      if (!Number.isNaN(told)) ahead = told - Date.now();
      if (asked !== page()) return; // another page was opened meanwhile
      if (answer.status !== 304) {
        const brought = await answer.json();
        etag = answer.headers.get("etag");
        for (const [id, children] of Object.entries(brought.sections)) show(id, children);
        if (brought.drawing) draw(brought.drawing);
      }
      heardAt = performance.now();
      countOn();
    } catch (error) {
      console.warn("cockpit: the page could not be renewed,", error.message);
    } finally {
      isAsking = false;
    }
  }

  function show(id, children) {
    const text = JSON.stringify(children);
    if (sections[id] === text) return;
    sections[id] = text;
    window.dash_clientside.set_props(id, { children });
  }

  /* ── the drawing ── */

  function draw(text) {
    const place = document.getElementById("lineage-drawing");
    if (!place || (text === drawing && place.firstChild)) return;
    const held = document.activeElement && document.activeElement.getAttribute("data-key");
    const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    place.replaceChildren(document.importNode(svg, true));
    drawing = text;
    if (held) focusOn(held);
    light(chosen);
  }

  const nodes = () => [...document.querySelectorAll(".lineage-node")];
  const node = (key) => nodes().find((one) => one.dataset.key === key);

  function focusOn(key) {
    const one = node(key);
    if (one) one.focus({ preventScroll: true });
  }

  function reached(key, from, to) {
    const edges = [...document.querySelectorAll(".lineage-edge")], found = new Set([key]);
    for (const one of found) for (const edge of edges) if (edge.dataset[from] === one) found.add(edge.dataset[to]);
    return found;
  }

  function light(key) {
    const svg = document.querySelector("#lineage-drawing svg");
    if (!svg) return;
    svg.classList.toggle("is-choosing", Boolean(key && node(key)));
    const up = key ? reached(key, "to", "from") : new Set(), down = key ? reached(key, "from", "to") : new Set();
    for (const one of nodes()) {
      one.classList.toggle("is-lit", up.has(one.dataset.key) || down.has(one.dataset.key));
      one.setAttribute("aria-pressed", String(one.dataset.key === chosen));
    }
    for (const edge of document.querySelectorAll(".lineage-edge")) {
      const isUp = up.has(edge.dataset.from) && up.has(edge.dataset.to), isDown = down.has(edge.dataset.from) && down.has(edge.dataset.to);
      edge.classList.toggle("is-lit", isUp || isDown);
    }
  }

  const keyAt = (target) => { const one = target.closest && target.closest(".lineage-node"); return one ? one.dataset.key : null; };

  function choose(key) {
    chosen = chosen === key ? null : key;
    light(chosen);
  }

  /* ── refused rows, and files ── */

  const setProps = (id, children) => window.dash_clientside.set_props(id, { children });
  const note = (id, zh, en) => setProps(id, isChinese() ? zh : en);

  async function listRefused(button) {
    const asked = new URLSearchParams({ source: button.dataset.source, into: button.dataset.into, reason: button.dataset.reason, lang: language() });
    try {
      const answer = await fetch(`/data/refused?${asked}`, { cache: "no-store", signal: AbortSignal.timeout(WITHIN_MS) });
      if (!answer.ok) throw new Error(String(answer.status));
      setProps("quarantine-rows", (await answer.json()).children);
      setTimeout(() => document.getElementById("quarantine-rows").scrollIntoView({ block: "nearest" }), 100);
    } catch (error) {
      note("quarantine-rows", `无法列出：${error.message}`, `cannot be listed: ${error.message}`);
    }
  }

  function chooseFile(source) {
    const input = document.createElement("input");
    input.type = "file";
    input.addEventListener("change", () => { if (input.files.length) lookAt(source, input.files[0]); });
    input.click();
  }

  let uploads = 0; // only what became of the newest one is shown

  async function lookAt(source, file) {
    const own = ++uploads;
    note("upload-result", "正在读取……", "Reading …");
    try {
      const headers = { "X-File-Name": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" };
      const answer = await fetch(`/data/upload/${encodeURIComponent(source)}?lang=${language()}`, { method: "POST", body: file, headers, signal: AbortSignal.timeout(UPLOAD_WITHIN_MS) });
      const told = await answer.json();
      if (own === uploads) setProps("upload-result", told.children || told.error);
    } catch (error) {
      if (own === uploads) note("upload-result", `上传中断：${error.message}`, `the upload was cut off: ${error.message}`);
    }
  }

  async function confirmUpload(button) {
    const own = ++uploads, token = encodeURIComponent(button.dataset.token);
    button.disabled = true;
    try {
      const answer = await fetch(`/data/upload/${token}/confirm?lang=${language()}`, { method: "POST", signal: AbortSignal.timeout(WITHIN_MS) });
      const told = await answer.json();
      setProps("upload-result", told.children || told.error);
      if (answer.ok) follow(own, token);
    } catch (error) {
      button.disabled = false;
      console.warn("cockpit: the file could not be submitted,", error.message);
    }
  }

  async function follow(own, token) {
    if (own !== uploads) return;
    try {
      const answer = await fetch(`/data/upload/${token}?lang=${language()}`, { cache: "no-store", signal: AbortSignal.timeout(WITHIN_MS) });
      const told = await answer.json();
      if (answer.ok && told.done) {
        setProps("upload-result", told.children);
        ask();
        return;
      }
      if (answer.status === 404) return;
    } catch (error) {
      console.warn("cockpit: what became of the file is not known yet,", error.message);
    }
    setTimeout(() => follow(own, token), BECAME_EVERY_MS);
  }

  /* ── what a person does ── */

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".show-group, .choose-file, .confirm-upload");
    if (button && button.matches(".show-group")) listRefused(button);
    else if (button && button.matches(".choose-file")) chooseFile(button.dataset.source);
    else if (button) confirmUpload(button);
    else if (keyAt(event.target)) choose(keyAt(event.target));
    else if (event.target.closest("#lineage-drawing")) choose(chosen);
  });
  document.addEventListener("keydown", (event) => {
    if (!keyAt(event.target) || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    choose(keyAt(event.target));
  });
  for (const [entered, left] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    document.addEventListener(entered, (event) => { if (keyAt(event.target)) light(keyAt(event.target)); });
    document.addEventListener(left, (event) => { if (keyAt(event.target)) light(chosen); });
  }
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!document.querySelector(".taker")) return;
      event.preventDefault(); // a file dropped beside the box must not open in place of the page
      const box = event.target.closest && event.target.closest(".taker");
      if (kind === "drop" && box && event.dataTransfer.files.length) lookAt(box.dataset.source, event.dataTransfer.files[0]);
    });
  }

  /* ── once a second ── */

  function look() {
    const here = page();
    document.body.classList.toggle("has-office", Boolean(document.querySelector(".office")));
    if (!here || !(window.dash_clientside && window.dash_clientside.set_props)) {
      countAges();
      document.body.classList.remove("is-office-lost");
      return;
    }
    if (here !== known) { // opened just now
      known = here;
      sections = {};
      etag = drawing = chosen = null;
      heardAt = performance.now();
      askedAt = -Infinity;
    }
    countOn();
    if (!document.hidden && performance.now() - askedAt > ASK_EVERY_MS) ask();
  }

  setInterval(look, 1000);
  new MutationObserver(() => { if (page() !== known) look(); }).observe(document.documentElement, { childList: true, subtree: true });
})();
