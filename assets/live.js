/* The browser's side of the live update: the stream rings, the panels are fetched, their props are set.
   What is shown is young only while it is known to be the newest: a stream that rings is not enough.
   It retries for ever, says on screen when it lost touch, and reloads when the server's version changed.
   A wall holds several screens that take turns; each is brought up to date before it is seen. */
(() => {
  "use strict";
  const SILENT_AFTER_MS = 30000, FETCH_WITHIN_MS = 10000, RETRY_MS = 2000, FAILURES_BEFORE_POLLING = 2, FIRST_RING_MS = 5000, POLL_FOR_MS = 600000, BLANK_AFTER_MS = 20000;
  const AHEAD_MS = 6000, TURN_WITHIN_MS = 10000, AWAKE_MS = 4000;
  const startedAt = performance.now();
  const now = () => performance.now();
  const jitter = (ms) => ms * (0.5 + Math.random());
  const screens = () => [...document.querySelectorAll(".screen")];
  const seen = () => document.querySelector(".screen:not(.is-behind)");
  const isChinese = () => (seen() || document.documentElement).getAttribute("data-language") !== "en";
  const isLive = (page) => !page.hasAttribute("data-replay");

  let version = null; // the server's, at the first message
  let wanted = null; // the newest message heard
  let heardAt = now(), openedAt = now(), failures = 0, stream = null, isFetching = false, isLeading = false, pollingSince = null;
  const known = new WeakMap(); // of each screen: the edition it shows, its panels' etags, when it was last known to be the newest, and how old its data were then

  function state(page) {
    if (!known.has(page)) known.set(page, { shown: page.getAttribute("data-edition"), etags: {}, newestAt: null, ageThen: null });
    return known.get(page);
  }

  /* ── what a screen says of itself ── */

  function span(seconds) {
    const s = Math.max(0, Math.round(seconds));
    const [count, zh, en] = s < 90 ? [s, "秒", "s"] : s < 5400 ? [Math.round(s / 60), "分钟", "min"] : [Math.round(s / 3600), "小时", "h"];
    return isChinese() ? `${count} ${zh}` : `${count} ${en}`;
  }

  function write(element, text) { // a text node that says the same is left alone, or the page would grow by one each second
    if (element && element.textContent !== text) element.textContent = text;
  }

  function showAge() {
    const page = seen();
    if (!page) return;
    const { newestAt, ageThen } = state(page);
    const since = now() - (newestAt === null ? startedAt : newestAt);
    const isLost = since > SILENT_AFTER_MS && isLive(page);
    document.body.classList.toggle("is-lost", isLost);
    const seconds = ageThen === null ? null : ageThen + since / 1000;
    const told = seconds === null || !isLive(page) ? "" : isChinese() ? `${span(seconds)}前更新` : `updated ${span(seconds)} ago`;
    write(page.querySelector(".age-text"), told);
    if (isLost) write(page.querySelector(".lost-age"), isChinese() ? `已 ${span(since / 1000)}` : `for ${span(since / 1000)}`);
  }

  function confirmNewest(page, message, at) {
    Object.assign(state(page), { newestAt: at, ageThen: message.age_s });
    showAge();
  }

  /* ── hearing, and bringing what was heard of ── */

  function hear(message) {
    if (!message.edition) throw new Error("not a message of the cockpit");
    heardAt = now();
    failures = 0;
    if (version !== null && message.version !== version) { location.reload(); return; }
    version = message.version;
    wanted = message;
    bring();
  }

  async function ask(address) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_WITHIN_MS) });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }

  function due() { // the screen that is seen, and the one whose turn is next
    const pages = [seen(), nextIsDue() ? following() : null].filter((page) => page && isLive(page));
    return pages.find((page) => state(page).shown !== wanted.edition);
  }

  async function bring() {
    if (!wanted || isFetching || !(window.dash_clientside && window.dash_clientside.set_props)) return;
    for (const page of screens()) if (state(page).shown === wanted.edition) confirmNewest(page, wanted, heardAt);
    const page = due();
    if (!page) return;
    const target = wanted, askedAt = now();
    isFetching = true;
    try {
      const asked = new URLSearchParams({ tick: target.tick, edition: target.edition, since: state(page).shown, lang: page.getAttribute("data-language") });
      for (const [name, value] of new URLSearchParams(page.getAttribute("data-asked") || "")) asked.append(name, value);
      const brought = await ask(`/panels/${page.getAttribute("data-screen")}?${asked}`);
      if (!page.isConnected) return; // another town was chosen meanwhile
      const { etags } = state(page);
      for (const [id, panel] of Object.entries(brought.panels)) {
        if (etags[id] !== panel.etag) window.dash_clientside.set_props(id, { content: panel.children });
        etags[id] = panel.etag;
      }
      state(page).shown = brought.edition;
      page.setAttribute("data-edition", brought.edition);
      if (page === seen()) document.body.setAttribute("data-tick", brought.tick);
      confirmNewest(page, target, askedAt);
      setTimeout(showAge, 50); // the header was drawn anew, without its age
    } catch (error) {
      console.warn("cockpit: panels could not be fetched,", error.message);
      return; // tried again within a second
    } finally {
      isFetching = false;
    }
    if (wanted !== target || due() !== page) bring(); // something newer was heard of meanwhile, or another screen waits
  }

  /* ── screens that take turns ── */

  let turnedAt = now();
  const everyMs = () => 1000 * Number((document.getElementById("wall") || { dataset: {} }).dataset.every || 0);
  const nextIsDue = () => everyMs() > 0 && now() - turnedAt > everyMs() - AHEAD_MS;

  function following() {
    const all = screens();
    return all.length > 1 ? all[(all.indexOf(seen()) + 1) % all.length] : null;
  }

  function turn() { // a screen that cannot be brought up to date takes its turn all the same, and says how old it is
    const next = following(), waited = now() - turnedAt - everyMs();
    if (!next || waited < 0) return;
    const isReady = wanted && state(next).shown === wanted.edition;
    if (!isReady && isLive(next) && waited < TURN_WITHIN_MS) return;
    turnedAt = now();
    const last = seen();
    next.classList.remove("is-behind");
    last.classList.add("is-behind");
    showAge();
  }

  /* ── what moves: a number that changed rolls once, a place where something happened lights up once ── */

  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  const ROLL = { duration: 480, easing: "cubic-bezier(.2, .7, .2, 1)" };
  const PULSE = { duration: 1400, easing: "ease-out" };

  function roll(element) {
    element.animate([{ transform: "translateY(-45%)", opacity: 0 }, { transform: "none", opacity: 1 }], ROLL);
  }

  function pulse(element) {
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--orange").trim();
    element.animate([{ boxShadow: `inset 0 0 0 3px ${colour}, inset 0 0 60px ${colour}` }, { boxShadow: "inset 0 0 0 3px transparent, inset 0 0 60px transparent" }], PULSE);
  }

  function move(changes) {
    if (isStill.matches) return;
    for (const { type, target, oldValue } of changes) {
      if (type === "characterData" && oldValue !== target.data && target.parentElement && target.parentElement.matches(".card-value, .rolls")) roll(target.parentElement);
      if (type === "attributes" && oldValue !== null && oldValue !== target.getAttribute("data-event")) pulse(target);
    }
  }

  new MutationObserver(move).observe(document.documentElement, { subtree: true, characterData: true, characterDataOldValue: true, attributes: true, attributeOldValue: true, attributeFilter: ["data-event"] });

  /* ── one stream a browser: the leader listens, and tells the other tabs ── */

  const channel = "BroadcastChannel" in window ? new BroadcastChannel("cockpit-live") : null;
  if (channel) channel.onmessage = (event) => { if (!isLeading) hear(event.data); };

  function pass(message) {
    hear(message);
    if (channel) channel.postMessage(message);
  }

  function lead() {
    isLeading = true;
    listen();
    return new Promise(() => {}); // for as long as this tab lives; then the next one leads
  }

  function listen() {
    openedAt = now();
    stream = new EventSource("/live");
    stream.onmessage = (event) => pass(JSON.parse(event.data));
    stream.onerror = retry;
  }

  function retry() {
    if (stream) stream.close();
    stream = null;
    failures += 1;
    setTimeout(failures > FAILURES_BEFORE_POLLING ? poll : listen, jitter(RETRY_MS));
  }

  async function poll() {
    try {
      pollingSince = pollingSince === null ? now() : pollingSince;
      pass(await ask(`/live?after=${wanted ? wanted.tick : 0}`));
      const isLong = now() - pollingSince > POLL_FOR_MS; // perhaps the stream was only slow once: try it again now and then
      setTimeout(isLong ? recover : poll, jitter(RETRY_MS));
    } catch {
      failures += 1;
      setTimeout(failures > 2 * FAILURES_BEFORE_POLLING ? recover : poll, jitter(RETRY_MS));
    }
  }

  function recover() { // the server was down, or the stream slow, rather than held back: try the stream first
    failures = 0;
    pollingSince = null;
    listen();
  }

  /* ── once a second ── */

  function look() {
    showAge();
    turn();
    bring();
    const silence = now() - heardAt;
    const patience = heardAt > openedAt ? SILENT_AFTER_MS : FIRST_RING_MS; // a stream rings as soon as it opens
    if (isLeading && stream && now() - Math.max(heardAt, openedAt) > patience) { // it stays silent: held back on the way
      failures = FAILURES_BEFORE_POLLING;
      retry();
    }
    const isBlank = !seen() && !document.querySelector(".office, .no-moment");
    if (isBlank && now() - startedAt > BLANK_AFTER_MS && silence < SILENT_AFTER_MS && wanted) location.reload();
  }

  function scale() { // for Chromium before 111, which cannot divide lengths in CSS
    const ratio = innerWidth / innerHeight, width = ratio >= 3 ? 3840 : ratio >= 21 / 9 ? 2560 : 1920;
    const bar = document.querySelector(".replay:not([hidden])");
    document.documentElement.style.setProperty("--s", Math.min(innerWidth / width, (innerHeight - (bar ? bar.offsetHeight : 0)) / 1080));
  }

  if (!CSS.supports("width: calc(1px * tan(45deg))")) { scale(); addEventListener("resize", scale); }
  setInterval(look, 1000);
  // Locks exist on this machine and over HTTPS only; elsewhere every tab has a stream of its own.
  if (channel && navigator.locks) navigator.locks.request("cockpit-live", lead);
  else lead();
})();
